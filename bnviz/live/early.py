"""Ask for the board's files with the page itself: a browser fetches and compiles them while Streamlit starts.

Streamlit's page is made by Streamlit, so its HTML is amended on the way out:
plotly.js as an asynchronous script (compiled beside everything else; the board
runs it once its first charts are sketched) and the board's modules as preloads.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bnviz.live.assets import FOLDER, board_url
from bnviz.live.plotlyjs import PLOTLY_URL

HEAD_ENDS = b"</head>"


def early_tags() -> bytes:
    """The tags for the head of a page."""
    modules = [f'<link rel="modulepreload" href="{board_url()}/{path.name}">' for path in sorted(FOLDER.glob("*.js"))]
    return "".join([f'<script async src="{PLOTLY_URL}"></script>', *modules]).encode()


class EarlyTags:
    """ASGI middleware that adds ``early_tags`` to every whole, uncompressed HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
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
                    MutableHeaders(scope=start)["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, amend if scope["type"] == "http" and scope["method"] == "GET" else send)


def _is_page(message: Message) -> bool:
    headers = MutableHeaders(scope=message)
    html = headers.get("content-type", "").startswith("text/html")
    return message["status"] == 200 and html and "content-encoding" not in headers
