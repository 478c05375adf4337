"""What one page has been sent, and what it is sent next. No socket, no clock: the caller brings both.

At most one frame is under way; while it is, rows pile up into the next one. A
page that acknowledges nothing is sent nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator

from bnviz.live.protocol import Ack, frame
from bnviz.live.session import Session
from bnviz.live.shown import Shown

MOST_ROWS, MOST_BYTES = 200, 2**20
"""A frame holds no more; a page that comes late catches up in several."""

RECORDED_ROWS_PER_SECOND = 12.0


class Stream:
    """What one page is sent of a session. ``run`` and ``since`` say what it shows already, if it was here before."""

    def __init__(self, session: Session, run: int = -1, since: int = -1) -> None:
        self._session = session
        self._run, self._drawn = run, since
        self._under_way: int | None = None
        self._state = ""
        self._began: float | None = None

    @property
    def drawing(self) -> bool:
        """Whether a frame is under way that the page has not acknowledged yet."""
        return self._under_way is not None

    def ack(self, ack: Ack) -> bool:
        """The page says that it has drawn what it was sent; whether that is news."""
        if ack.run != self._run or self._under_way is None or ack.step < self._under_way:
            return False
        self._drawn, self._under_way = self._under_way, None
        return True

    def news(self, now: float) -> Iterator[str | bytes]:
        """The messages to send now, in order."""
        shown = self._session.shown
        if shown is None:
            return
        if shown.run != self._run:
            self._run, self._drawn, self._under_way, self._began = shown.run, -1, None, None
            yield shown.setup
        state = self._session.state_of(shown)
        if state != self._state:
            self._state = state
            yield state
        if self._under_way is None:
            rows = shown.feed.since(self._drawn, self._played(shown, now))[:MOST_ROWS]
            if rows:
                rows = rows[: max(1, MOST_BYTES // max(1, len(rows[0].packed)))]
                self._under_way = rows[-1].step
                yield frame(shown.run, rows)

    def patience(self, now: float) -> float | None:
        """How long to wait for news; None means for as long as it takes."""
        shown = self._session.shown
        if not shown or shown.label == "live" or not shown.play or self._under_way is not None or self._began is None:
            return None
        played = self._played(shown, now)
        if played is None or played >= len(shown.feed):
            return None
        return max(0.0, self._began + played / RECORDED_ROWS_PER_SECOND - now)

    def _played(self, shown: Shown, now: float) -> int | None:
        """How many rows of a recording have been played by now; None for a live run, which plays itself."""
        if shown.label == "live":
            return None
        if self._began is None:
            already = len(shown.feed) - len(shown.feed.since(self._drawn))
            self._began = now - already / RECORDED_ROWS_PER_SECOND
        if not shown.play:
            return len(shown.feed) - len(shown.feed.since(self._drawn))
        return 1 + int((now - self._began) * RECORDED_ROWS_PER_SECOND + 1e-6)
