"""What one page is sent of the run on its board. A recording is played row by row, by the caller's clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Protocol

from bnviz.live.insides import Insides
from bnviz.live.protocol import frame
from bnviz.live.shown import Shown
from bnviz.live.stream import Sight, Stream

MOST_ROWS, MOST_BYTES = 200, 2**20
"""A frame holds no more; a page that comes late catches up in several."""

PICTURES_PER_SECOND = 12.0
"""How many pictures of so many steps, as a reader chose, a recording shows; at full speed ..."""

FIRST_STEPS, FIRST_ROWS_PER_SECOND, FIRST_SECONDS, ROWS_PER_SECOND = 100, 2.0, 5.0, 8.0
"""... it shows its rows, and lingers on the first hundred steps, where most happens, for five seconds at most."""

SOON = 0.2
"""The first step is waited for no longer: that the picture moves is what a reader who comes sees first."""


def due(steps: Sequence[int], speed: int) -> list[float]:
    """When each row of a recording is due, in seconds after its first."""
    slow = max(FIRST_ROWS_PER_SECOND, (bisect_right(steps, FIRST_STEPS) - 1) / FIRST_SECONDS)

    def wait(sooner: int, later: int) -> float:
        rate = slow if later <= FIRST_STEPS else ROWS_PER_SECOND
        waited = (later - sooner) / (speed * PICTURES_PER_SECOND) if speed else 1 / rate
        return min(SOON, waited) if sooner == steps[0] else waited

    return [*accumulate((wait(*pair) for pair in pairwise(steps)), initial=0.0)]


class Showing(Protocol):
    """What shows a run: a session."""

    @property
    def shown(self) -> Shown | None: ...
    @property
    def speed(self) -> int: ...
    @property
    def insides(self) -> Insides | None: ...
    @property
    def answer(self) -> str: ...
    def state_of(self, shown: Shown, /) -> str: ...


class RunStream(Stream):
    """The rows of what a session shows, as they come, or as fast as a recording is played."""

    def __init__(self, session: Showing, run: int = -1, since: int = -1) -> None:
        super().__init__(run, since)
        self._session = session
        self._playing: tuple[int, bool, int] | None = None
        self._began = 0.0

    def _look(self, now: float) -> Sight | None:
        shown = self._session.shown
        if shown is None:
            return None

        def frame_since(step: int) -> tuple[bytes, int] | None:
            rows = shown.feed.since(step, self._played(shown, step, now))[:MOST_ROWS]
            if not rows:
                return None
            rows = rows[: max(1, MOST_BYTES // max(1, len(rows[0].packed)))]
            return frame(shown.run, rows), rows[-1].step

        state = self._session.state_of(shown)
        return Sight(shown.run, shown.setup, state, frame_since, self._session.insides, self._session.answer)

    def patience(self, now: float) -> float | None:
        shown = self._session.shown
        if not shown or shown.label == "live" or not shown.play or self.drawing or self._playing is None:
            return None
        played = self._played(shown, self._drawn, now)
        if played is None or played >= len(shown.feed):
            return None
        return max(0.0, self._began + self._due(shown)[played] - now)

    def _played(self, shown: Shown, drawn: int, now: float) -> int | None:
        """How many rows of a recording have been played by now; None for a live run, which plays itself."""
        if shown.label == "live":
            return None
        playing, times = (shown.run, shown.play, self._session.speed), self._due(shown)
        already = len(shown.feed) - len(shown.feed.since(drawn))
        if self._playing != playing:
            self._playing, self._began = playing, now - times[min(already, len(times) - 1)]
        return already if not shown.play else bisect_right(times, now - self._began + 1e-6)

    def _due(self, shown: Shown) -> list[float]:
        return due([row.step for row in shown.feed.since(-1)], self._session.speed)
