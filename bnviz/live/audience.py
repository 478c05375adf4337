"""Who looks at one thing on the socket: its token, the pages that look on, and what happens when the last is gone.

What is looked at, and what each page is sent of it, is the business of
``Session`` (training on a board) and ``Display`` (a map, a sweep or a study).
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from bnviz.live.feed import Feed
from bnviz.live.protocol import REPLACED, Draw, Open, Press, Speed
from bnviz.live.stream import Stream
from bnviz.service import Later, Owner, Service, TrainingJob, owned

MOST_CONNECTIONS = 3
OPENING_SECONDS = 20.0
"""A page that shows something has at least so long to open its socket."""
EMPTIED_AFTER_SECONDS = 600.0
"""What nobody looked at for so long, after its work was ended, lets go of everything it showed."""


class Registry(Protocol):
    """Where audiences are found by their tokens, and what they share: the service, its owner, the rows of runs."""

    @property
    def service(self) -> Service: ...
    @property
    def owner(self) -> Owner: ...
    def feed_of(self, job: TrainingJob, so_far: Feed) -> Feed: ...
    def paint(self, act: Callable[[], object], /) -> None: ...
    def keep(self, audience: Audience) -> None: ...
    def forget(self, audience: Audience) -> None: ...


class Listener(Protocol):
    """A page's end: woken when there is news, closed when it has to give way. Called by the owner."""

    def wake(self) -> None: ...
    def close(self, code: int) -> None: ...


class Audience(ABC):
    """The pages of one browser session that look at one thing; ``token`` is what they are let in by."""

    def __init__(self, registry: Registry, user: str = "") -> None:
        self.token = secrets.token_urlsafe(32)
        self.user = user or self.token
        self.owner = registry.owner
        self.connections: tuple[Listener, ...] = ()
        self.expected = False
        """Whether a page that was told the token is about to open its socket."""
        self._registry = registry
        self._waiting: Later | None = None

    @abstractmethod
    def stream(self, run: int, since: int) -> Stream:
        """What one page is sent. ``run`` and ``since`` say what it shows already, if it was here before."""

    @abstractmethod
    def obey(self, command: Press | Speed | Open | Draw) -> None:
        """Do what a reader pressed."""

    @abstractmethod
    def _looked_at(self, first: bool) -> None:
        """A page looks on, the ``first`` one or another."""

    @abstractmethod
    def _unseen(self) -> None:
        """The last page is gone; it may come back."""

    @abstractmethod
    def _abandoned(self) -> None:
        """Nobody came back in time: end the work, keep what is shown."""

    @abstractmethod
    def _emptied(self) -> None:
        """Let go of everything."""

    @owned
    def attach(self, connection: Listener) -> None:
        """A page looks on; of many pages the oldest gives way."""
        self._wait(None)
        for crowded in self.connections[: len(self.connections) + 1 - MOST_CONNECTIONS]:
            self.connections = tuple(other for other in self.connections if other is not crowded)
            crowded.close(REPLACED)
        first, self.connections = not self.connections, (*self.connections, connection)
        self._looked_at(first)
        connection.wake()

    @owned
    def detach(self, connection: Listener) -> None:
        """A page is gone. When it was the last, the work ends after the grace period."""
        if connection in self.connections:
            self.connections = tuple(other for other in self.connections if other is not connection)
            if not self.connections:
                self._unseen()
                if self.expected:
                    self._wait_for_a_page()
                else:
                    self._wait(self._grace_seconds, self._abandon)

    @owned
    def expect(self, moves: bool = False) -> None:
        """A page is about to look: it is given time to open its socket, even if it looks on already but ``moves``
        what it shows to another place, where it comes back to after it was gone."""
        self._registry.keep(self)
        if not self.connections:
            self._wait_for_a_page()
        elif moves:
            self.expected = True

    def _wait_for_a_page(self) -> None:
        self._wait(max(OPENING_SECONDS, self._grace_seconds), self._abandon)
        self.expected = True

    @owned
    def empty(self) -> None:
        """End the work and let go of everything; it is known again when it is next used."""
        self._wait(None)
        self._registry.forget(self)
        self._emptied()

    @property
    def _grace_seconds(self) -> float:
        return self._registry.service.settings.grace_seconds

    def _wait(self, seconds: float | None, then: Callable[[], None] | None = None) -> None:
        """For one thing at a time, and for none without a time."""
        self.expected = False
        if self._waiting:
            self._waiting.cancel()
        self._waiting = None if seconds is None or then is None else self.owner.later(seconds, then)

    def _abandon(self) -> None:
        self._abandoned()
        self._wait(EMPTIED_AFTER_SECONDS, self.empty)

    def _notify(self) -> None:
        for connection in self.connections:
            connection.wake()
