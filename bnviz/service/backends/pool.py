"""Long-lived workers, for where fork does not exist or would break CUDA: each serves one run after the other.

One thread (``pool_loop``) starts them, and gives them away. Who asks only leaves a word there.
"""

from __future__ import annotations

import logging
import threading

from bnviz.service.backends.backend import Then
from bnviz.service.backends.pool_loop import PoolLoop

_log = logging.getLogger(__name__)

SPARES = 2
"""So many workers are kept when they have nothing to do; one at least, so that the next run starts at once."""


class WorkerPool:
    """As many workers as are asked for, ``most`` at once, and a few spare ones."""

    resumes = False
    """What ends here unexpectedly would do so again: the machine, and its memory, are the same."""

    def __init__(self, engine: str, most: int, spares: int = SPARES) -> None:
        self._engine, self._most, self._spares = engine, most, spares
        self._lock = threading.Lock()
        self._loop: PoolLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def warm(self) -> None:
        """Start a first worker, if there is none; does not wait until it is warm."""
        self._ask()

    def request(self, then: Then) -> None:
        """A worker, once one is free and has said hello; None when none can start."""
        if not self._ask(then):
            then(None)

    def doubt(self) -> None:
        """Nothing to do: the thread gives nobody a worker that has not answered, and ends those that do not."""

    @property
    def pids(self) -> list[int]:
        """Every worker's process."""
        return self._loop.pids if self._loop else []

    def close(self) -> None:
        """End every worker, and stop listening. Nothing is started any more."""
        with self._lock:
            self._closed = True
        if self._loop and self._thread:
            self._loop.stop()
            self._thread.join(5.0)

    def _ask(self, *thens: Then) -> bool:
        """Whether somebody is there to answer: not after the end, nor where the system has no room for a thread."""
        with self._lock:
            loop = None if self._closed else self._running()
            if loop:
                loop.ask(*thens)
            return loop is not None

    def _running(self) -> PoolLoop | None:
        """With the lock held: the loop, in its thread."""
        if self._thread and self._thread.is_alive():
            return self._loop
        loop = None
        try:
            loop = PoolLoop(self._engine, self._most, self._spares)
            thread = threading.Thread(target=loop.run, name="bnviz-pool", daemon=True)
            thread.start()
        except (OSError, RuntimeError) as error:
            _log.warning("No worker can be started: %s", error)
            if loop:
                loop.end()
            return None
        self._loop, self._thread = loop, thread
        return loop
