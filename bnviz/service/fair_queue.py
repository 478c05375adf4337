"""Who is next: a queue in front of so many slots, fair to every user. Holds no thread, no clock, no process."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from typing import Generic, Protocol, TypeVar


class Entry(Protocol):
    """What waits: for whom, what it is part of, and whether it has ended already."""

    @property
    def owner(self) -> Hashable: ...
    @property
    def work(self) -> Hashable: ...
    @property
    def ended(self) -> bool: ...


E = TypeVar("E", bound=Entry)


class FairQueue(Generic[E]):
    """Owners take turns, each with their oldest entry first.

    An owner holds at most ``each`` works in slots and as many waiting; the
    processes of one work count as one.
    """

    def __init__(self, slots: int, most_waiting: int, each: int) -> None:
        self._slots, self._most_waiting, self._each = slots, most_waiting, each
        self._waiting: OrderedDict[Hashable, deque[E]] = OrderedDict()
        self.active: set[E] = set()

    def join(self, entry: E) -> str:
        """Wait for a slot; or else the sentence why not."""
        self._tidy()
        own = {other.work for other in self._waiting.get(entry.owner, ())} | {entry.work}
        if len(own) > self._each:
            return "One of your runs is in the queue already. Try again when it has begun, or end it."
        if self.free < 1 and len(self) >= self._most_waiting:
            return f"{len(self)} runs are waiting already. Try again in a minute."
        self._waiting.setdefault(entry.owner, deque()).append(entry)
        return ""

    def next(self) -> E | None:
        """The next entry, which has a slot from now on; None where there is none, or no room."""
        self._tidy()
        if self.free < 1:
            return None
        for owner, entries in self._waiting.items():
            if not self.blockers(entries[0]):
                entry = entries.popleft()
                self._waiting.move_to_end(owner)
                self.active.add(entry)
                return entry
        return None

    def leave(self, entry: E) -> None:
        """It needs no slot any more."""
        self.active.discard(entry)
        for entries in self._waiting.values():
            if entry in entries:
                entries.remove(entry)

    def blockers(self, entry: E) -> list[E]:
        """Those of its own owner at whose end it could begin, if there was room."""
        others = [other for other in self.active if other.owner == entry.owner and other.work != entry.work]
        busy = [other for other in others if not other.ended]
        return busy if len({other.work for other in busy}) >= self._each else []

    @property
    def free(self) -> int:
        """How many slots are free."""
        return self._slots - len(self.active)

    def __len__(self) -> int:
        """How many wait."""
        return sum(not entry.ended for entries in self._waiting.values() for entry in entries)

    def __iter__(self) -> Iterator[E]:
        """All that wait, in the order in which their turns come if all goes well."""
        self._tidy()
        rounds = [list(entries) for entries in self._waiting.values()]
        for turn in range(max(map(len, rounds), default=0)):
            yield from (entries[turn] for entries in rounds if turn < len(entries))

    def _tidy(self) -> None:
        for owner, entries in list(self._waiting.items()):
            left = deque(entry for entry in entries if not entry.ended)
            if left:
                self._waiting[owner] = left
            else:
                del self._waiting[owner]
