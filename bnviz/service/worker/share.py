"""Whether a run gets enough of a processor to be watched, and what its reader is told when others have it.

Pure arithmetic on measured times; it holds no clock.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from bnviz.wording import written

SLOW, CALM = 0.5, 0.4
"""A run with so many seconds from one picture to the next is slow; one that was is not before it has so few."""

TAKEN = 2.0
"""Others have the processor where the clock goes so many times as fast as this process' own time."""


class Share:
    """Looks at the last pictures: ``busy`` while they come slowly for want of a processor.

    A large network is slow on an idle machine too; that is not the server's being busy.
    """

    def __init__(self) -> None:
        self.busy = False
        self._recent: deque[tuple[float, float]] = deque(maxlen=3)

    def picture_shown(self, seconds: float, worked: float) -> None:
        """A picture came ``seconds`` after the last; this process had a processor for ``worked`` of them."""
        self._recent.append((seconds, seconds / max(worked, 1e-9)))
        between, taken = (median(values) for values in zip(*self._recent, strict=True))
        self.busy = between > (CALM if self.busy else SLOW) and taken >= TAKEN

    def sentence(self, steps_per_second: float) -> str:
        """What the reader is told; nothing while the run gets what it needs."""
        if not self.busy:
            return ""
        rate = written(steps_per_second, ",.0f" if steps_per_second >= 10 else ".1f")
        if steps_per_second < 0.05:
            return "The server is busy: less than one step in ten seconds."
        return f"The server is busy: {rate} steps a second."
