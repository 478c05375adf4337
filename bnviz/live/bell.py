"""Wakes many sockets of one event loop at once: a shared run has news for hundreds of them, from another thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading


class Bell:
    """Sets events of a loop from any thread; those that come close together are set in one go."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._waiting: set[asyncio.Event] = set()

    def ring(self, event: asyncio.Event) -> None:
        """Set this event soon. Called from any thread; when the loop is closed, nothing happens."""
        with self._lock:
            first = not self._waiting
            self._waiting.add(event)
        if first:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._set_all)

    def _set_all(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for event in waiting:
            event.set()
