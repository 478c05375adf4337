"""What a browser fetches from here beside Streamlit's own: the board's modules and styles, and plotly.js.

No other host, so it works offline; every address changes when its content
does, so a browser keeps it for good. Streamlit's page is amended on its way
out, so that all of it is fetched and compiled while Streamlit starts.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
from collections.abc import AsyncIterator, Mapping
from importlib.metadata import version
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bnviz.charts import css_variables
from bnviz.live.head import About, about, described

FOLDER = Path(__file__).with_name("board")
PLOTLY_URL = f"/bnviz/plotly-{version('plotly')}.js"
PIECE = 2**16
HEAD_ENDS = b"</head>"

_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_KINDS = {".js": "text/javascript", ".css": "text/css"}
_BEGINS, _ENDS = b"//# allFunctionsCalledOnLoad\nwindow.bnvizPlotly = () => {\n", b"\n};\n"
"""The code of plotly.js waits in a function until the board calls it: running it holds a page up for half a second.
The first line tells V8 to compile the whole file beside the page, not bit by bit within it: a third of a second."""


@functools.cache
def _files() -> dict[str, bytes]:
    """File name to content; the stylesheets begin with the colours of the charts."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.js"))}
    return files | {path.name: css_variables().encode() + path.read_bytes() for path in sorted(FOLDER.glob("*.css"))}


@functools.cache
def board_url() -> str:
    """The folder in which a browser finds ``board.js``; a hash of everything in it is part of the name."""
    content = b"".join(name.encode() + data for name, data in _files().items())
    return f"/bnviz/board/{hashlib.sha256(content).hexdigest()[:16]}"


@functools.cache
def stylesheet(*names: str) -> str:
    """Some of the board's stylesheets as one, with the charts' colours."""
    return css_variables() + "".join((FOLDER / f"{name}.css").read_text() for name in names)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    content = _files().get(name)
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type=_KINDS[Path(name).suffix], headers=_HEADERS)


def _plain() -> bytes:
    spec = importlib.util.find_spec("plotly")
    assert spec is not None and spec.submodule_search_locations
    code = Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    return _BEGINS + code.read_bytes() + _ENDS


@functools.cache
def _squeezed() -> bytes:
    return gzip.compress(_plain(), compresslevel=6, mtime=0)


def prepare() -> None:
    """Compress plotly.js once, ahead of the first visitor."""
    _squeezed()


async def _plotly(request: Request) -> Response:
    squeezed = "gzip" in request.headers.get("accept-encoding", "")
    body = await run_in_threadpool(_squeezed if squeezed else _plain)
    headers = {**_HEADERS, "Vary": "Accept-Encoding", "Content-Length": str(len(body))}
    headers |= {"Content-Encoding": "gzip"} if squeezed else {}
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


def early_tags() -> bytes:
    """The tags for the head of a page: plotly.js as an asynchronous script, the board's modules as preloads."""
    modules = [f'<link rel="modulepreload" href="{board_url()}/{path.name}">' for path in sorted(FOLDER.glob("*.js"))]
    return "".join([f'<script async src="{PLOTLY_URL}"></script>', *modules]).encode()


class EarlyTags:
    """ASGI middleware that adds ``early_tags`` to every whole, uncompressed HTML page, and what the page is about.

    ``pages`` has the last part of a page's path, "" for home.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, About] | None = None) -> None:
        self._app, self._pages = app, pages or {}
        self._tags = early_tags()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None
        page = b""

        async def amend(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body"):
                    page = page.replace(HEAD_ENDS, self._tags + HEAD_ENDS, 1)
                    words = about(self._pages, scope["path"]) if self._pages else None
                    if words:
                        page = described(page, words)
                    MutableHeaders(scope=start)["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, amend if scope["type"] == "http" and scope["method"] == "GET" else send)


def _is_page(message: Message) -> bool:
    headers = MutableHeaders(scope=message)
    html = headers.get("content-type", "").startswith("text/html")
    return message["status"] == 200 and html and "content-encoding" not in headers
