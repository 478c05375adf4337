"""What the web server does beside Streamlit: its routes, how it starts, keeps tidy, and stops.

Streamlit checks nothing on routes that are not its own, so the origin and the
token are checked here, and messages in ``connection``. Nothing that is sent
ever holds a path or a traceback.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bnviz import machine
from bnviz.live.connection import Connection
from bnviz.live.heap import give_back, share_arenas
from bnviz.live.limits.limiter import may_read_metrics
from bnviz.live.limits.quiet import count_client_noise
from bnviz.live.page.assets import asset_routes, prepare
from bnviz.live.page.kept_files import prepare_files
from bnviz.live.sessions import Sessions, shared_sessions
from bnviz.service import account, metrics
from bnviz.settings import Settings, is_origin, variable

LIVE_URL, METRICS_URL = "/bnviz/live/{token}", "/bnviz/metrics"

TIDY_SECONDS = 10.0
GOODBYE_SECONDS = 3
"""How long a client may take to finish what it reads, once the server was asked to stop."""


def check_settings() -> Settings:
    """End the process with one sentence if a setting is wrong: better than a server that starts and then refuses.

    What this machine cannot hold is lowered, in the environment, where everybody reads the settings.
    """
    try:
        wanted = Settings()
    except ValueError as error:
        raise SystemExit(f"bnviz does not start: {error}") from None
    fitting, sentences = machine.fit(wanted, machine.here())
    for sentence in sentences:
        print(f"bnviz: {sentence}", file=sys.stderr)
    for name, value in fitting:
        if value != getattr(wanted, name):
            os.environ[variable(name)] = str(value)
    return fitting


def routes(
    sessions: Sessions | None = None, prefix: str = "", settings: Settings | None = None
) -> list[BaseRoute]:
    """The routes for ``st.App(routes=...)``. Without ``sessions``, the ones that ``open_session`` makes."""
    settings = settings or Settings()

    async def live(socket: WebSocket) -> None:
        if not same_origin(socket.headers, settings.origins):
            metrics.REFUSED.labels("origin").inc()
            await socket.close()
            return
        await socket.accept()
        run, since = (_number(socket.query_params.get(name)) for name in ("run", "since"))
        connection = Connection(socket, settings.stalled_seconds)
        await connection.hold(sessions or shared_sessions(), socket.path_params["token"], run, since)

    async def count(request: Request) -> Response:
        if not may_read_metrics(request.headers, settings.metrics_token):
            return Response("Not Found", 404, media_type="text/plain")
        headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        return Response(metrics.exposition(), headers=headers)

    return [
        WebSocketRoute(prefix + LIVE_URL, live), Route(prefix + METRICS_URL, count, methods=["GET"]),
        *asset_routes(prefix),
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """For ``st.App(lifespan=...)``: warm up while the server starts, end every process when it stops.

    uvicorn's own words on every socket hold its token and its client's address, so they are not logged.
    """
    account.write_log(Settings().log)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    count_client_noise()
    share_arenas()
    stop_promptly()
    service = shared_sessions().service
    service.warm()
    threading.Thread(target=_squeeze_all, name="bnviz-squeeze", daemon=True).start()
    tidying = asyncio.create_task(tidy())
    try:
        yield
    finally:
        tidying.cancel()
        await asyncio.to_thread(service.close)


def _squeeze_all() -> None:
    prepare_files()
    prepare()


async def tidy() -> None:
    """Collect garbage and give its memory back until cancelled; what is there at the start stays unlooked at.

    Streamlit's own way, after every script run, costs more than the run and is off.
    """
    gc.collect()
    gc.freeze()
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        gc.collect()
        give_back()


def stop_promptly() -> None:
    """Complete what uvicorn does about signals; nothing where another server runs the app, or in a thread.

    Streamlit starts uvicorn without a limit to its patience, so that one client that does not read would keep it
    from ending for ever. And a closed terminal is a wish to stop, too, unless it is ignored already (``nohup``).
    """
    stop = signal.getsignal(signal.SIGTERM)
    server = getattr(stop, "__self__", None)
    if not isinstance(server, uvicorn.Server):
        return
    if server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = GOODBYE_SECONDS
    for name in ("SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)


def same_origin(headers: Mapping[str, str], allowed: Collection[str] = ()) -> bool:
    """Whether a page of this very host asks, or of one of the ``allowed`` origins."""
    origin = headers.get("origin", "").rstrip("/").lower()
    if not is_origin(origin):
        return False
    return origin in allowed or urlsplit(origin).netloc == headers.get("host", "").lower()


def _number(text: str | None) -> int:
    return int(text) if text and len(text) < 16 and text.isascii() and text.isdecimal() else -1
