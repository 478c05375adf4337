"""Who is let in at all: connections that bring no request are few, and who floods again and again stays outside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Container
from typing import Protocol

from bnviz.live.limits.clients import name_of
from bnviz.live.limits.crowd import Crowd
from bnviz.live.limits.token_bucket import TokenBucket
from bnviz.settings import Settings

MOST_FLOODS, FORGIVEN_A_SECOND, BARRED_SECONDS = 20.0, 0.1, 60.0
"""So many floods at once, and from then on so many a second, may come from one address that is let in."""

MOST_KNOWN = 10_000
"""Addresses that flooded; beyond, all are forgiven."""


class Waiting(Protocol):
    """A connection that may wait for its request."""

    @property
    def client(self) -> str: ...
    def drop(self, reason: str) -> None: ...


class Gate:
    """All connections of one server. ``trusted`` are proxies, through which many clients come; ``clock`` counts
    seconds."""

    def __init__(
        self, settings: Settings, trusted: Container[str] = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.clock, self._trusted = clock, trusted
        self._waiting: Crowd[Waiting] = Crowd(settings.sockets, settings.sockets_per_client)
        self._floods: dict[str, TokenBucket] = {}
        self._barred: dict[str, float] = {}

    def client_of(self, transport: asyncio.BaseTransport) -> str:
        """The name of who is at the other end; none for a proxy, which is many."""
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else ""
        return "" if address in self._trusted else name_of(address)

    def enter(self, connection: Waiting) -> None:
        """One more waits for its request; where there are too many, the one goes that has waited longest."""
        if self._barred.get(connection.client, 0.0) > self.clock():
            connection.drop("flood")
        elif too_much := self._waiting.add(connection, connection.client):
            too_much.drop("crowd")

    def leave(self, connection: Waiting) -> None:
        """It is closed, or became a socket, which is counted elsewhere."""
        self._waiting.remove(connection)

    def count_flood(self, client: str) -> None:
        """This client flooded; who does it again and again is not let in for a while."""
        now = self.clock()
        for known in (self._floods, self._barred):
            if len(known) > MOST_KNOWN:
                known.clear()
        floods = self._floods.setdefault(client, TokenBucket(MOST_FLOODS, FORGIVEN_A_SECOND, now))
        if client and not floods.take(1.0, now):
            self._barred[client] = now + BARRED_SECONDS
