"""What stands below every request and socket: a connection that brings too much, or nothing, is dropped unread.

uvicorn parses whatever comes, control frames and fragments too, on the thread that serves everybody. So what a
connection brings is weighed before uvicorn sees it.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any, cast

import uvicorn
from starlette.types import Receive

from bnviz import machine
from bnviz.live.limits.frames import FrameHeads
from bnviz.live.limits.gate import Gate
from bnviz.live.limits.silence import Alarm
from bnviz.live.limits.token_bucket import TokenBucket
from bnviz.service import metrics
from bnviz.settings import Settings

_log = logging.getLogger(__name__)

KIB = 1024
READ, MESSAGE, CONTROL, PIPELINED = 0.25, 2.0, 16.0, 8.0
"""What is weighed, in KiB: a read at least, a message beside its bytes, a control frame or a fragment; and how much
more the bytes weigh that come before the last request was answered, which no browser sends."""

SOCKET_BURST, REQUEST_BURST, PER_SECOND = 4096.0, 1024.0, 128.0
"""KiB at once, on a socket the largest message that Streamlit takes; and a second."""

REQUEST_SECONDS = 20.0
"""A connection may be without a request, a new one and one that was answered, for so long."""


class Weighed(asyncio.Protocol):
    """One connection of uvicorn's, which sees nothing of what is too much."""

    burst = REQUEST_BURST

    def __init__(self, inner: asyncio.Protocol, gate: Gate) -> None:
        self._inner, self._gate = inner, gate
        self._measure = TokenBucket(self.burst, PER_SECOND, gate.clock())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.client = self._gate.client_of(transport)
        _send_at_once(transport)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if not self._weigh(data):
            self._gate.count_flood(self.client)
            self.drop("flood")
            return
        try:
            self._inner.data_received(data)
        except Exception:
            _log.warning("uvicorn did not stand what a client sent", exc_info=True)
            self._transport.abort()

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def drop(self, reason: str) -> None:
        """Hang up without a word."""
        metrics.REFUSED.labels(reason).inc()
        self._transport.abort()

    def _weigh(self, data: bytes) -> bool:
        """Whether this may be brought, too."""
        return self._take(max(READ, len(data) / KIB))

    def _take(self, weight: float) -> bool:
        return self._measure.take(weight, self._gate.clock())


class WeighedRequests(Weighed):
    """A connection for requests: one after the other, and never long without one."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._alarm = Alarm(
            REQUEST_SECONDS, lambda: None if self._answering else self._since, lambda: self.drop("slow")
        )
        self._gate.enter(self)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._answering:
            self._since = self._loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self.leave()
        super().connection_lost(exc)

    def leave(self) -> None:
        """It is closed, or a socket from now on."""
        self._alarm.cancel()
        self._gate.leave(self)

    def _weigh(self, data: bytes) -> bool:
        return super()._weigh(data) and (not self._answering or self._take(PIPELINED * len(data) / KIB))

    @property
    def _answering(self) -> bool:
        """Whether a request came that is not answered yet. uvicorn has a cycle for each."""
        cycle = getattr(self._inner, "cycle", None)
        return cycle is not None and not cycle.response_complete


class WeighedSocket(Weighed):
    """A WebSocket: each frame is weighed, too, and those that are no whole message as what they cost."""

    burst = SOCKET_BURST

    def __init__(self, inner: asyncio.Protocol, gate: Gate) -> None:
        super().__init__(inner, gate)
        self._heads: FrameHeads | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        before = self._transport.get_protocol()
        if isinstance(before, WeighedRequests):
            before.leave()

    def _weigh(self, data: bytes) -> bool:
        if self._heads is None:
            self._heads = FrameHeads()  # before its frames comes the handshake, which uvicorn hands on at once
            return True
        frames = self._heads.read(data)
        return super()._weigh(data) and all(self._take(MESSAGE if whole else CONTROL) for whole in frames)


def stand_below(receive: Receive, settings: Settings) -> None:
    """Weigh every connection of the server whose lifespan begins with this ``receive``, from the first one on.

    ASGI has no word for it, so it is uvicorn's configuration, behind its ``receive``, that is changed. Nothing happens
    where another server runs the app.
    """
    config = getattr(getattr(receive, "__self__", None), "config", None)
    if isinstance(config, uvicorn.Config):
        gate = Gate(settings, getattr(config.loaded_app, "trusted_hosts", ()))
        config.backlog = min(config.backlog, machine.backlog(machine.files()))
        made: Any = config
        made.http_protocol_class = _weighing(config.http_protocol_class, WeighedRequests, gate)
        if config.ws_protocol_class:
            made.ws_protocol_class = _weighing(config.ws_protocol_class, WeighedSocket, gate)


def _weighing(make: Callable[..., asyncio.Protocol], kind: type[Weighed], gate: Gate) -> Callable[..., Weighed]:
    return lambda **given: kind(make(**given), gate)


def _send_at_once(transport: asyncio.BaseTransport) -> None:
    """The head of an answer is not followed by its body only when the client has said that it has the head.

    asyncio sees to that where a socket names its protocol, and Streamlit's, which is opened without, does not: an
    answer on a line that is kept took 40 ms more, as long as a client may think of saying so.
    """
    line = transport.get_extra_info("socket")
    if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
