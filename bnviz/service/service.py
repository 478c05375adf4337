"""Where experiments, studies and sweeps are handed in: equal ones are shared, the rest get their turn at the desk."""

from __future__ import annotations

import atexit
import threading
from typing import Any

from bnviz.experiment import Experiment
from bnviz.service import account
from bnviz.service.cache import Cache, default_folder
from bnviz.service.desk import Desk, cores
from bnviz.service.handle import Handle
from bnviz.service.keeper import Keeper
from bnviz.service.kept import Kept
from bnviz.service.limits import Limits
from bnviz.service.measurement import Measurement, Shelf
from bnviz.service.places import Place, place_for
from bnviz.service.start import Start
from bnviz.service.sweep_handle import SweepHandle
from bnviz.study import Study
from bnviz.sweeps import Grid

ENGINE = "bnviz.engine:Lockstep"


class Service:
    """Runs experiments and studies, each in a process of its own, and sweeps, each in as many as there are cores.

    ``engine`` names the trainer, as ``module:name``; what measures studies is ``measure`` of the same module, what
    trains the cells of a sweep ``train_cells``. ``place`` gives the processes; by default they are on this machine.
    In the ``cache`` runs are kept beyond their processes, and beyond this one.
    """

    def __init__(
        self, limits: Limits | None = None, engine: str = ENGINE, place: Place | None = None,
        cache: Cache | None = None,
    ) -> None:  # fmt: skip
        self.limits = limits or Limits()
        self._keeper = Keeper(cache) if cache else None
        self.desk = Desk(self.limits, place or place_for(engine, self.limits.workers, {}))
        self._shelf = Shelf()
        self._lock = threading.Lock()
        self._shared: dict[tuple[Experiment, int | None], Handle] = {}

    def warm(self) -> None:
        """Get ready for the first run, without waiting for it."""
        self.desk.place.warm()

    def submit(
        self, experiment: Experiment, user: str = "", *, play: bool = False, speed: int = 0, every: int | None = None,
        goal: int | None = None, alone: bool = False, kept: Kept | None = None,
    ) -> Handle:  # fmt: skip
        """Start an experiment, or put it in line, or share the run of an equal one; never blocks.

        ``play`` trains from the start, else step 0 is shown and the run waits for commands. ``every`` is a first
        guess of the steps between snapshots, such as what an earlier run of the same experiment came to. With a
        ``goal`` the run trains to this step and waits there. Users share what plays at full speed, unless this one
        wants to be ``alone``. With ``kept`` it goes on where an equal run ended.
        """
        start = self._start(play=play, speed=speed, every=every, goal=goal if play else None)
        if not user or alone or not play or speed:
            return self._begin(self._handle(experiment, user, start, kept))
        with self._lock:
            self._shared = {key: handle for key, handle in self._shared.items() if not handle.state.ended}
            shared = self._shared.get((experiment, goal))
            if shared and shared.share(user):
                return shared
            handle = self._shared[experiment, goal] = self._handle(experiment, user, start, kept)
        return self._begin(handle)

    def kept(self, experiment: Experiment, goal: int | None = None) -> Kept | None:
        """What was kept of an equal run: all of it where that is complete, else what it needs to go on."""
        return self._keeper.find(experiment, goal) if self._keeper else None

    def steer(self, handle: Handle, user: str, do: str, **words: Any) -> Handle:
        """Tell a run something for one of its readers, and give the run that obeys.

        Where others look on, this reader gets a run of their own, which goes on from here; theirs is left as it is.
        """
        if handle.alone:
            handle.send(do, **words)
            return handle
        state = handle.state
        start = self._start(play=state.name == "running" and state.goal is None, every=state.every, goal=state.goal)
        own = self._handle(handle.experiment, user, start)
        own.send(do, **words)

        def begin(kept: Kept | None) -> None:
            if kept:
                own.go_on_from(kept)
            self._begin(own)

        handle.branch(begin)
        handle.leave(user)
        return own

    def measure(self, study: Study, user: str = "") -> Measurement:
        """Start a study, or put it in line, or share what an equal one has found; never blocks."""
        found = self._shelf.find(study)
        if found:
            return found
        measurement = Measurement(study, user, self.limits, self.desk)
        account.follow(measurement, study)
        self._shelf.keep(measurement)
        self.desk.accept(measurement)
        return measurement

    def sweep(self, grid: Grid, user: str = "") -> SweepHandle:
        """Start the networks of a map or sweep, or put them in line; never blocks."""
        processes = min(cores(), self.limits.workers, grid.total)
        handle = SweepHandle(grid, user, self.limits, processes, self.desk)
        account.follow(handle, grid)
        if grid.steps > self.limits.step_budget:
            handle.end("failed", f"steps was {grid.steps:,}; allowed here are 1 to {self.limits.step_budget:,}.")
        else:
            handle.begin()
        return handle

    @property
    def running(self) -> int:
        """How many processes are taken."""
        return self.desk.running

    @property
    def waiting(self) -> int:
        """How many runs stand in line."""
        return self.desk.waiting

    @property
    def full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return self.desk.full

    @property
    def closed(self) -> bool:
        """Whether nothing is accepted any more."""
        return self.desk.closed

    def close(self) -> None:
        """Keep what can go on later, end every run and the warm process; afterwards nothing is accepted."""
        again, self.desk.closed = self.desk.closed, True
        if self._keeper and not again:
            self._keeper.close()
        self.desk.close()

    def _start(self, **asked: Any) -> Start:
        limits, checkpoints = self.limits, self.limits.checkpoint_seconds if self.desk.place.resumes else 0
        return Start(
            **asked, budget=limits.step_budget, run_seconds=limits.run_seconds, memory_mib=limits.memory_mib,
            idle_seconds=limits.idle_seconds, rest_seconds=limits.rest_seconds, checkpoint_seconds=checkpoints,
        )  # fmt: skip

    def _handle(self, experiment: Experiment, user: str, start: Start, kept: Kept | None = None) -> Handle:
        handle = Handle(experiment, user, start, self.limits.history_mib, self.desk, kept)
        account.follow(handle, experiment)
        if self._keeper:
            self._keeper.watch(handle)
        return handle

    def _begin(self, handle: Handle) -> Handle:
        self.desk.accept(handle)
        return handle


_shared: Service | None = None
_shared_lock = threading.Lock()


def shared() -> Service:
    """The one service of this process, made with the host's settings when first asked for, or after it was closed."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared.closed:
            limits = Limits.from_environment()
            cache = Cache(default_folder(), limits.cache_mib)
            _shared = Service(limits, place=place_for(ENGINE, limits.workers), cache=cache)
            atexit.register(_shared.close)
        return _shared
