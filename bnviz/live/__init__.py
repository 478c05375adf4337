"""The wire to the browser: routes, encoding, and the board that draws. No torch here, ever.

    app = st.App("...", routes=routes(), lifespan=lifespan)
    session = open_session()        # one a browser session
    session.load(experiment)        # what its setup column says, on every rerun
    session.token                   # what the board opens its socket with
"""

from __future__ import annotations

from bnviz.live.limits.limiter import Limiter
from bnviz.live.page.assets import PLOTLY_URL
from bnviz.live.page.door import Door
from bnviz.live.page.early import EarlyTags
from bnviz.live.page.headers import SecurityHeaders
from bnviz.live.page.kept_files import KeptFiles
from bnviz.live.page.oembed import oembed_route
from bnviz.live.page.previews import preview_route
from bnviz.live.server import LIVE_URL, check_settings, lifespan, routes
from bnviz.live.session import Session
from bnviz.live.sessions import Sessions, open_session

__all__ = [
    "LIVE_URL", "PLOTLY_URL", "Door", "EarlyTags", "KeptFiles", "Limiter", "SecurityHeaders", "Session", "Sessions",
    "check_settings", "lifespan", "oembed_route", "open_session", "preview_route", "routes",
]  # fmt: skip
