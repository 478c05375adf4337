"""Where experiments run: so many processes at once, the rest in line, first come first served."""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque

from bnviz.experiment import Experiment
from bnviz.service.handle import Handle
from bnviz.service.limits import Limits
from bnviz.service.nursery import Nursery


class Service:
    """Runs experiments, each in a process of its own. ``engine`` names the trainer, as ``module:name``."""

    def __init__(self, limits: Limits | None = None, engine: str = "bnviz.engine:Lockstep") -> None:
        self.limits = limits or Limits()
        self.nursery = Nursery(engine)
        self._lock = threading.Lock()
        self._running: dict[Handle, threading.Thread] = {}
        self._waiting: deque[Handle] = deque()
        self._held_seconds: deque[float] = deque(maxlen=20)
        self.closed = False

    def warm(self) -> None:
        """Get ready for the first run, without waiting for it."""
        self.nursery.warm()

    def submit(
        self, experiment: Experiment, user: str = "", *, play: bool = False, speed: int = 0, every: int | None = None
    ) -> Handle:
        """Start an experiment, or put it in line; never blocks.

        ``play`` trains from the start, else step 0 is shown and the run waits for commands. ``every`` is a first
        guess of the steps between snapshots, such as what an earlier run of the same experiment came to.
        """
        limits = self.limits
        start = {
            "play": play, "speed": speed, "every": every, "budget": limits.step_budget,
            "idle_seconds": limits.idle_seconds, "memory_mib": limits.memory_mib,
        }  # fmt: skip
        handle = Handle(experiment, user, start, limits.history_mib, self._recount)
        with self._lock:
            if self.closed:
                handle.refuse("The server is shutting down.")
            elif len(self._running) >= limits.workers and len(self._waiting) >= limits.queue:
                handle.refuse(f"{len(self._waiting)} runs are waiting already. Try again in a minute.")
            else:
                self._waiting.append(handle)
                self._fill()
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
            handle.cancel()
            handle.kill()
        self.nursery.close()
        for thread in threads:
            thread.join(5.0)

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

    def _run(self, handle: Handle) -> None:
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
