"""The route of the metrics, for a host's Prometheus. Private: without the host's token it is not there."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bnviz.live.door import may_read_metrics
from bnviz.live.limits import metrics_token
from bnviz.service.metrics import exposition


def metrics_route(prefix: str = "", token: str | None = None) -> Route:
    """The route, behind a server's ``prefix``; without a ``token``, the host's setting is the one to bring."""
    needed = metrics_token() if token is None else token

    async def answer(request: Request) -> Response:
        if not may_read_metrics(request.headers, needed):
            return Response("Not Found", 404, media_type="text/plain")
        return Response(exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})

    return Route(f"{prefix}/bnviz/metrics", answer, methods=["GET"])
