"""Where an address leads: the root opens the way in, and a link to an experiment that names no page opens the Lab."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bnviz import link, view_link


class Door:
    """ASGI middleware: a link at the ``root`` goes to the page ``lab``, and ``home`` by its name to the root.

    The whole query goes along, whatever is in it. Before anything is sent, so that nobody sees the wrong page first.
    """

    def __init__(self, app: ASGIApp, home: str, lab: str, root: str = "/") -> None:
        self._app, self._root = app, root
        self._home, self._lab = root + home, root + lab

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        to = self._leads_to(scope["path"], scope["query_string"].decode("latin-1")) if asks else None
        if to is None:
            await self._app(scope, receive, send)
        else:
            await RedirectResponse(to, headers={"Cache-Control": "no-store"})(scope, receive, send)

    def _leads_to(self, path: str, query: str) -> str | None:
        if path == self._home:
            path = self._root
        elif path != self._root:
            return None
        else:
            names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
            if not (link.names_experiment(names) or view_link.names_view(names)):
                return None
            path = self._lab
        return f"{path}?{query}" if query else path
