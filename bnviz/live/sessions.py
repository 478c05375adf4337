"""All sessions and displays of this process, found by the tokens that their pages bring."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from bnviz.live.audience import Audience
from bnviz.live.display import Display
from bnviz.live.feed import Feed
from bnviz.live.session import Session
from bnviz.service import Service, TrainingJob, shared
from bnviz.snapshot import Snapshot

MOST_UNSEEN = 100
"""So many may have no page that looks on; beyond, the ones unseen longest are emptied and forgotten."""


class Sessions:
    """Hands out sessions and displays and finds them again. What was forgotten is known again once it is used."""

    def __init__(
        self,
        service: Service,
        timer: Callable[[float, Callable[[], None]], threading.Timer] = threading.Timer,
    ) -> None:
        self.service = service
        self.timer = timer
        self._lock = threading.Lock()
        self._audiences: dict[bytes, Audience] = {}
        self._feeds: WeakKeyDictionary[TrainingJob, Feed] = WeakKeyDictionary()

    def feed_of(self, job: TrainingJob, so_far: Feed) -> Feed:
        """The rows of a run, packed once for all who share it; ``so_far`` is what they begin with if nobody did yet."""
        with self._lock:
            known = self._feeds.get(job)
            if known is None:
                self._feeds[job] = so_far
        if known is None:
            job.subscribe(lambda change: so_far.add(change) if isinstance(change, Snapshot) else None)
        return so_far if known is None else known

    def take(self, user: str = "") -> Session:
        """A new session for this user; without a name, for one who has no other."""
        session = Session(self, user)
        self.keep(session)
        return session

    def display(self, user: str = "") -> Display:
        """A new display for this user."""
        display = Display(self, user)
        self.keep(display)
        return display

    def keep(self, audience: Audience) -> None:
        """Let it in (again), as the one used last."""
        with self._lock:
            self._audiences.pop(_digest(audience.token), None)
            self._audiences[_digest(audience.token)] = audience
            unseen = [key for key, other in self._audiences.items() if not other.connections]
            crowded = itertools.islice(unseen, max(0, len(unseen) - MOST_UNSEEN))
            forgotten = [self._audiences.pop(key) for key in crowded]
        for other in forgotten:
            other.empty()

    def forget(self, audience: Audience) -> None:
        """A page that brings this token is told that it is lost."""
        with self._lock:
            self._audiences.pop(_digest(audience.token), None)

    def find(self, token: str) -> Audience | None:
        """What a token opens, or None. Compares digests, so that timing tells nothing of a token."""
        audience = self._audiences.get(_digest(token))
        if audience:
            self.keep(audience)
        return audience


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_shared: Sessions | None = None
_shared_lock = threading.Lock()


def shared_sessions() -> Sessions:
    """The sessions of this process, in front of its one service."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared.service is not shared():
            _shared = Sessions(shared())
        return _shared


def open_session(user: str = "") -> Session:
    """A session for a browser session; keep it as long as the session lasts, call ``leave`` when it ends."""
    return shared_sessions().take(user)


def open_display(user: str = "") -> Display:
    """A display for a map, a sweep or a study on a page."""
    return shared_sessions().display(user)
