"""Who may show a page in a frame, and what a frame shows where that is refused.

A page with ``embed=true`` in its address is made to stand on other sites' pages, so anybody may frame it; all others
only this host. A host that names who may (``BNVIZ_FRAME_ANCESTORS``) names it for both. A browser that is refused by a
policy shows an error of its own, so a frame of which it is known that it will be gets a sentence and a way out instead.
"""

from __future__ import annotations

import html
import re
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from starlette.responses import HTMLResponse
from starlette.types import Scope

from bnviz.settings import NONE, SELF

EMBED = "embed"
ANYBODY = ""
"""What needs no rule: pages that lie on a disk, such as slides, have no name that a rule could say."""

FRAMES = ("iframe", "frame", "embed", "object")
ELSEWHERE = ("cross-site", "same-site")

_REFUSAL = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>bnviz</title>
<meta name="viewport" content="width=device-width"><style>
:root {{ color-scheme: light dark; }}
body {{ display: grid; place-content: center; min-height: 100vh; margin: 0; padding: 0 24px; box-sizing: border-box;
  font: 15px/24px ui-sans-serif, system-ui, sans-serif; background: light-dark(#FBFAF7, #14161A); }}
p {{ margin: 0 0 8px; max-width: 52ch; }} a {{ color: light-dark(#0B6BB5, #63B3FF); }}
</style></head><body>
<p>{refused}</p>
<p>{way_out}</p>
</body></html>
"""
_REFUSED = "This page of bnviz is not shown inside other sites."
_TAB = '<a href="{address}" target="_blank" rel="noopener">Open it in a tab of its own</a>.'
_TAB_OR_SNIPPET = (
    '<a href="{address}" target="_blank" rel="noopener">Open it in a tab of its own</a>, or ask whoever made this page '
    "to use the snippet behind its button Embed."
)


def is_embedded(query: str) -> bool:
    """Whether an address asks for a page to stand in another: ``embed=true``, as Streamlit reads it."""
    said = ((name.lower(), value.lower()) for name, value in parse_qsl(query))
    return (EMBED, "true") in said


class Framing:
    """The rule of one host: ``who`` may frame its pages, as a policy says it; empty where it does not say."""

    def __init__(self, who: str = ANYBODY) -> None:
        self._who = who

    def ancestors(self, scope: Scope) -> str:
        """Who may frame what is asked for: the sources of ``frame-ancestors``; empty for anybody."""
        return self._who or (ANYBODY if _asks_for_embedded(scope) else SELF)

    def refuses(self, scope: Scope) -> bool:
        """Whether a page is asked for by the frame of a site that may not show it, as far as the browser tells.

        One that does not say which site it is gets the page, and the policy with it.
        """
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
        framed = headers.get(b"sec-fetch-dest") in FRAMES and headers.get(b"sec-fetch-site") in ELSEWHERE
        who = self.ancestors(scope) if framed and scope["type"] == "http" else ANYBODY
        if who in (ANYBODY, SELF, NONE):
            return who != ANYBODY
        asks = split(headers.get(b"referer", ""))
        return bool(asks.netloc) and not any(_names(source, asks.scheme, asks.netloc.lower()) for source in who.split())

    def refusal(self, scope: Scope) -> HTMLResponse:
        """What such a frame shows: a sentence, and a link that opens the page in a tab."""
        path, query = "/" + quote(scope["path"].lstrip("/\\")), scope["query_string"].decode("latin-1")
        address = html.escape(f"{path}?{query}" if query else path)
        way_out = (_TAB if _asks_for_embedded(scope) else _TAB_OR_SNIPPET).format(address=address)
        page = _REFUSAL.format(refused=_REFUSED, way_out=way_out)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def split(address: str) -> SplitResult:
    """An address in its parts, all of them empty for what is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _asks_for_embedded(scope: Scope) -> bool:
    return is_embedded(scope.get("query_string", b"").decode("latin-1"))


def _names(source: str, scheme: str, netloc: str) -> bool:
    """Whether a source of a policy, such as ``https://*.example.org``, names this site."""
    pattern = re.escape(source).replace(r"\*", r"[^/:]+")
    return re.fullmatch(pattern, f"{scheme}://{netloc}") is not None
