"""What a browser may do with the pages of this server: run and fetch only what comes from here, and who frames them.

Set by the app itself, so that it holds everywhere, whatever stands in front. Knows no page; of what
stands in one it only reads the inline scripts.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bnviz.live.page.chunks import PAGE
from bnviz.live.page.framing import ANYBODY, Framing
from bnviz.live.page.head import SERVER_IS_HERE
from bnviz.settings import NONE, SELF, Settings

PERMISSIONS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""What no page of ours needs, and therefore none gets."""


def content_security_policy(ancestors: str) -> str:
    """What a page may load, by kind, and who may frame it: anybody where ``ancestors`` names nobody.

    Everything comes from this host; exceptions have reasons.
    Scripts: Streamlit's own inline script, by its hash; ``blob:``, which is how Streamlit loads a component; and
    WebAssembly, which its protobuf counts large numbers with. No page may turn text into script.
    Styles: plotly.js and Streamlit write theirs into the page, each time anew, so that no hash can name them.
    Pictures and fonts: the logo and one font are ``data:``, and plotly.js saves a chart by way of ``blob:``.
    """
    rules = {
        "default-src": NONE,
        "script-src": " ".join([SELF, "blob:", "'wasm-unsafe-eval'", *inline_scripts()]),
        "style-src": f"{SELF} 'unsafe-inline'",
        "img-src": f"{SELF} data: blob:",
        "font-src": f"{SELF} data:",
        "connect-src": SELF,
        "base-uri": NONE,
        "form-action": NONE,
    } | ({"frame-ancestors": ancestors} if ancestors else {})
    return "; ".join(f"{kind} {sources}" for kind, sources in rules.items())


@functools.cache
def inline_scripts() -> tuple[str, ...]:
    """The scripts that stand in the page itself, Streamlit's and ours, as a policy names them: by their text's hash."""
    scripts = re.findall(r"<script>(.*?)</script>", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    hashes = (hashlib.sha256(text.encode()).digest() for text in (*scripts, SERVER_IS_HERE))
    return tuple(f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes)


@functools.cache
def security_headers(ancestors: str) -> dict[str, str]:
    """Name to value. ``X-Frame-Options`` only where its two words can say what ``frame-ancestors`` says."""
    older = {SELF: "SAMEORIGIN", NONE: "DENY"}.get(ancestors)
    return {
        "Content-Security-Policy": content_security_policy(ancestors),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
    } | ({"X-Frame-Options": older} if older else {})


class SecurityHeaders:
    """ASGI middleware around everything: every answer carries ``security_headers`` once, whatever set them before.

    A frame that may not show its page gets a sentence instead. A cookie that is set over TLS, be it a proxy's, is never
    sent without it. Streamlit's script reads its own, so that it cannot be kept from scripts.
    """

    def __init__(self, app: ASGIApp, ancestors: str | None = None) -> None:
        self._app = app
        self._framing = Framing(Settings().frame_ancestors if ancestors is None else ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._framing.refuses(scope)
        app = self._framing.refusal(scope) if refused else self._app
        own = security_headers(ANYBODY if refused else self._framing.ancestors(scope))

        async def amend(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in own.items():
                    headers[name] = value
                if scope.get("scheme") in ("https", "wss"):
                    message["headers"] = [_secure(name, value) for name, value in message["headers"]]
            await send(message)

        await app(scope, receive, amend)


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The header, and if it sets a cookie, then for TLS alone."""
    said = [part.strip().lower() for part in value.split(b";")]
    return name, value + b"; Secure" if name.lower() == b"set-cookie" and b"secure" not in said else value
