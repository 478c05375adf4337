"""Ask for the board's files with the page itself: a browser fetches them while Streamlit's own are still loading."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bnviz.live.assets import FOLDER, board_url
from bnviz.live.plotlyjs import PLOTLY_URL


def early_links() -> str:
    """The value of a ``Link`` header: plotly.js, and every module of the board."""
    modules = [f"<{board_url()}/{path.name}>; rel=modulepreload" for path in sorted(FOLDER.glob("*.js"))]
    return ", ".join([f"<{PLOTLY_URL}>; rel=preload; as=script", *modules])


class EarlyLinks:
    """ASGI middleware that adds ``early_links`` to every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._link = early_links().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                    message = {**message, "headers": [*headers, (b"link", self._link)]}
            await send(message)

        await self._app(scope, receive, add if scope["type"] == "http" else send)
