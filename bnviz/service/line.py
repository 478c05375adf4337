"""Who is next: the line in front of so many places, fair to every user. Holds no thread, no clock, no process."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from typing import Generic, Protocol, TypeVar


class Guest(Protocol):
    """Who stands in line: for whom, what it is part of, and whether it is over already."""

    @property
    def owner(self) -> Hashable: ...
    @property
    def work(self) -> Hashable: ...
    @property
    def over(self) -> bool: ...


G = TypeVar("G", bound=Guest)


class Line(Generic[G]):
    """Owners take turns, each with their oldest guest first.

    An owner has at most ``each`` works at a place and as many in line; the
    processes of one work count as one.
    """

    def __init__(self, places: int, most_waiting: int, each: int) -> None:
        self._places, self._most_waiting, self._each = places, most_waiting, each
        self._waiting: OrderedDict[Hashable, deque[G]] = OrderedDict()
        self.placed: set[G] = set()

    def join(self, guest: G) -> str:
        """Stand in line; or else the sentence why not."""
        self._tidy()
        own = {other.work for other in self._waiting.get(guest.owner, ())} | {guest.work}
        if len(own) > self._each:
            return "One of your runs waits in line already. Try again when it has begun, or end it."
        if self.free < 1 and len(self) >= self._most_waiting:
            return f"{len(self)} runs are waiting already. Try again in a minute."
        self._waiting.setdefault(guest.owner, deque()).append(guest)
        return ""

    def call(self) -> G | None:
        """The next guest, from now on at a place; None where there is none, or no room."""
        self._tidy()
        if self.free < 1:
            return None
        for owner, guests in self._waiting.items():
            if not self.blockers(guests[0]):
                guest = guests.popleft()
                self._waiting.move_to_end(owner)
                self.placed.add(guest)
                return guest
        return None

    def leave(self, guest: G) -> None:
        """It needs no place any more."""
        self.placed.discard(guest)
        for guests in self._waiting.values():
            if guest in guests:
                guests.remove(guest)

    def blockers(self, guest: G) -> list[G]:
        """Those of its own owner at whose places' end it could begin, if there was room."""
        others = [other for other in self.placed if other.owner == guest.owner and other.work != guest.work]
        busy = [other for other in others if not other.over]
        return busy if len({other.work for other in busy}) >= self._each else []

    @property
    def free(self) -> int:
        """How many places are free."""
        return self._places - len(self.placed)

    def __len__(self) -> int:
        """How many stand in line."""
        return sum(not guest.over for guests in self._waiting.values() for guest in guests)

    def __iter__(self) -> Iterator[G]:
        """Everybody in line, in the order in which they will be called if all goes well."""
        self._tidy()
        rounds = [list(guests) for guests in self._waiting.values()]
        for turn in range(max(map(len, rounds), default=0)):
            yield from (guests[turn] for guests in rounds if turn < len(guests))

    def _tidy(self) -> None:
        for owner, guests in list(self._waiting.items()):
            kept = deque(guest for guest in guests if not guest.over)
            if kept:
                self._waiting[owner] = kept
            else:
                del self._waiting[owner]
