"""The board's own files: its ES modules and its stylesheet, under an address that changes when they do."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bnviz.charts import css_variables

FOLDER = Path(__file__).with_name("board")
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_KINDS = {".js": "text/javascript", ".css": "text/css"}


@functools.cache
def _files() -> dict[str, bytes]:
    """File name to content; the stylesheet begins with the colours of the charts."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.js"))}
    return {**files, "board.css": css_variables().encode() + (FOLDER / "board.css").read_bytes()}


@functools.cache
def board_url() -> str:
    """The folder in which a browser finds ``board.js``; a hash of everything in it is part of the name."""
    content = b"".join(name.encode() + data for name, data in _files().items())
    return f"/bnviz/board/{hashlib.sha256(content).hexdigest()[:16]}"


def stylesheet() -> str:
    """The board's stylesheet with the charts' colours."""
    return _files()["board.css"].decode()


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    content = _files().get(name)
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type=_KINDS[Path(name).suffix], headers=_HEADERS)


def board_route(prefix: str = "") -> Route:
    """The route of the board's files, behind a server's ``prefix``."""
    return Route(f"{prefix}{board_url()}/{{name}}", _asset, methods=["GET"])
