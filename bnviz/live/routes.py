"""The routes that the web server adds: the board's socket, its files, plotly.js, and the metrics.

Streamlit checks nothing on routes that are not its own, so the origin, the
token, and the size, form and rate of messages are checked here. Nothing that
is sent ever holds a path or a traceback.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import threading
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bnviz.live.assets import board_route
from bnviz.live.bell import Bell
from bnviz.live.limits import SocketLimits, is_origin, other_origins
from bnviz.live.metrics_route import metrics_route
from bnviz.live.plotlyjs import plotly_route, prepare
from bnviz.live.seat import Seat
from bnviz.live.seats import Seats, shared_seats
from bnviz.live.stopping import stop_promptly
from bnviz.live.viewer import Viewer
from bnviz.live.wire import BROKEN, LOST, MALFORMED, STALLED, TOO_MANY, Ack, BadCommand, Press, parse
from bnviz.service import metrics, run_log

_log = logging.getLogger(__name__)

LIVE_URL = "/bnviz/live/{token}"
MOST_PER_SECOND, BURST = 40.0, 80.0
"""Commands and acknowledgements a page may send: on average, and at once."""
STARTING, STARTING_COSTS = ("reset", "again"), 8.0
"""What starts a process counts for so many."""


def routes(seats: Seats | None = None, prefix: str = "", limits: SocketLimits | None = None) -> list[BaseRoute]:
    """The routes for ``st.App(routes=...)``. Without ``seats``, the ones that ``take_seat`` makes."""
    allowed, patience = other_origins(), (limits or SocketLimits.from_environment()).stalled_seconds

    async def live(socket: WebSocket) -> None:
        if not same_origin(socket.headers, allowed):
            metrics.REFUSED.labels("origin").inc()
            await socket.close()
            return
        await socket.accept()
        seat = (seats or shared_seats()).find(socket.path_params["token"])
        if seat is None:
            metrics.REFUSED.labels("token").inc()
            await socket.close(LOST)
            return
        query = socket.query_params
        await Line(socket, seat, _number(query.get("run")), _number(query.get("since")), patience).hold()

    return [WebSocketRoute(prefix + LIVE_URL, live), plotly_route(prefix), board_route(prefix), metrics_route(prefix)]


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """For ``st.App(lifespan=...)``: warm up while the server starts, end every process when it stops.

    uvicorn's own words on every socket hold its token and its client's address, so they are not logged.
    """
    run_log.configure(run_log.form_from_environment())
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    stop_promptly()
    service = shared_seats().service
    service.warm()
    threading.Thread(target=prepare, name="bnviz-plotly", daemon=True).start()
    try:
        yield
    finally:
        await asyncio.to_thread(service.close)


def same_origin(headers: Mapping[str, str], allowed: Collection[str] = ()) -> bool:
    """Whether a page of this very host asks, or of one of the ``allowed`` origins."""
    origin = headers.get("origin", "").rstrip("/").lower()
    if not is_origin(origin):
        return False
    return origin in allowed or urlsplit(origin).netloc == headers.get("host", "").lower()


@functools.lru_cache(maxsize=2)
def _bell_of(loop: asyncio.AbstractEventLoop) -> Bell:
    return Bell(loop)


class Line:
    """One open socket: a task that sends what the viewer has news of, and a loop that reads commands.

    A page that draws nothing of a frame for ``patience`` seconds is hung up on.
    """

    def __init__(self, socket: WebSocket, seat: Seat, run: int, since: int, patience: float) -> None:
        self._socket, self._seat = socket, seat
        self._viewer = Viewer(seat, run, since)
        self._loop = asyncio.get_running_loop()
        self._news, self._bell = asyncio.Event(), _bell_of(self._loop)
        self._close_code: int | None = None
        self._allowance, self._counted = BURST, self._loop.time()
        self._patience, self._sent = patience, self._counted

    def wake(self) -> None:
        """There may be news. Called from any thread."""
        self._bell.ring(self._news)

    def close(self, code: int) -> None:
        """Hang up. Called from any thread."""
        self._close_code = code
        self.wake()

    async def hold(self) -> None:
        """Serve the socket until either side hangs up."""
        self._seat.attach(self)
        self._alarm = self._loop.call_later(self._patience, self._look_after)
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._seat.detach(self)
            self._alarm.cancel()
            for task in tasks:
                task.cancel()
            for ending in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ending, Exception) and self._open:
                    _log.error("a line to the board broke", exc_info=ending)
                    self._close_code = self._close_code or BROKEN
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(self._close_code or 1000)

    @property
    def _open(self) -> bool:
        ours, theirs = self._socket.application_state, self._socket.client_state
        return ours == theirs == WebSocketState.CONNECTED

    async def _send(self) -> None:
        while self._close_code is None:
            self._news.clear()
            for message in self._viewer.news(self._loop.time()):
                if isinstance(message, bytes):
                    self._count(message)
                    await self._socket.send_bytes(message)
                else:
                    await self._socket.send_text(message)
            await self._wait()

    def _count(self, message: bytes) -> None:
        self._sent = self._loop.time()
        metrics.FRAMES.inc()
        metrics.FRAME_BYTES.inc(len(message))

    def _look_after(self) -> None:
        """Hang up on a page that has not drawn its frame in time, and look again when it might be time."""
        left = self._sent + self._patience - self._loop.time() if self._viewer.drawing else self._patience
        if left <= 0:
            metrics.REFUSED.labels("stalled").inc()
            self.close(STALLED)
        else:
            self._alarm = self._loop.call_later(left, self._look_after)

    async def _wait(self) -> None:
        """Until there is news, or a recording goes on."""
        left = self._viewer.patience(self._loop.time())
        if left is None:
            await self._news.wait()
            return
        # wait_for would lose a cancellation that comes together with news, and the task would outlive its socket.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await self._news.wait()

    async def _receive(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                command = parse(message.get("text") or "")
            except BadCommand:
                metrics.REFUSED.labels("malformed").inc()
                self._close_code = MALFORMED
                return
            if not self._within_rate(STARTING_COSTS if isinstance(command, Press) and command.do in STARTING else 1.0):
                metrics.REFUSED.labels("rate").inc()
                self._close_code = TOO_MANY
                return
            if isinstance(command, Ack):
                if self._viewer.ack(command):
                    metrics.DRAWN.observe(self._loop.time() - self._sent)
                self._news.set()
            else:
                self._seat.obey(command)

    def _within_rate(self, cost: float) -> bool:
        now = self._loop.time()
        self._allowance = min(BURST, self._allowance + (now - self._counted) * MOST_PER_SECOND) - cost
        self._counted = now
        return self._allowance >= 0


def _number(text: str | None) -> int:
    return int(text) if text and len(text) < 16 and text.isascii() and text.isdecimal() else -1
