"""Where experiments, studies and sweeps are handed in: equal ones are shared, the rest get their turn by the scheduler.

What has arrived is stored, and so is, when the server stops, what a run under way needs to go on later.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakSet

from bnviz.experiment import Experiment
from bnviz.inside import Unit
from bnviz.service import account
from bnviz.service.backends import Backend, backend_for
from bnviz.service.inside_job import InsideJob
from bnviz.service.owner import Owner, OwnerThread, owned
from bnviz.service.protocol import Start
from bnviz.service.scheduler import Scheduler, cores
from bnviz.service.store import Store, StoredRun, default_folder
from bnviz.service.study_job import Studies, StudyJob
from bnviz.service.subject import State
from bnviz.service.sweep_job import SweepJob
from bnviz.service.training_job import Branch, Change, TrainingJob
from bnviz.settings import Settings
from bnviz.study import Study
from bnviz.sweeps import Grid

ENGINE = "bnviz.engine:Lockstep"

ASLEEP_WITHIN_SECONDS = 2.0
GONE_WITHIN_SECONDS = 5.0
"""When the server stops, so long it waits for runs to hand over what they need to go on, and for processes to end."""


class Service:
    """Runs experiments and studies, each in a process of its own, and sweeps, each in as many as there are cores.

    ``engine`` names the trainer, as ``module:name``; what measures studies is ``measure`` of the same module, what
    trains the cells of a sweep ``train_cells``. The ``backend`` gives the processes; by default the settings choose
    it. In the ``store`` runs are kept beyond their processes, and beyond this one. All that is decided is decided by
    its ``owner``.
    """

    def __init__(
        self, settings: Settings | None = None, engine: str = ENGINE, backend: Backend | None = None,
        store: Store | None = None, owner: Owner | None = None,
    ) -> None:  # fmt: skip
        self.settings, self.owner = settings or Settings(), owner or OwnerThread()
        self.scheduler = Scheduler(self.settings, backend or backend_for(engine, self.settings), self.owner)
        self._store, self._writers = store, ThreadPoolExecutor(2, "bnviz-store")
        self._jobs: WeakSet[TrainingJob] = WeakSet()
        self._studies = Studies()
        self._shared: dict[tuple[Experiment, int | None], TrainingJob] = {}

    def warm(self) -> None:
        """Get ready for the first run, without waiting for it."""
        self.scheduler.backend.warm()

    @owned
    def submit(
        self, experiment: Experiment, user: str = "", *, play: bool = False, speed: int = 0, every: int | None = None,
        goal: int | None = None, alone: bool = False, stored: StoredRun | None = None, watch: tuple[str, ...] = (),
    ) -> TrainingJob:  # fmt: skip
        """Start an experiment, or let it wait for its turn, or share the run of an equal one; never blocks.

        ``play`` trains from the start, else step 0 is shown and the run waits for commands. ``every`` is a first
        guess of the steps between snapshots, such as what an earlier run of the same experiment came to. With a
        ``goal`` the run trains to this step and waits there. Users share what plays at full speed, unless this one
        wants to be ``alone``. With a ``stored`` run it goes on where an equal one ended. What is to be ``watch``ed is
        read beside everything else.
        """
        start = self._start(play=play, speed=speed, every=every, goal=goal if play else None, watch=watch)
        if not user or alone or not play or speed:
            return self._begin(self._job(experiment, user, start, stored))
        self._shared = {key: job for key, job in self._shared.items() if not job.state.ended}
        shared = self._shared.get((experiment, goal))
        if shared and shared.share(user):
            shared.watch(watch)
            return shared
        job = self._shared[experiment, goal] = self._job(experiment, user, start, stored)
        return self._begin(job)

    def stored(self, experiment: Experiment, goal: int | None = None) -> StoredRun | None:
        """What was stored of an equal run: all of it where that is complete, else what it needs to go on."""
        return self._store.find(experiment, goal) if self._store else None

    @owned
    def steer(self, /, job: TrainingJob, user: str, do: str, **words: Any) -> TrainingJob:
        """Tell a run something for one of its readers, and give the run that obeys.

        Where others look on, this reader gets a run of their own, which goes on from here; theirs is left as it is.
        """
        if job.alone:
            job.send(do, **words)
            return job
        own = self._job(job.experiment, user, self._start())
        own.send(do, **words)
        job.leave(user)

        def begin(here: Branch) -> None:
            own.go_on_from(here)
            self._begin(own)

        job.branch(begin)
        return own

    @owned
    def measure(self, study: Study, user: str = "") -> StudyJob:
        """Start a study, or let it wait for its turn, or share what an equal one has found; never blocks."""
        found = self._studies.find(study)
        if found:
            return found
        job = StudyJob(study, user, self.settings, self.scheduler)
        account.follow(job, study)
        self._studies.keep(job)
        self.scheduler.accept(job)
        return job

    @owned
    def look_back(self, experiment: Experiment, unit: Unit, steps: Sequence[int], user: str = "") -> InsideJob:
        """Look into a unit at steps of the past: the first seed is trained again, as soon as it is its turn."""
        job = InsideJob(experiment, unit, steps, user, self.settings, self.scheduler)
        account.follow(job, experiment, job.kind)
        self.scheduler.accept(job)
        return job

    @owned
    def sweep(self, grid: Grid, user: str = "") -> SweepJob:
        """Start the networks of a map or sweep, or let them wait for their turn; never blocks."""
        processes = min(cores(), self.settings.workers, grid.total)
        job = SweepJob(grid, user, self.settings, processes, self.scheduler)
        account.follow(job, grid)
        if grid.steps > self.settings.step_budget:
            job.end("failed", f"steps was {grid.steps:,}; allowed here are 1 to {self.settings.step_budget:,}.")
        else:
            job.begin()
        return job

    @property
    def full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return self.scheduler.full

    @property
    def closed(self) -> bool:
        """Whether nothing is accepted any more."""
        return self.scheduler.closed

    def close(self) -> None:
        """Store what can go on later, end every run and the warm process; afterwards nothing is accepted."""
        again, self.scheduler.closed = self.scheduler.closed, True
        if not again:
            self._rest_all().wait(ASLEEP_WITHIN_SECONDS)
            self._store_what_is_under_way()
            self._writers.shutdown()
        self.scheduler.close()
        self.scheduler.backend.close()
        self.scheduler.empty.wait(GONE_WITHIN_SECONDS)
        self.owner.close()

    def _start(self, **asked: Any) -> Start:
        settings = self.settings
        return Start(
            **asked, budget=settings.step_budget, run_seconds=settings.run_seconds, memory_mib=settings.memory_mib,
            idle_seconds=settings.idle_seconds, rest_seconds=settings.rest_seconds,
            checkpoint_seconds=settings.checkpoint_seconds if self.scheduler.backend.resumes else 0,
        )  # fmt: skip

    def _job(self, experiment: Experiment, user: str, start: Start, stored: StoredRun | None = None) -> TrainingJob:
        job = TrainingJob(experiment, user, start, self.settings.history_mib, self.scheduler, stored)
        account.follow(job, experiment)
        self._store_when_it_arrives(job)
        return job

    def _begin(self, job: TrainingJob) -> TrainingJob:
        self.scheduler.accept(job)
        return job

    def _store_when_it_arrives(self, job: TrainingJob) -> None:
        """If nobody has changed its course until then."""

        def hear(change: Change) -> None:
            if isinstance(change, State) and job.arrived:
                job.unsubscribe(hear)
                self._keep(job)

        if self._store:
            self._jobs.add(job)
            job.subscribe(hear, so_far=False)

    @owned
    def _rest_all(self) -> threading.Event:
        """Have all runs that are under way sleep; the event is set when they do."""
        under_way, resting = [job for job in self._jobs if job.can_be_stored], threading.Event()

        def look(change: Change | None = None) -> None:
            if not any(job.under_way for job in under_way):
                resting.set()

        for job in under_way:
            job.subscribe(look, so_far=False)
            job.rest(now=True)
        look()
        return resting

    @owned
    def _store_what_is_under_way(self) -> None:
        for job in [job for job in self._jobs if job.can_be_stored]:
            self._keep(job)

    def _keep(self, job: TrainingJob) -> None:
        """Writing is done in a thread of its own."""
        stored = job.stored()
        if stored and self._store:
            with contextlib.suppress(RuntimeError):  # no thread, or the server has stopped: the run is trained again
                self._writers.submit(self._store.keep, stored)


_shared: Service | None = None
_shared_lock = threading.Lock()


def shared() -> Service:
    """The one service of this process, made with the host's settings when first asked for, or after it was closed."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared.closed:
            settings = Settings()
            _shared = Service(settings, store=Store(default_folder(), settings.cache_mib))
            atexit.register(_shared.close)
        return _shared
