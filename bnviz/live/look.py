"""A look into one unit: which one a reader has open, and from where its mini-batches come.

A run that is under way reads it, training or not. Of steps that are past, and of recordings, the first seed is trained
again, which finds the same.
"""

from __future__ import annotations

from collections.abc import Callable

from bnviz.experiment import Experiment
from bnviz.inside import Inside, Unit, has
from bnviz.live.insides import Insides
from bnviz.live.shown import Shown
from bnviz.service import InsideJob, Service, State

AGAIN = "The first seed is trained again for this: the dots come as it gets here."
QUEUED = "The server is busy: the first seed is trained again for this when it is its turn."


class Look:
    """The open unit of one session; ``insides`` is what is known of it. Everything is called by the owner."""

    def __init__(self, service: Service, user: str, notify: Callable[[], None]) -> None:
        self._service, self._user, self._notify = service, user, notify
        self._unit: Unit | None = None
        self.insides: Insides | None = None
        self._job: InsideJob | None = None

    def open(self, unit: Unit | None, shown: Shown | None, experiment: Experiment | None, back: bool = False) -> None:
        """Look into this unit from now on, or into none; ``back`` is for steps that are past, too."""
        self._unit = unit
        self.turn_to(shown, experiment)
        if unit and back and shown and experiment:
            self._look_back(shown, experiment)

    def turn_to(self, shown: Shown | None, experiment: Experiment | None) -> None:
        """Another run is on the board, or another stage of it. The same as before costs a running one a new look."""
        unit, insides = self._unit, self.insides
        if shown and shown.job:
            exists = bool(unit and experiment and any(has(run, unit) for run in experiment.arms.values()))
            shown.job.look_inside(self._user, unit if exists else None)
        if unit is None or shown is None or experiment is None:
            self.rest()
            self.insides = None
            return
        if insides is None or (insides.run, insides.unit) != (shown.run, unit):
            self.rest()
            self.insides = Insides(shown.run, experiment, unit)
        if not shown.alive and (shown.job or shown.recording):
            self._look_back(shown, experiment)
        self._notify()

    def hear(self, inside: Inside) -> None:
        """The run on the board, or the one that is trained again, has read a unit."""
        if self.insides:
            self.insides.add(inside)
            self._notify()

    def rest(self) -> None:
        """Nobody looks: what was asked for is no longer wanted."""
        job, self._job = self._job, None
        if job:
            job.unsubscribe(self._hear_back)
            job.end()

    def _look_back(self, shown: Shown, experiment: Experiment) -> None:
        """To all steps on the board of which nothing is known, once."""
        if self.insides is None or self.insides.message or (self._job and not self._job.ended):
            return
        steps = sorted({row.step for row in shown.feed.since(-1)} - self.insides.steps)
        if steps:
            self._job = self._service.look_back(experiment, self.insides.unit, steps, self._user)
            self._job.subscribe(self._hear_back)

    def _hear_back(self, change: Inside | State) -> None:
        if isinstance(change, Inside):
            self.hear(change)
        elif self.insides:
            waits = {"queued": QUEUED, "starting": AGAIN, "running": AGAIN}
            self.insides.message = change.message if change.ended else waits.get(change.name, "")
            self._notify()
