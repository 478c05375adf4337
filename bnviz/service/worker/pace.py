"""When the next snapshot is taken: often enough to look smooth, at round steps, and in the long run for a tenth of the
time at most, as this worker itself has measured it.

A round step that is too far away by the clock is not waited for: a picture between comes first. Pure arithmetic on
measured times; it holds no clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from statistics import median

PER_SECOND = 12.5
"""So many snapshots a second are shown at a chosen speed, or at least at full speed; fewer on a busy machine."""

SHARE = 0.09
"""Pictures take no more than this share of the time, once those of the beginning have taken ``CREDIT`` seconds more.
With what training remembers for them it is a tenth."""

NEWS = 3.0
"""They take more only where a reader would have fewer than so many a second."""

CREDIT = 3.0
"""A quarter of a minute at ``PER_SECOND``, where a picture takes 25 ms: in the beginning most happens."""

SLACK = 1.36
"""At full speed the steps between snapshots are chosen again when there are more than so many times as many."""

CHUNK_SECONDS = 0.015
"""A command waits no longer than this (or one step) while a network trains."""

LONGEST = 0.75
"""After so many seconds without a picture one is due at whatever step, so that none is waited for longer than 2 s."""

_PATIENCE = 8
_TENS = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80)
LADDER: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 8, *(ten * 10**power for power in range(5) for ten in _TENS))
"""Steps from one snapshot to the next: round, and each at most a third (at the start, twice) above the one before."""

EARLY: tuple[int, ...] = tuple(digit * 10**power for power in range(5) for digit in (1, 2, 5))
"""The first steps, where most happens, are shown at 1, 2, 5, 10, 20 ... however fast the rest goes by."""


def every_for(
    step_seconds: float, snapshot_seconds: float, per_second: float = PER_SECOND, thrifty: bool = False
) -> int:
    """The most steps between snapshots that still give ``per_second``; a slow snapshot gets a third at most.

    ``thrifty``: so many that a snapshot gets ``SHARE``, as long as there are ``NEWS`` a second.
    """

    def takes(every: int) -> float:
        return every * step_seconds

    def within(seconds: float) -> int:
        return LADDER[max(0, bisect_right(LADDER, seconds, key=takes) - 1)]

    def filling(seconds: float) -> int:
        return LADDER[min(len(LADDER) - 1, bisect_left(LADDER, seconds, key=takes))]

    most = within(max(1 / per_second - snapshot_seconds, 2 * snapshot_seconds))
    if not thrifty:
        return most
    news = within(max(1 / NEWS - snapshot_seconds, 2 * snapshot_seconds))
    return max(most, min(news, filling(snapshot_seconds * (1 - SHARE) / SHARE)))


class Pace:
    """Tells how many steps to take before looking up, and at which step to take the next snapshot.

    ``speed`` is the steps from one snapshot to the next; 0 means as fast as it goes. ``per_second`` is how many
    snapshots the machine can afford; it may change at any time.
    """

    def __init__(self, speed: int = 0, every: int | None = None, per_second: float = PER_SECOND) -> None:
        self.per_second = per_second
        self.speed = speed
        self.every = every
        self.snapshot_seconds = 0.0
        self._steps, self._seconds, self._last_chunk = 0, 0.0, 1
        self._recent_steps: deque[float] = deque(maxlen=_PATIENCE)
        self._recent_snapshots: deque[float] = deque(maxlen=5)
        self._settling = 0 if every else _PATIENCE
        self._started, self._strikes = False, 0
        self._thrifty, self._on_credit = False, 0.0

    def next_snapshot(self, step: int) -> int:
        """The first step after ``step`` that is shown."""
        every = self.speed or self.every
        if every is None:
            return next(early for early in EARLY if early > step)
        multiple = (step // every + 1) * every
        if self.speed or step >= every:
            return multiple
        return min(multiple, next((early for early in EARLY if early > step), multiple))

    def overdue(self, seconds: float) -> bool:
        """Whether the last picture was taken so long ago that the next one is due before its step.

        Training keeps half of the time at least, of pictures that take longer than ``LONGEST``.
        """
        return seconds >= max(LONGEST, self.snapshot_seconds)

    @property
    def step_seconds(self) -> float | None:
        """What one step takes by the clock, as the last pictures saw it.

        Between two pictures it is the mean: on a busy machine most steps take what they need, and one in a while waits
        a hundred times as long. Of the last three it is the median: what happened once is forgotten.
        """
        return median([*self._recent_steps][-3:]) if self._recent_steps else None

    def chunk(self) -> int:
        """How many steps fit between two looks at the commands, were they as slow as the slowest of late.

        At most twice as many as before: the last pictures may have been lucky.
        """
        slowest = max(self._recent_steps, default=0.0)
        return max(1, min(2 * self._last_chunk, int(CHUNK_SECONDS / slowest))) if slowest else 1

    def trained(self, steps: int, seconds: float) -> None:
        """``steps`` steps took ``seconds``. The very first are not counted: they also set things up."""
        self._last_chunk = steps
        self._on_credit = max(0.0, self._on_credit - SHARE * seconds)
        if not self._started:
            self._started = True
            return
        if self._steps:
            self._recent_steps.pop()
        self._steps, self._seconds = self._steps + steps, self._seconds + seconds
        self._recent_steps.append(round(self._seconds / self._steps, 9))  # clocks tell nanoseconds

    def snapshot_taken(self, seconds: float) -> None:
        """A snapshot took ``seconds``; every now and then this changes ``every``."""
        self._steps, self._seconds = 0, 0.0
        self._on_credit += (1 - SHARE) * seconds
        self._recent_snapshots.append(seconds)
        self.snapshot_seconds = median(self._recent_snapshots)
        if self.step_seconds is None:
            return
        self._thrifty = self._thrifty or self._on_credit >= CREDIT
        wanted = every_for(self.step_seconds, self.snapshot_seconds, self.per_second, self._thrifty)
        if self.every is None or self._settling:
            self.every, self._settling = wanted, max(0, self._settling - 1)
            return
        rate = 1 / (self.every * self.step_seconds + self.snapshot_seconds)
        outside = wanted != self.every and not self._suits(rate)
        starved = rate < min(self.per_second, NEWS if self._thrifty else self.per_second) / 2
        self._strikes = self._strikes + (_PATIENCE if starved else 1) if outside else 0
        if self._strikes >= _PATIENCE:
            self.every, self._strikes = wanted, 0

    def _suits(self, rate: float) -> bool:
        """Whether so many snapshots a second are near enough to what is wanted."""
        share = rate * self.snapshot_seconds
        if self._thrifty and share > SHARE / SLACK:
            return share <= SHARE
        return 0.93 * self.per_second <= rate <= SLACK * self.per_second
