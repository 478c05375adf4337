"""What a browser fetches from here beside Streamlit's own: the board's modules and styles, and plotly.js.

No other host, so it works offline; every address changes when its content
does, so a browser keeps it for good.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Scope

from bnviz.charts import css_variables
from bnviz.language.loading import script
from bnviz.live.page.joined import joined

FOLDER = Path(__file__).parents[1] / "board"
PLOTLY = FOLDER.with_name("plotly") / "plotly-cartesian.min.js"
"""plotly.js with axes, scatter plots, bars and heat maps, as its makers publish it: a third of the whole.
``make plotly`` fetches the version that plotly's Python package is of."""

PLOTLY_VERSION = "4.1.1"
PLOTLY_URL = f"/bnviz/plotly-{PLOTLY_VERSION}.js"
PIECE = 2**16
MODULES = "modules.js"
"""All modules of the board: the file's one export has each by its name."""

_PLAIN = {
    "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}  # fmt: skip
_SQUEEZED = {**_PLAIN, "Content-Encoding": "gzip"}
_KINDS = {".js": "text/javascript", ".css": "text/css"}
_BEGINS, _ENDS = b"//# allFunctionsCalledOnLoad\nwindow.bnvizPlotly = () => {\n", b"\n};\n"
"""The code of plotly.js waits in a function until the board calls it: running it holds a page up for half a second.
The first line tells V8 to compile the whole file beside the page, not bit by bit within it: a third of a second."""


@functools.cache
def _files() -> dict[str, bytes]:
    """File name to content: the modules as one, and the stylesheets, which begin with the colours of the charts."""
    modules = {path.name: script(path.read_text()) for path in sorted(FOLDER.glob("*.js"))}
    styles = {path.name: css_variables().encode() + path.read_bytes() for path in sorted(FOLDER.glob("*.css"))}
    return {MODULES: joined(modules).encode(), **styles}


@functools.cache
def _squeezed(name: str) -> bytes:
    return squeeze(_files()[name])


@functools.cache
def board_url() -> str:
    """The folder in which a browser finds the board's files; a hash of everything in it is part of the name."""
    content = b"".join(name.encode() + data for name, data in _files().items())
    return f"/bnviz/board/{hashlib.sha256(content).hexdigest()[:16]}"


def modules_url() -> str:
    """The address of all modules."""
    return f"{board_url()}/{MODULES}"


@functools.cache
def stylesheet(*names: str) -> str:
    """Some of the board's stylesheets as one, with the charts' colours."""
    return css_variables() + "".join((FOLDER / f"{name}.css").read_text() for name in names)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _files():
        return Response(status_code=404)
    squeezed = takes_gzip(request.scope)
    content = _squeezed(name) if squeezed else _files()[name]
    return Response(content, media_type=_KINDS[Path(name).suffix], headers=_SQUEEZED if squeezed else _PLAIN)


def takes_gzip(scope: Scope) -> bool:
    """Whether who asks can read what is squeezed."""
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def squeeze(content: bytes) -> bytes:
    """It as gzip has it, the same each time."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def _plain() -> bytes:
    return _BEGINS + PLOTLY.read_bytes() + _ENDS


@functools.cache
def squeezed_plotly() -> bytes:
    """plotly.js, waiting in its function, as gzip has it."""
    return squeeze(_plain())


def prepare() -> None:
    """Compress all of it once, ahead of the first visitor."""
    squeezed_plotly()
    for name in _files():
        _squeezed(name)


async def _plotly(request: Request) -> Response:
    squeezed = takes_gzip(request.scope)
    body = await run_in_threadpool(squeezed_plotly if squeezed else _plain)
    headers = {**(_SQUEEZED if squeezed else _PLAIN), "Content-Length": str(len(body))}
    return StreamingResponse(_pieces(body), media_type="text/javascript", headers=headers)


async def _pieces(body: bytes) -> AsyncIterator[memoryview]:
    """A reader who takes nothing is owed one piece, not a copy of the whole."""
    for begin in range(0, len(body), PIECE):
        yield memoryview(body)[begin : begin + PIECE]


def asset_routes(prefix: str = "") -> list[Route]:
    """The routes of these files, behind a server's ``prefix``."""
    return [
        Route(f"{prefix}{board_url()}/{{name}}", _asset, methods=["GET"]),
        Route(prefix + PLOTLY_URL, _plotly, methods=["GET"]),
    ]
