"""All seats of this process, found by the tokens that their pages bring."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable

from bnviz.live.seat import Seat
from bnviz.service import Service, shared

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

    def take(self) -> Seat:
        """A new seat."""
        seat = Seat(self)
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


def take_seat() -> Seat:
    """A seat for a browser session; keep it as long as the session lasts, call ``leave`` when it ends."""
    return shared_seats().take()
