"""A picture for links to each page, drawn from a recorded run when it is first asked for."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from bnviz.lessons.catalog import LESSONS
from bnviz.live.page.head import About, name_in
from bnviz.recordings import recording_of

FOLDER, HOME = "/bnviz/preview", "home"
SHOWN = LESSONS["covariate_shift"].trials[0].experiment
"""What all of them show, below their own words: the plain network's river widens, that of BN does not."""

_HEADERS = {"Cache-Control": "public, max-age=86400"}
_HOST = re.compile(r"[\w.-]+(:\d{1,5})?|\[[\da-f:.]+\](:\d{1,5})?", re.IGNORECASE)


def preview_route(pages: Mapping[str, About], prefix: str = "") -> Route:
    """The route of these pages' pictures, behind a server's ``prefix``."""

    @functools.cache
    def drawn(name: str) -> bytes:
        from bnviz.charts.preview import preview

        recorded = recording_of(SHOWN, ("inputs_over_time",))
        assert recorded is not None
        return preview(recorded, pages[name].description)

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        name = "" if name == HOME else name
        if name not in pages:
            return Response(status_code=404)
        return Response(await run_in_threadpool(drawn, name), media_type="image/png", headers=_HEADERS)

    return Route(f"{prefix}{FOLDER}/{{name}}.png", answer, methods=["GET"])


def preview_address(pages: Mapping[str, About], scope: Scope) -> str:
    """The whole address of the picture of the page that was asked for, as its visitor sees this host; else empty."""
    host, name = host_of(scope), name_in(pages, scope["path"]) or HOME
    return f"{scope['scheme']}://{host}{FOLDER}/{name}.png" if host else ""


def host_of(scope: Scope) -> str:
    """This host as a visitor sees it, with its port; empty where the name is none that could be written on a page."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return host if _HOST.fullmatch(host) else ""
