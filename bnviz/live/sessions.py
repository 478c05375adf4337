"""All sessions and displays of this process, found by the tokens that their pages bring."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

from bnviz.live.audience import Audience, Listener
from bnviz.live.display import Display
from bnviz.live.feed import Feed
from bnviz.live.session import Session
from bnviz.live.stream import Stream
from bnviz.service import Service, TrainingJob, owned, shared
from bnviz.snapshot import Snapshot

_log = logging.getLogger(__name__)

MOST_UNSEEN = 100
"""So many may have no page that looks on; beyond, the ones unseen longest are emptied and forgotten."""


class Sessions:
    """Hands out sessions and displays and finds them again. What was forgotten is known again once it is used."""

    def __init__(self, service: Service) -> None:
        self.service, self.owner = service, service.owner
        self._audiences: dict[bytes, Audience] = {}
        self._feeds: WeakKeyDictionary[TrainingJob, Feed] = WeakKeyDictionary()
        self._painters = ThreadPoolExecutor(1, "bnviz-paint")

    @owned
    def feed_of(self, job: TrainingJob, so_far: Feed) -> Feed:
        """The rows of a run, packed once for all who share it; ``so_far`` is what they begin with if nobody did yet."""
        known = self._feeds.get(job)
        if known is None:
            self._feeds[job] = so_far
            job.subscribe(lambda change: so_far.add(change) if isinstance(change, Snapshot) else None)
        return so_far if known is None else known

    def paint(self, act: Callable[[], object]) -> None:
        """Do this beside the owner, behind what was to be painted before; what fails costs one picture."""

        def do() -> None:
            try:
                act()
            except Exception:
                _log.exception("a picture could not be drawn")

        self._painters.submit(do)

    @owned
    def take(self, user: str = "") -> Session:
        """A new session for this user; without a name, for one who has no other."""
        session = Session(self, user)
        self.keep(session)
        return session

    @owned
    def display(self, user: str = "") -> Display:
        """A new display for this user."""
        display = Display(self, user)
        self.keep(display)
        return display

    @owned
    def keep(self, audience: Audience) -> None:
        """Let it in (again), as the one used last. Who is about to open a socket is the last to be pushed out."""
        self.forget(audience)
        self._audiences[_digest(audience.token)] = audience
        unseen = [other for other in self._audiences.values() if not other.connections and other is not audience]
        crowded = max(0, len(unseen) + (not audience.connections) - MOST_UNSEEN)
        for other in sorted(unseen, key=lambda other: other.expected)[:crowded]:
            other.empty()

    @owned
    def forget(self, audience: Audience) -> None:
        """A page that brings this token is told that it is lost."""
        self._audiences.pop(_digest(audience.token), None)

    @owned
    def open(self, token: str, connection: Listener, run: int, since: int) -> tuple[Audience, Stream] | None:
        """Have a page look on at what its token opens; None where that is nothing (any more)."""
        audience = self.find(token)
        if audience is None:
            return None
        stream = audience.stream(run, since)
        audience.attach(connection)
        return audience, stream

    @owned
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
    """A session for a browser session; keep it as long as the session lasts."""
    return shared_sessions().take(user)


def open_display(user: str = "") -> Display:
    """A display for a map, a sweep or a study on a page."""
    return shared_sessions().display(user)
