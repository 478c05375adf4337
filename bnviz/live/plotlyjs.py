"""plotly.js as the plotly package brings it, in a function, served from here: no other host, and it works offline."""

from __future__ import annotations

import functools
import gzip
import importlib.util
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

PLOTLY_URL = f"/bnviz/plotly-{version('plotly')}.js"
"""Holds the version, so that a browser keeps it for good."""

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}

PIECE = 2**16

_BEGINS, _ENDS = b"//# allFunctionsCalledOnLoad\nwindow.bnvizPlotly = () => {\n", b"\n};\n"
"""The code waits in a function until the board calls it: running it holds a page up for half a second.
The first line tells V8 to compile the whole file beside the page, not bit by bit within it: a third of a second."""


@functools.cache
def _squeezed() -> bytes:
    return gzip.compress(_plain(), compresslevel=6, mtime=0)


def _plain() -> bytes:
    spec = importlib.util.find_spec("plotly")
    assert spec is not None and spec.submodule_search_locations
    code = Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    return _BEGINS + code.read_bytes() + _ENDS


def prepare() -> None:
    """Compress once, ahead of the first visitor."""
    _squeezed()


async def _plotly(request: Request) -> Response:
    squeezed = "gzip" in request.headers.get("accept-encoding", "")
    body = await run_in_threadpool(_squeezed if squeezed else _plain)
    headers = {**_HEADERS, "Content-Length": str(len(body))} | ({"Content-Encoding": "gzip"} if squeezed else {})
    return StreamingResponse(_pieces(body), media_type="text/javascript", headers=headers)


async def _pieces(body: bytes) -> AsyncIterator[memoryview]:
    """A reader who takes nothing is owed one piece, not a copy of the whole."""
    for begin in range(0, len(body), PIECE):
        yield memoryview(body)[begin : begin + PIECE]


def plotly_route(prefix: str = "") -> Route:
    """The route of ``PLOTLY_URL``, behind a server's ``prefix``."""
    return Route(prefix + PLOTLY_URL, _plotly, methods=["GET"])
