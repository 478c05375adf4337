"""Who looks at one thing on the socket: its token, the pages that look on, and what happens when the last is gone.

What is looked at, and what each page is sent of it, is the business of
``Session`` (training on a board) and ``Display`` (a map, a sweep or a study).
``connections`` is replaced as a whole, so it is read without the lock.
"""

from __future__ import annotations

import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from bnviz.live.feed import Feed
from bnviz.live.protocol import REPLACED, Press, Speed
from bnviz.live.stream import Stream
from bnviz.service import Service, TrainingJob

MOST_CONNECTIONS = 3
EMPTIED_AFTER_SECONDS = 600.0
"""What nobody looked at for so long, after its work was ended, lets go of everything it showed."""


class Registry(Protocol):
    """Where audiences are found by their tokens, and what they share: the service, the clock, the rows of runs."""

    @property
    def service(self) -> Service: ...
    def timer(self, seconds: float, then: Callable[[], None], /) -> threading.Timer: ...
    def feed_of(self, job: TrainingJob, so_far: Feed) -> Feed: ...
    def keep(self, audience: Audience) -> None: ...
    def forget(self, audience: Audience) -> None: ...


class Listener(Protocol):
    """A page's end: woken when there is news, closed when it has to give way. Called from any thread."""

    def wake(self) -> None: ...
    def close(self, code: int) -> None: ...


class Audience(ABC):
    """The pages of one browser session that look at one thing; ``token`` is what they are let in by."""

    def __init__(self, registry: Registry, user: str = "") -> None:
        self.token = secrets.token_urlsafe(32)
        self.user = user or self.token
        self.connections: tuple[Listener, ...] = ()
        self._registry = registry
        self._lock = threading.RLock()
        self._grace: threading.Timer | None = None

    @abstractmethod
    def stream(self, run: int, since: int) -> Stream:
        """What one page is sent. ``run`` and ``since`` say what it shows already, if it was here before."""

    @abstractmethod
    def obey(self, command: Press | Speed) -> None:
        """Do what a reader pressed."""

    @abstractmethod
    def _looked_at(self, first: bool) -> None:
        """A page looks on, the ``first`` one or another. With the lock held."""

    @abstractmethod
    def _unseen(self) -> None:
        """The last page is gone; it may come back. With the lock held."""

    @abstractmethod
    def _abandoned(self) -> None:
        """Nobody came back in time: end the work, keep what is shown. With the lock held."""

    @abstractmethod
    def _emptied(self) -> None:
        """Let go of everything. With the lock held."""

    def attach(self, connection: Listener) -> None:
        """A page looks on; of many pages the oldest gives way."""
        with self._lock:
            if self._grace:
                self._grace.cancel()
                self._grace = None
            for crowded in self.connections[: len(self.connections) + 1 - MOST_CONNECTIONS]:
                self.connections = tuple(other for other in self.connections if other is not crowded)
                crowded.close(REPLACED)
            first, self.connections = not self.connections, (*self.connections, connection)
            self._looked_at(first)
        connection.wake()

    def detach(self, connection: Listener) -> None:
        """A page is gone. When it was the last, the work ends after the grace period."""
        with self._lock:
            self.connections = tuple(other for other in self.connections if other is not connection)
            if not self.connections:
                self._unseen()
            self.leave()

    def leave(self) -> None:
        """It may be over: unless a page looks on (again) in time, the work ends, and later everything is let go."""
        with self._lock:
            if not self.connections and not self._grace:
                self._later(self._registry.service.settings.grace_seconds, self._abandon)

    def empty(self) -> None:
        """End the work and let go of everything; it is known again when it is next used."""
        with self._lock:
            self._registry.forget(self)
            self._emptied()

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        self._grace = self._registry.timer(seconds, then)
        self._grace.daemon = True
        self._grace.start()

    def _abandon(self) -> None:
        with self._lock:
            if not self.connections:
                self._abandoned()
                self._later(EMPTIED_AFTER_SECONDS, self._forget)

    def _forget(self) -> None:
        with self._lock:
            self._grace = None
            if not self.connections:
                self.empty()

    def _notify(self) -> None:
        for connection in self.connections:
            connection.wake()
