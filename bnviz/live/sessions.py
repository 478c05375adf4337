"""All sessions of this process, found by the tokens that their pages bring."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from bnviz.live.feed import Feed
from bnviz.live.session import Session
from bnviz.service import Service, TrainingJob, shared
from bnviz.snapshot import Snapshot

MOST_UNSEEN = 100
"""So many sessions may have no page that looks on; beyond, the ones unseen longest are emptied and forgotten."""


class Sessions:
    """Hands out sessions and finds them again. A session that was forgotten is known again once it is used."""

    def __init__(
        self,
        service: Service,
        timer: Callable[[float, Callable[[], None]], threading.Timer] = threading.Timer,
    ) -> None:
        self.service = service
        self.timer = timer
        self._lock = threading.Lock()
        self._sessions: dict[bytes, Session] = {}
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

    def keep(self, session: Session) -> None:
        """Let a session in (again), as the one used last."""
        with self._lock:
            self._sessions.pop(_digest(session.token), None)
            self._sessions[_digest(session.token)] = session
            unseen = [key for key, other in self._sessions.items() if not other.connections]
            forgotten = [self._sessions.pop(key) for key in itertools.islice(unseen, max(0, len(unseen) - MOST_UNSEEN))]
        for other in forgotten:
            other.empty()

    def forget(self, session: Session) -> None:
        """A page that brings this token is told that it is lost."""
        with self._lock:
            self._sessions.pop(_digest(session.token), None)

    def find(self, token: str) -> Session | None:
        """The session of a token, or None. Compares digests, so that timing tells nothing of a token."""
        session = self._sessions.get(_digest(token))
        if session:
            self.keep(session)
        return session


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
