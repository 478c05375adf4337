"""Who gets in, before anything of Streamlit's or ours.

Sockets are counted, in all and by client. Methods that nothing here answers
are refused, uploads among them; so is who asks for metrics without the token.
Whoever reads nothing of what is sent is hung up on, and so is a page that says
nothing after opening Streamlit's socket.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from bnviz.live.limits.clients import name_of
from bnviz.live.limits.silence import Silence, StallGuard, hang_up
from bnviz.live.limits.token_bucket import TokenBucket
from bnviz.live.limits.weighed import stand_below
from bnviz.service import metrics
from bnviz.settings import Settings

METHODS = ("GET", "HEAD", "OPTIONS")
PRIVATE = ("/bnviz/metrics", "/_stcore/metrics")

STREAM, FIRST_WORD_SECONDS = "/_stcore/stream", 20.0
"""Streamlit's own socket, and when a page must have asked for its script on it: it does so at once."""

GOODBYE_SECONDS = 15.0
"""After a socket's end its reader has so long to take the last words."""

REFUSALS = {
    "full": (503, "This server holds as many pages as it can. Try again in a minute."),
    "client": (429, "Too many pages are open from this address. Close some, or try again in a minute."),
    "hurry": (429, "Pages were opened too fast from this address. Try again in a minute."),
}


MOST_KNOWN = 10_000
"""So many clients are remembered after they left; beyond, those without a socket are forgotten."""

SHARE_A_SECOND = 0.05
"""A client may open as many sockets at once as it may hold, and from then on this share of them a second: a class that
comes back after a restart is let in at once, a client that opens and closes in a loop is not."""
LEAST_A_SECOND = 5.0
"""However few it may hold: that is a matter of the machine, and how fast readers follow one another is none."""


class Limiter:
    """ASGI middleware around everything. ``clock`` counts seconds."""

    def __init__(
        self, app: ASGIApp, settings: Settings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._app, self._clock = app, clock
        settings = settings or Settings()
        self._settings = settings
        self._token, self._stalled_seconds = settings.metrics_token, float(settings.stalled_seconds)
        self._sockets = Sockets(settings.sockets, settings.sockets_per_client)
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            with StallGuard(receive, send, self._stalled_seconds) as guard:
                await (self._refusal(scope) or self._app)(scope, receive, guard.send)
        elif scope["type"] == "websocket":
            with StallGuard(receive, send, self._stalled_seconds) as guard:
                await self._admit(scope, receive, guard.send)
        else:
            stand_below(receive, self._settings)
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["method"] not in METHODS:
            return PlainTextResponse("Nothing can be sent here.", 405, {"Allow": ", ".join(METHODS)})
        headers = Headers(scope=scope)
        if scope["path"].endswith(PRIVATE) and not may_read_metrics(headers, self._token):
            return PlainTextResponse("Not Found", 404)
        if self._full and "text/html" in headers.get("accept", ""):
            return _words("full")
        return None

    @property
    def _full(self) -> bool:
        """Whether no other page fits: each has a socket of Streamlit's, and one of ours."""
        return self._sockets.full or self._streams >= self._settings.sockets // 2

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = name_of(scope["client"][0] if scope.get("client") else "")
        is_stream = scope["path"].endswith(STREAM)
        reason = "full" if is_stream and self._full else self._sockets.enter(client, self._clock())
        if reason:
            metrics.REFUSED.labels(reason).inc()
            await WebSocket(scope, receive, send).send_denial_response(_words(reason))
            return
        metrics.SOCKETS.inc()
        self._streams += is_stream
        silence = Silence(receive, FIRST_WORD_SECONDS if is_stream else None)
        try:
            await self._app(scope, silence.receive, send)
        finally:
            silence.end()
            metrics.SOCKETS.dec()
            self._sockets.leave(client)
            self._streams -= is_stream
            asyncio.get_running_loop().call_later(min(GOODBYE_SECONDS, self._stalled_seconds), hang_up, receive)


@dataclass
class Client:
    """One address: how many sockets it holds, and how fast it may open more."""

    allowance: TokenBucket
    held: int = 0


class Sockets:
    """Every open socket, at most so many ``in_all`` and ``per_client``. No clock: the caller brings the time."""

    def __init__(self, in_all: int, per_client: int) -> None:
        self._in_all, self._per_client = in_all, per_client
        self._clients: dict[str, Client] = {}
        self.held = 0

    @property
    def full(self) -> bool:
        """Whether nobody else is let in."""
        return self.held >= self._in_all

    def enter(self, name: str, now: float) -> str:
        """Let one socket of this client in; or say why not: full, client or hurry. ``now`` is in seconds."""
        most = self._per_client
        pace = max(LEAST_A_SECOND, most * SHARE_A_SECOND)
        client = self._clients.setdefault(name, Client(TokenBucket(most, pace, now)))
        if len(self._clients) > MOST_KNOWN:
            self._clients = {one: known for one, known in self._clients.items() if known.held or one == name}
        if self.full:
            return "full"
        if client.held >= most:
            return "client"
        if not client.allowance.take(1.0, now):
            return "hurry"
        client.held += 1
        self.held += 1
        return ""

    def leave(self, name: str) -> None:
        """One socket of this client is closed."""
        self._clients[name].held -= 1
        self.held -= 1


def may_read_metrics(headers: Headers, token: str) -> bool:
    """Whether a request brings the token, compared in constant time. Without a token nobody does."""
    brought = headers.get("authorization", "").encode()
    return token != "" and hmac.compare_digest(brought, f"Bearer {token}".encode())


def _words(reason: str) -> Response:
    status, sentence = REFUSALS[reason]
    return PlainTextResponse(sentence, status, {"Retry-After": "60"})
