"""Where experiments and studies run: so many processes at once, the rest in line, first come first served."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import deque
from typing import Any

from bnviz.experiment import Experiment
from bnviz.service.handle import Handle
from bnviz.service.job import Job
from bnviz.service.limits import Limits
from bnviz.service.measurement import Measurement, Shelf
from bnviz.service.nursery import Nursery
from bnviz.service.sweep_handle import SweepHandle
from bnviz.study import Study
from bnviz.sweeps import Grid


class Service:
    """Runs experiments and studies, each in a process of its own, and sweeps, each in as many as there are cores.

    ``engine`` names the trainer, as ``module:name``; what measures studies is ``measure`` of the same module, what
    trains the cells of a sweep ``train_cells``.
    """

    def __init__(self, limits: Limits | None = None, engine: str = "bnviz.engine:Lockstep") -> None:
        self.limits = limits or Limits()
        self.nursery = Nursery(engine)
        self._lock = threading.Lock()
        self._running: dict[Job[Any], threading.Thread] = {}
        self._waiting: deque[Job[Any]] = deque()
        self._shelf = Shelf()
        self._held_seconds: deque[float] = deque(maxlen=20)
        self.closed = False

    def warm(self) -> None:
        """Get ready for the first run, without waiting for it."""
        self.nursery.warm()

    def submit(
        self, experiment: Experiment, user: str = "", *, play: bool = False, speed: int = 0, every: int | None = None,
        goal: int | None = None,
    ) -> Handle:  # fmt: skip
        """Start an experiment, or put it in line; never blocks.

        ``play`` trains from the start, else step 0 is shown and the run waits for commands. ``every`` is a first
        guess of the steps between snapshots, such as what an earlier run of the same experiment came to. With a
        ``goal`` the run trains to this step and waits there.
        """
        limits = self.limits
        start = {
            "play": play, "speed": speed, "every": every, "goal": goal, "budget": limits.step_budget,
            "idle_seconds": limits.idle_seconds, "memory_mib": limits.memory_mib,
        }  # fmt: skip
        handle = Handle(experiment, user, start, limits.history_mib, self._recount)
        self._accept(handle)
        return handle

    def measure(self, study: Study, user: str = "") -> Measurement:
        """Start a study, or put it in line, or share what an equal one has found; never blocks."""
        found = self._shelf.find(study)
        if found:
            return found
        measurement = Measurement(study, user, self.limits, self._recount)
        self._shelf.keep(measurement)
        self._accept(measurement)
        return measurement

    def sweep(self, grid: Grid, user: str = "") -> SweepHandle:
        """Start the networks of a map or sweep, or put them in line; never blocks."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        processes = min(cores, self.limits.workers, grid.total)
        handle = SweepHandle(grid, user, self.limits, processes, self._accept, self._recount)
        if grid.steps > self.limits.step_budget:
            handle.end("failed", f"steps was {grid.steps:,}; allowed here are 1 to {self.limits.step_budget:,}.")
        else:
            handle.begin()
        return handle

    @property
    def running(self) -> int:
        """How many processes are taken."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """How many runs stand in line."""
        return len(self._waiting)

    def close(self) -> None:
        """End every run and the warm process; afterwards nothing is accepted."""
        with self._lock:
            self.closed = True
            handles, threads = [*self._waiting, *self._running], list(self._running.values())
            self._waiting.clear()
        for handle in handles:
            handle.end()
            handle.kill()
        self.nursery.close()
        for thread in threads:
            thread.join(5.0)

    def _accept(self, job: Job[Any]) -> None:
        limits = self.limits
        with self._lock:
            if self.closed:
                job.refuse("The server is shutting down.")
            elif len(self._running) >= limits.workers and len(self._waiting) >= limits.queue:
                job.refuse(f"{len(self._waiting)} runs are waiting already. Try again in a minute.")
            else:
                self._waiting.append(job)
                self._fill()

    def _recount(self) -> None:
        with self._lock:
            self._fill()

    def _fill(self) -> None:
        """With the lock held: start what there is room for, and tell the others where they stand."""
        self._waiting = deque(waiting for waiting in self._waiting if not waiting.state.ended)
        while not self.closed and self._waiting and len(self._running) < self.limits.workers:
            handle = self._waiting.popleft()
            thread = threading.Thread(target=self._run, args=(handle,), name="bnviz-run", daemon=True)
            self._running[handle] = thread
            thread.start()
        for position, handle in enumerate(self._waiting, 1):
            handle.wait_in_queue(position, self._estimate(position))

    def _estimate(self, position: int) -> float | None:
        if not self._held_seconds:
            return None
        return round(position * sum(self._held_seconds) / len(self._held_seconds) / self.limits.workers, 1)

    def _run(self, handle: Job[Any]) -> None:
        begun = time.monotonic()
        try:
            handle.run(self.nursery.connect)
        finally:
            with self._lock:
                del self._running[handle]
                self._held_seconds.append(time.monotonic() - begun)
                self._fill()


_shared: Service | None = None
_shared_lock = threading.Lock()


def shared() -> Service:
    """The one service of this process, made with the host's settings when first asked for, or after it was closed."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared.closed:
            _shared = Service(Limits.from_environment())
            atexit.register(_shared.close)
        return _shared
