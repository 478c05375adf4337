"""Who runs next: gives every job a process when it is its turn, and shares out what the machine can show.

Fairness is the business of ``fair_queue``; this is the word to those who wait, and to those who have to make room.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from typing import Any

from bnviz.service.backends.backend import Backend
from bnviz.service.fair_queue import FairQueue
from bnviz.service.job import Job
from bnviz.service.owner import Owner, owned
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
    """Gives every job a process of the ``backend`` when it is its turn."""

    def __init__(self, settings: Settings, backend: Backend, owner: Owner) -> None:
        self.backend, self.owner = backend, owner
        self._slots, self._cores = settings.workers, cores()
        self._queue: FairQueue[Job[Any]] = FairQueue(settings.workers, settings.queue, settings.per_user)
        self._began: dict[Job[Any], float] = {}
        self._held_seconds: deque[float] = deque(maxlen=20)
        self._counting = self._again = False
        self.empty = threading.Event()
        """Set while nothing has a process."""
        self.empty.set()
        self.snapshots_per_second = PER_SECOND
        self.closed = False

    @property
    def running(self) -> int:
        """How many processes are taken."""
        return len(self._queue.active)

    @property
    @owned
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._queue)

    @property
    def full(self) -> bool:
        """Whether a newcomer would have to wait."""
        return self._queue.free < 1

    @owned
    def accept(self, job: Job[Any]) -> None:
        """Give it a process now or later, or say in one sentence why not; what has ended needs none."""
        if job.ended:
            return
        refusal = "The server is shutting down." if self.closed else self._queue.join(job, at_any_rate=job.slept)
        if refusal:
            job.refuse(refusal)
        else:
            self.recount()

    @owned
    def recount(self) -> None:
        """Somebody came or went: begin what there is room for, and tell the others where they stand.

        Whoever is told may come or go for that, so it is done until nothing changes.
        """
        self._again = True
        if self._counting:
            return
        self._counting = True
        try:
            while self._again:
                self._again = False
                self._count()
        finally:
            self._counting = False

    def left(self, job: Job[Any]) -> None:
        """It has given its process back."""
        self._queue.leave(job)
        self._held_seconds.append(self.owner.now() - self._began.pop(job))
        if not self._began:
            self.empty.set()
        self.recount()

    @owned
    def close(self) -> None:
        """End every job; afterwards none is accepted."""
        self.closed = True
        for job in [*self._queue, *self._queue.active]:
            job.end()
            job.kill()

    def _count(self) -> None:
        while not self.closed and (job := self._queue.next()):
            self._began[job] = self.owner.now()
            self.empty.clear()
            job.begin()
        for deserted in [job for job in self._began if job.deserted][: len(self._queue)]:
            deserted.give_way()
        for position, job in enumerate(list(self._queue), 1):
            blockers = self._queue.blockers(job)
            for blocker in blockers:
                blocker.give_way()
            job.wait_in_queue(position, self._estimate(position), bool(blockers))
        self._share_out()

    def _share_out(self) -> None:
        """Snapshots are dear, so a busy machine takes fewer of each run."""
        rate = snapshots_for(self.running, self._cores)
        if rate != self.snapshots_per_second:
            self.snapshots_per_second = rate
            for job in list(self._queue.active):
                job.send_snapshot_rate(rate)

    def _estimate(self, position: int) -> float | None:
        if not self._held_seconds:
            return None
        return round(position * sum(self._held_seconds) / len(self._held_seconds) / self._slots, 1)
