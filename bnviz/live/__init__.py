"""The wire to the browser: routes, encoding, and the board that draws. No torch here, ever.

    app = st.App("...", routes=routes(), lifespan=lifespan)
    seat = take_seat()              # one a browser session
    seat.load(experiment)           # what its setup column says, on every rerun
    seat.token                      # what the board opens its socket with
"""

from __future__ import annotations

from bnviz.live.checking import check_settings
from bnviz.live.door import Door
from bnviz.live.early import EarlyTags
from bnviz.live.headers import SecurityHeaders
from bnviz.live.plotlyjs import PLOTLY_URL
from bnviz.live.routes import LIVE_URL, lifespan, routes
from bnviz.live.seat import Seat
from bnviz.live.seats import Seats, take_seat

__all__ = [
    "LIVE_URL", "PLOTLY_URL", "Door", "EarlyTags", "Seat", "Seats", "SecurityHeaders", "check_settings", "lifespan",
    "routes", "take_seat",
]  # fmt: skip
