"""How long learners wait: one web replica, simulated with the line that the service itself stands them in.

A learner presses, waits for a place, and sees the verdict once the run has had
its seconds of a core; everybody at a place shares the cores. Then the learner
thinks, and presses again. No run is shared or kept: that is the worst case.
Knows no network and no process; how much work a run is was measured (``trials``).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bnviz.service.fair_queue import FairQueue

Times = np.ndarray
"""Seconds, ``(learners, presses)``."""


@dataclass(frozen=True)
class Replica:
    """So many training cores, and how many runs may have a place there, and wait for one.

    A place is held for at least ``rest`` seconds, unless its learner begins another run.
    """

    cores: int
    places: int
    most_waiting: int = 10**9
    rest: float = 0.0


@dataclass(frozen=True)
class Waits:
    """What became of every press: when it came, seconds in line and until the verdict, NaN where it was refused."""

    pressed: Times
    in_line: Times
    to_verdict: Times

    @property
    def refused(self) -> float:
        """The share of presses that were told to try again in a minute."""
        return float(np.isnan(self.in_line).mean())


def waits(replica: Replica, think: Times, work: Times) -> Waits:
    """Let everybody press until nobody wants to: each next time ``think`` seconds after the last answer, for a run of
    ``work`` core-seconds.
    """
    day = _Day(replica, think, work)
    for learner in range(len(work)):
        day.press_later(_Press(learner, 0))
    while day.goes_on():
        pass
    return Waits(day.pressed, day.begun - day.pressed, day.judged - day.pressed)


@dataclass(eq=False)
class _Press:
    """One run that a learner asks for: what ``FairQueue`` calls an entry."""

    whose: int
    turn: int
    ended: bool = False

    @property
    def work(self) -> _Press:
        return self

    @property
    def at(self) -> tuple[int, int]:
        return self.whose, self.turn


@dataclass
class _Day:
    """What happens next, until nothing does.

    ``served`` is what a run present all the time has had of a core: with more runs than cores it grows slower than
    ``now``, and a run is judged when it has grown by the run's work.
    """

    replica: Replica
    think: Times
    work: Times
    now: float = 0.0
    served: float = 0.0
    due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    training: list[tuple[float, int, _Press]] = field(default_factory=list)
    resting: dict[int, _Press] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pressed, self.begun, self.judged = (np.full(self.work.shape, np.nan) for _ in range(3))
        self.queue: FairQueue[_Press] = FairQueue(self.replica.places, self.replica.most_waiting, each=1)
        self.order = itertools.count()

    def goes_on(self) -> bool:
        """The next event; False when there is none."""
        pace = min(1.0, self.replica.cores / max(1, len(self.training)))
        judged = self.now + (self.training[0][0] - self.served) / pace if self.training else np.inf
        due = self.due[0][0] if self.due else np.inf
        if judged == due == np.inf:
            return False
        self.served += (min(judged, due) - self.now) * pace
        self.now = min(judged, due)
        if due <= judged:
            heapq.heappop(self.due)[2]()
        else:
            self.judge(heapq.heappop(self.training)[2])
        while (press := self.queue.next()) is not None:
            self.begun[press.at] = self.now
            heapq.heappush(self.training, (self.served + self.work[press.at], next(self.order), press))
        return True

    def press_later(self, press: _Press) -> None:
        """After some thought, if there is another press to come."""
        if press.turn < self.work.shape[1]:
            self.later(self.now + self.think[press.at], lambda: self.press(press))

    def press(self, press: _Press) -> None:
        """It begins, or waits, or is refused; the learner's run before this one gives its place back."""
        self.give_back(press.whose)
        self.pressed[press.at] = self.now
        if self.queue.join(press):
            self.press_later(_Press(press.whose, press.turn + 1))

    def judge(self, press: _Press) -> None:
        """The verdict is there; the place is held for a while in case the learner goes on with this run."""
        self.judged[press.at] = self.now
        press.ended = True
        self.resting[press.whose] = press
        until = max(self.now, self.begun[press.at] + self.replica.rest)
        self.later(until, lambda: self.give_back(press.whose, press))
        self.press_later(_Press(press.whose, press.turn + 1))

    def give_back(self, whose: int, which: _Press | None = None) -> None:
        """The place of this learner's last run, or only of this very one."""
        last = self.resting.get(whose)
        if last is not None and which in (None, last):
            self.queue.leave(self.resting.pop(whose))

    def later(self, when: float, then: Callable[[], None]) -> None:
        heapq.heappush(self.due, (when, next(self.order), then))
