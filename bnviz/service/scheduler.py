"""Who runs next: gives every job a process when it is its turn, and shares out what the machine can show.

Fairness is the business of ``fair_queue``; this is the thread that follows each job, and the word to those who wait.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from typing import Any

from bnviz.service.backends.backend import Backend
from bnviz.service.fair_queue import FairQueue
from bnviz.service.job import Job
from bnviz.service.worker.pace import PER_SECOND
from bnviz.settings import Settings

SLOWER = ((4, PER_SECOND), (8, 8.0))
"""Up to so many jobs a core: so many snapshots a second."""

SLOWEST = 5.0


def snapshots_for(jobs: int, cores: int) -> float:
    """How many snapshots a second each of so many jobs may show: on a busy machine fewer, before anybody is refused."""
    return next((rate for most, rate in SLOWER if jobs <= most * cores), SLOWEST)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Scheduler:
    """Gives every job a process of the ``backend`` when it is its turn. Methods may be called from any thread."""

    def __init__(self, settings: Settings, backend: Backend) -> None:
        self.backend = backend
        self._slots, self._cores = settings.workers, cores()
        self._lock = threading.RLock()
        self._queue: FairQueue[Job[Any]] = FairQueue(settings.workers, settings.queue, settings.per_user)
        self._threads: dict[Job[Any], threading.Thread] = {}
        self._held_seconds: deque[float] = deque(maxlen=20)
        self.snapshots_per_second = PER_SECOND
        self.closed = False

    @property
    def running(self) -> int:
        """How many processes are taken."""
        return len(self._queue.active)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._queue)

    @property
    def full(self) -> bool:
        """Whether a newcomer would have to wait."""
        return self._queue.free < 1

    def accept(self, job: Job[Any]) -> None:
        """Give it a process now or later, or say in one sentence why not; never blocks."""
        with self._lock:
            refusal = "The server is shutting down." if self.closed else self._queue.join(job)
            if refusal:
                job.refuse(refusal)
            else:
                self.recount()

    def recount(self) -> None:
        """Somebody came or went: start what there is room for, and tell the others where they stand."""
        with self._lock:
            while not self.closed and (job := self._queue.next()):
                self._threads[job] = threading.Thread(target=self._follow, args=(job,), name="bnviz-run", daemon=True)
                self._threads[job].start()
            for position, job in enumerate(self._queue, 1):
                blockers = self._queue.blockers(job)
                for blocker in blockers:
                    blocker.give_way()
                job.wait_in_queue(position, self._estimate(position), bool(blockers))
            self._share_out()

    def close(self) -> None:
        """End every job; afterwards none is accepted."""
        with self._lock:
            self.closed = True
            jobs, threads = [*self._queue, *self._queue.active], list(self._threads.values())
        for job in jobs:
            job.end()
            job.kill()
        self.backend.close()
        for thread in threads:
            thread.join(5.0)

    def _share_out(self) -> None:
        """With the lock held: snapshots are dear, so a busy machine takes fewer of each run."""
        rate = snapshots_for(self.running, self._cores)
        if rate != self.snapshots_per_second:
            self.snapshots_per_second = rate
            for job in self._queue.active:
                job.send_snapshot_rate(rate)

    def _estimate(self, position: int) -> float | None:
        if not self._held_seconds:
            return None
        return round(position * sum(self._held_seconds) / len(self._held_seconds) / self._slots, 1)

    def _follow(self, job: Job[Any]) -> None:
        begun = time.monotonic()
        try:
            job.run(self.backend)
        finally:
            with self._lock:
                del self._threads[job]
                self._queue.leave(job)
                self._held_seconds.append(time.monotonic() - begun)
                self.recount()
            job.left()
