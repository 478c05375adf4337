"""All seats of this process, found by the tokens that their pages bring."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from bnviz.live.feed import Feed
from bnviz.live.seat import Seat
from bnviz.service import Handle, Service, shared
from bnviz.snapshot import Snapshot

__all__ = ["Seat", "Seats", "shared_seats", "take_seat"]

MOST_UNSEEN = 100
"""So many seats may have no page that looks on; beyond, the ones unseen longest are emptied and forgotten."""


class Seats:
    """Hands out seats and finds them again. A seat that was forgotten is known again once it is used."""

    def __init__(
        self,
        service: Service,
        timer: Callable[[float, Callable[[], None]], threading.Timer] = threading.Timer,
    ) -> None:
        self.service = service
        self.timer = timer
        self._lock = threading.Lock()
        self._seats: dict[bytes, Seat] = {}
        self._feeds: WeakKeyDictionary[Handle, Feed] = WeakKeyDictionary()

    def feed_of(self, handle: Handle, so_far: Feed) -> Feed:
        """The rows of a run, packed once for all who share it; ``so_far`` is what they begin with if nobody did yet."""
        with self._lock:
            known = self._feeds.get(handle)
            if known is None:
                self._feeds[handle] = so_far
        if known is None:
            handle.subscribe(lambda change: so_far.add(change) if isinstance(change, Snapshot) else None)
        return so_far if known is None else known

    def take(self, user: str = "") -> Seat:
        """A new seat for this user; without a name, for one who has no other."""
        seat = Seat(self, user)
        self.keep(seat)
        return seat

    def keep(self, seat: Seat) -> None:
        """Let a seat in (again), as the one used last."""
        with self._lock:
            self._seats.pop(_digest(seat.token), None)
            self._seats[_digest(seat.token)] = seat
            unseen = [key for key, other in self._seats.items() if not other.viewers]
            forgotten = [self._seats.pop(key) for key in itertools.islice(unseen, max(0, len(unseen) - MOST_UNSEEN))]
        for other in forgotten:
            other.empty()

    def forget(self, seat: Seat) -> None:
        """A page that brings this token is told that it is lost."""
        with self._lock:
            self._seats.pop(_digest(seat.token), None)

    def find(self, token: str) -> Seat | None:
        """The seat of a token, or None. Compares digests, so that timing tells nothing of a token."""
        seat = self._seats.get(_digest(token))
        if seat:
            self.keep(seat)
        return seat


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_shared: Seats | None = None
_shared_lock = threading.Lock()


def shared_seats() -> Seats:
    """The seats of this process, in front of its one service."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared.service is not shared():
            _shared = Seats(shared())
        return _shared


def take_seat(user: str = "") -> Seat:
    """A seat for a browser session; keep it as long as the session lasts, call ``leave`` when it ends."""
    return shared_seats().take(user)
