"""What one page is sent of the run on its board. A recording is played row by row, by the caller's clock."""

from __future__ import annotations

from typing import Protocol

from bnviz.live.protocol import frame
from bnviz.live.shown import Shown
from bnviz.live.stream import Sight, Stream

MOST_ROWS, MOST_BYTES = 200, 2**20
"""A frame holds no more; a page that comes late catches up in several."""

RECORDED_ROWS_PER_SECOND = 12.0


class Showing(Protocol):
    """What shows a run: a session."""

    @property
    def shown(self) -> Shown | None: ...
    def state_of(self, shown: Shown, /) -> str: ...


class RunStream(Stream):
    """The rows of what a session shows, as they come, or as fast as a recording is played."""

    def __init__(self, session: Showing, run: int = -1, since: int = -1) -> None:
        super().__init__(run, since)
        self._session = session
        self._playing: int | None = None
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

        return Sight(shown.run, shown.setup, self._session.state_of(shown), frame_since)

    def patience(self, now: float) -> float | None:
        shown = self._session.shown
        if not shown or shown.label == "live" or not shown.play or self.drawing or self._playing != shown.run:
            return None
        played = self._played(shown, self._drawn, now)
        if played is None or played >= len(shown.feed):
            return None
        return max(0.0, self._began + played / RECORDED_ROWS_PER_SECOND - now)

    def _played(self, shown: Shown, drawn: int, now: float) -> int | None:
        """How many rows of a recording have been played by now; None for a live run, which plays itself."""
        if shown.label == "live":
            return None
        already = len(shown.feed) - len(shown.feed.since(drawn))
        if self._playing != shown.run:
            self._playing, self._began = shown.run, now - already / RECORDED_ROWS_PER_SECOND
        return already if not shown.play else 1 + int((now - self._began) * RECORDED_ROWS_PER_SECOND + 1e-6)
