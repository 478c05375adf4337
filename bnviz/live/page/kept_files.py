"""Streamlit's files that a page begins with, from memory and squeezed: a class asks for all of them at once.

Streamlit reads each from disk in a thread, for everybody, and sends it as it lies there. Their names change with their
content, so a browser keeps them for good.
"""

from __future__ import annotations

import functools
import mimetypes

from starlette.types import ASGIApp, Receive, Scope, Send

from bnviz.live.page.assets import PIECE, squeeze, takes_gzip
from bnviz.live.page.chunks import PAGE, chunks, named

FOREVER = b"public, immutable, max-age=31536000"
LETTERS = (".js", ".css")
"""What is text and becomes smaller; fonts and pictures are squeezed already."""


def kept_files() -> list[str]:
    """Their paths beside Streamlit's page: what the page names, and what ours will need."""
    return [*named(), *(f"static/js/{name}" for name in chunks())]


def prepare_files() -> None:
    """Read and squeeze all of them, ahead of the first visitor."""
    for path in kept_files():
        _content(path, True)


@functools.cache
def _content(path: str, squeezed: bool) -> bytes:
    content = (PAGE.parent / path).read_bytes()
    return squeeze(content) if squeezed and path.endswith(LETTERS) else content


@functools.cache
def _headers(path: str, squeezed: bool) -> tuple[tuple[bytes, bytes], ...]:
    kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0] or "application/octet-stream"
    return (
        (b"content-type", kind.encode()), (b"content-length", str(len(_content(path, squeezed))).encode()),
        (b"cache-control", FOREVER), (b"vary", b"Accept-Encoding"),
        *([(b"content-encoding", b"gzip")] if squeezed and path.endswith(LETTERS) else []),
    )  # fmt: skip


class KeptFiles:
    """ASGI middleware that answers for ``kept_files`` below a server's ``root``, and leaves the rest to the app."""

    def __init__(self, app: ASGIApp, root: str = "/") -> None:
        self._app = app
        self._paths = {root + path: path for path in kept_files()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._paths.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if path is None:
            await self._app(scope, receive, send)
            return
        squeezed = takes_gzip(scope)
        await send({"type": "http.response.start", "status": 200, "headers": list(_headers(path, squeezed))})
        content = _content(path, squeezed)
        for begin in range(0, len(content), PIECE):  # who takes nothing is owed one piece, not the whole
            piece = content[begin : begin + PIECE]
            await send({"type": "http.response.body", "body": piece, "more_body": begin + PIECE < len(content)})
