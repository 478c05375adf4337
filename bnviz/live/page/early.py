"""Streamlit's page, amended on its way out: all that ours needs is fetched and compiled while Streamlit starts."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bnviz.live.page.assets import PLOTLY_URL, modules_url, squeeze
from bnviz.live.page.chunks import chunks
from bnviz.live.page.head import SERVER_IS_HERE, About, described, name_in
from bnviz.live.page.oembed import discovery
from bnviz.live.page.previews import preview_address

HEAD_ENDS, BODY_ENDS = b"</head>", b"</body>"


def early_tags() -> bytes:
    """The tags for the head of a page: where the server is, plotly.js, the board's modules, Streamlit's chunks."""
    ahead = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in chunks())
    return (
        f'<script>{SERVER_IS_HERE}</script><script async src="{PLOTLY_URL}"></script>'
        f'<script type="module" src="{modules_url()}"></script>{"".join(ahead)}'
    ).encode()


class EarlyTags:
    """ASGI middleware that adds ``early_tags`` to every whole HTML page, and what the page is about.

    ``pages`` has the last part of a page's path, "" for home. ``styles`` hold from the first thing that is
    drawn; they stand at the end of the page, behind those that Streamlit adds to its head.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, About] | None = None, styles: str = "") -> None:
        self._app, self._pages = app, pages or {}
        self._styles = f"<style>{styles}</style>".encode() if styles else b""
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
                    headers = MutableHeaders(scope=start)
                    squeezed = "content-encoding" in headers
                    body = self._amended(gzip.decompress(page) if squeezed else page, scope)
                    body = squeeze(body) if squeezed else body
                    headers["content-length"] = str(len(body))
                    await send(start)
                    await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, amend if scope["type"] == "http" and scope["method"] == "GET" else send)

    def _amended(self, page: bytes, scope: Scope) -> bytes:
        page = page.replace(HEAD_ENDS, self._tags + HEAD_ENDS, 1).replace(BODY_ENDS, self._styles + BODY_ENDS, 1)
        words = self._pages.get(name_in(self._pages, scope["path"]))
        return described(page, words, preview_address(self._pages, scope), discovery(scope)) if words else page


def _is_page(message: Message) -> bool:
    headers = MutableHeaders(scope=message)
    html = headers.get("content-type", "").startswith("text/html")
    return message["status"] == 200 and html and headers.get("content-encoding", "gzip") == "gzip"
