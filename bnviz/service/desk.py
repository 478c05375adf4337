"""In front of the places: who works, who waits and for how long, and how many pictures a second can be afforded.

Fairness is ``line``'s; this is the thread that follows each job, and the word to those who wait.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from typing import Any

from bnviz.service.job import Job
from bnviz.service.limits import Limits
from bnviz.service.line import Line
from bnviz.service.places.place import Place
from bnviz.service.worker.pace import PER_SECOND

SLOWER = ((4, PER_SECOND), (8, 8.0))
"""Up to so many jobs a core: so many pictures a second."""

SLOWEST = 5.0


def pictures_for(jobs: int, cores: int) -> float:
    """How many pictures a second each of so many jobs may show: on a busy machine fewer, before anybody is refused."""
    return next((pictures for most, pictures in SLOWER if jobs <= most * cores), SLOWEST)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Desk:
    """Gives every job a place when it is its turn. Methods may be called from any thread."""

    def __init__(self, limits: Limits, place: Place) -> None:
        self.place = place
        self._limits, self._cores = limits, cores()
        self._lock = threading.RLock()
        self._line: Line[Job[Any]] = Line(limits.workers, limits.queue, limits.per_user)
        self._threads: dict[Job[Any], threading.Thread] = {}
        self._held_seconds: deque[float] = deque(maxlen=20)
        self.pictures = PER_SECOND
        self.closed = False

    @property
    def running(self) -> int:
        """How many places are taken."""
        return len(self._line.placed)

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    @property
    def full(self) -> bool:
        """Whether a newcomer would have to wait."""
        return self._line.free < 1

    def accept(self, job: Job[Any]) -> None:
        """Give it a place now or later, or say in one sentence why not; never blocks."""
        with self._lock:
            refusal = "The server is shutting down." if self.closed else self._line.join(job)
            if refusal:
                job.refuse(refusal)
            else:
                self.recount()

    def recount(self) -> None:
        """Somebody came or went: start what there is room for, and tell the others where they stand."""
        with self._lock:
            while not self.closed and (job := self._line.call()):
                self._threads[job] = threading.Thread(target=self._follow, args=(job,), name="bnviz-run", daemon=True)
                self._threads[job].start()
            for position, job in enumerate(self._line, 1):
                blockers = self._line.blockers(job)
                for blocker in blockers:
                    blocker.give_way()
                job.wait_in_queue(position, self._estimate(position), bool(blockers))
            self._share_out()

    def close(self) -> None:
        """End every job; afterwards none is accepted."""
        with self._lock:
            self.closed = True
            jobs, threads = [*self._line, *self._line.placed], list(self._threads.values())
        for job in jobs:
            job.end()
            job.kill()
        self.place.close()
        for thread in threads:
            thread.join(5.0)

    def _share_out(self) -> None:
        """With the lock held: pictures are dear, so a busy machine takes fewer of each run."""
        pictures = pictures_for(self.running, self._cores)
        if pictures != self.pictures:
            self.pictures = pictures
            for job in self._line.placed:
                job.send_pictures(pictures)

    def _estimate(self, position: int) -> float | None:
        if not self._held_seconds:
            return None
        return round(position * sum(self._held_seconds) / len(self._held_seconds) / self._limits.workers, 1)

    def _follow(self, job: Job[Any]) -> None:
        begun = time.monotonic()
        try:
            job.run(self.place)
        finally:
            with self._lock:
                del self._threads[job]
                self._line.leave(job)
                self._held_seconds.append(time.monotonic() - begun)
                self.recount()
            job.left()
