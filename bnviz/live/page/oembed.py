"""oEmbed (https://oembed.com): whoever is given a link to a page of ours learns the frame that shows it.

A page names in its head where to ask; the answer is the same frame that the button Embed gives, as JSON.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlunsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from bnviz.live.page.framing import EMBED, is_embedded, split
from bnviz.live.page.head import About
from bnviz.live.page.previews import host_of, preview_address

URL = "/bnviz/oembed"
WIDTH, HEIGHT = 960, 720
LEAST = 320
"""Pixels: what a frame has unless its owner says less, and how narrow it may be."""
MOST_LETTERS = 8000


def frame_of(address: str, title: str, height: int = HEIGHT) -> str:
    """The frame that shows an address: as wide as its place, and so many pixels tall."""
    return (
        f'<iframe src="{html.escape(address)}" title="{html.escape(title)}" width="100%" height="{height}" '
        'style="border:0" loading="lazy" allow="fullscreen"></iframe>'
    )


def oembed_route(pages: Mapping[str, About], prefix: str = "") -> Route:
    """The route that answers for these pages, behind a server's ``prefix``."""

    async def answer(request: Request) -> Response:
        asked = request.query_params
        if asked.get("format", "json") != "json":
            return Response("only format=json is spoken here", 501, media_type="text/plain")
        address = split(asked.get("url", "")[:MOST_LETTERS])
        host, name = host_of(request.scope), address.path.rstrip("/").rpartition("/")[2]
        ours = host and address.scheme in ("http", "https") and address.netloc == host
        if not ours or name not in pages:
            return Response("no page of this site", 404, media_type="text/plain")
        asks = [] if is_embedded(address.query) else [f"{EMBED}=true"]
        shown = urlunsplit(address._replace(query="&".join([*asks, address.query]).rstrip("&"), fragment=""))
        width, height = (_least(asked.get(name), most) for name, most in (("maxwidth", WIDTH), ("maxheight", HEIGHT)))
        title = f"{pages[name].title} · bnviz"
        return JSONResponse({
            "version": "1.0", "type": "rich", "title": title, "width": width, "height": height,
            "provider_name": "bnviz", "provider_url": f"{address.scheme}://{host}/",
            "html": frame_of(shown, title, height),
            "thumbnail_url": preview_address(pages, {**request.scope, "path": address.path}),
            "thumbnail_width": 1200, "thumbnail_height": 630,
        })  # fmt: skip

    return Route(prefix + URL, answer, methods=["GET"])


def discovery(scope: Scope) -> str:
    """The tag in the head of a page that says where to ask for its frame; none where the host cannot be named."""
    host = host_of(scope)
    if not host:
        return ""
    origin, query = f"{scope['scheme']}://{host}", scope.get("query_string", b"").decode("latin-1")
    address = origin + quote(scope["path"]) + (f"?{query}" if query else "")
    where = html.escape(f"{origin}{URL}?{urlencode({'url': address})}")
    return f'<link rel="alternate" type="application/json+oembed" href="{where}" title="bnviz">'


def _least(text: str | None, most: int) -> int:
    """The pixels that an owner has room for, up to what a frame has by itself."""
    return max(LEAST, min(int(text), most)) if text and re.fullmatch(r"\d{1,5}", text) else most
