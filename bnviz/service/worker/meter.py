"""How a run gets on, by two clocks: for how long it has worked, how many steps a second, and whether it is starved."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.service.worker.share import Share


class Meter:
    """Of one run. ``clock`` gives the seconds; ``processor`` those in which this process had one.

    ``worked`` are the seconds of work before.
    """

    _working_since: float
    _measured_at: float
    _measured_step: int

    def __init__(self, step: int, worked: float, clock: Callable[[], float], processor: Callable[[], float]) -> None:
        self._clock, self._processor, self._share = clock, processor, Share()
        self._worked, self.steps_per_second = worked, 0.0
        self._begin(step)

    def worked(self, active: bool) -> float:
        """For how many seconds there were steps to take; ``active``: there are some now."""
        return self._worked + (self._clock() - self._working_since if active else 0.0)

    def turn(self, step: int, active: bool) -> None:
        """Something else is done from now on; ``active``: there were steps to take until now."""
        self._worked = self.worked(active)
        self._begin(step)

    def count(self, step: int) -> None:
        """While there are steps to take: how many a second, over a fifth of a second at least."""
        now = self._clock()
        if now - self._measured_at >= 0.2:
            self.steps_per_second = (step - self._measured_step) / (now - self._measured_at)
            self._measured_at, self._measured_step = now, step

    @property
    def waited(self) -> float:
        """Seconds since the last picture."""
        return self._clock() - self._watched_since

    def picture_shown(self) -> None:
        """Another picture came: it is told how long it was waited for, and how much of that this process worked."""
        since, worked = self._watched_since, self._worked_until
        self._watch_on()
        self._share.picture_shown(self._watched_since - since, self._worked_until - worked)

    def sentence(self) -> str:
        """What a reader is told of a run that is starved."""
        return self._share.sentence(self.steps_per_second)

    def _begin(self, step: int) -> None:
        self._working_since = self._measured_at = self._clock()
        self._measured_step = step
        self._watch_on()

    def _watch_on(self) -> None:
        self._watched_since, self._worked_until = self._clock(), self._processor()
