"""The routes that the web server adds: the board's socket, its files, plotly.js, and the metrics.

Streamlit checks nothing on routes that are not its own, so the origin, the
token are checked here, and messages in ``line``. Nothing that is sent ever
holds a path or a traceback.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from bnviz.live.assets import board_route
from bnviz.live.limits import SocketLimits, is_origin, other_origins
from bnviz.live.line import Line
from bnviz.live.metrics_route import metrics_route
from bnviz.live.plotlyjs import plotly_route, prepare
from bnviz.live.seats import Seats, shared_seats
from bnviz.live.stopping import stop_promptly
from bnviz.live.tidying import tidy
from bnviz.live.wire import LOST
from bnviz.service import metrics, run_log

LIVE_URL = "/bnviz/live/{token}"


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
    tidying = asyncio.create_task(tidy())
    try:
        yield
    finally:
        tidying.cancel()
        await asyncio.to_thread(service.close)


def same_origin(headers: Mapping[str, str], allowed: Collection[str] = ()) -> bool:
    """Whether a page of this very host asks, or of one of the ``allowed`` origins."""
    origin = headers.get("origin", "").rstrip("/").lower()
    if not is_origin(origin):
        return False
    return origin in allowed or urlsplit(origin).netloc == headers.get("host", "").lower()


def _number(text: str | None) -> int:
    return int(text) if text and len(text) < 16 and text.isascii() and text.isdecimal() else -1
