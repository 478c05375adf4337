"""The door of the server, before anything of Streamlit's or ours: who gets in, and when a silent one is shown out.

Sockets are counted, in all and by client. Methods that nothing here answers
are refused, uploads among them; so is who asks for metrics without the token.
Whoever reads nothing of what is sent is hung up on.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Callable
from typing import Self

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from bnviz.live.crowd import Crowd, name_of
from bnviz.live.limits import SocketLimits, metrics_token
from bnviz.service import metrics

_log = logging.getLogger(__name__)

METHODS = ("GET", "HEAD", "OPTIONS")
PRIVATE = ("/bnviz/metrics", "/_stcore/metrics")

GOODBYE_SECONDS = 15.0
"""After a socket's end its reader has so long to take the last words."""

REFUSALS = {
    "full": (503, "This server holds as many pages as it can. Try again in a minute."),
    "client": (429, "Too many pages are open from this address. Close some, or try again in a minute."),
    "hurry": (429, "Pages were opened too fast from this address. Try again in a minute."),
}


class Door:
    """ASGI middleware around everything. ``clock`` counts seconds."""

    def __init__(
        self, app: ASGIApp, limits: SocketLimits | None = None, token: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._app, self._clock = app, clock
        limits = limits or SocketLimits.from_environment()
        self._token = metrics_token() if token is None else token
        self._crowd, self._stalled_seconds = Crowd(limits), float(limits.stalled_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            with Watched(receive, send, self._stalled_seconds) as watched:
                await (self._refusal(scope) or self._app)(scope, receive, watched.send)
        elif scope["type"] == "websocket":
            with Watched(receive, send, self._stalled_seconds) as watched:
                await self._admit(scope, receive, watched.send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["method"] not in METHODS:
            return PlainTextResponse("Nothing can be sent here.", 405, {"Allow": ", ".join(METHODS)})
        headers = Headers(scope=scope)
        if scope["path"].endswith(PRIVATE) and not may_read_metrics(headers, self._token):
            return PlainTextResponse("Not Found", 404)
        if self._crowd.full and "text/html" in headers.get("accept", ""):
            return _words("full")
        return None

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = name_of(scope["client"][0] if scope.get("client") else "")
        reason = self._crowd.enter(client, self._clock())
        if reason:
            metrics.REFUSED.labels(reason).inc()
            await WebSocket(scope, receive, send).send_denial_response(_words(reason))
            return
        metrics.SOCKETS.inc()
        try:
            await self._app(scope, receive, send)
        finally:
            metrics.SOCKETS.dec()
            self._crowd.leave(client)
            asyncio.get_running_loop().call_later(min(GOODBYE_SECONDS, self._stalled_seconds), hang_up, receive)


class Watched:
    """One connection for as long as it is answered: hung up on when a message is not taken for so many seconds.

    One timer looks now and then, because a timer for every message would cost more than the message.
    """

    def __init__(self, receive: Receive, send: Send, seconds: float) -> None:
        self._receive, self._send, self._seconds = receive, send, seconds
        self._loop = asyncio.get_running_loop()
        self._waits_since: float | None = None

    def __enter__(self) -> Self:
        self._timer = self._loop.call_later(self._seconds, self._look)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    async def send(self, message: Message) -> None:
        self._waits_since = self._loop.time()
        try:
            await self._send(message)
        finally:
            self._waits_since = None

    def _look(self) -> None:
        left = self._seconds - (self._loop.time() - self._waits_since if self._waits_since is not None else 0.0)
        if left <= 0:
            metrics.REFUSED.labels("stalled").inc()
            hang_up(self._receive)
        else:
            self._timer = self._loop.call_later(left, self._look)


def may_read_metrics(headers: Headers, token: str) -> bool:
    """Whether a request brings the token, compared in constant time. Without a token nobody does."""
    brought = headers.get("authorization", "").encode()
    return token != "" and hmac.compare_digest(brought, f"Bearer {token}".encode())


def hang_up(receive: Receive) -> None:
    """Drop a connection with all that it was sent and did not take.

    Closing it the polite way waits for the reader to take the rest, which is what this one does not do. ASGI has no
    word for it, so it is uvicorn's connection, behind its ``receive``, that is dropped.
    """
    connection = getattr(receive, "__self__", None)
    abort = getattr(getattr(connection, "transport", None), "abort", None)
    if abort:
        abort()
    else:
        _log.warning("a stalled connection could not be dropped: this server does not show it")


def _words(reason: str) -> Response:
    status, sentence = REFUSALS[reason]
    return PlainTextResponse(sentence, status, {"Retry-After": "60"})
