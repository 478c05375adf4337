"""Who is next: a queue in front of so many slots, fair to every user. Holds no thread, no clock, no process."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, Protocol, TypeVar


class Entry(Protocol):
    """What waits: whose turn it takes, what it is part of, and whether it has ended already.

    All of that may change while it waits.
    """

    @property
    def whose(self) -> Hashable: ...
    @property
    def work(self) -> Hashable: ...
    @property
    def ended(self) -> bool: ...


E = TypeVar("E", bound=Entry)


class FairQueue(Generic[E]):
    """All take turns, each with their oldest entry first.

    Each holds at most ``each`` works in slots and as many waiting; the
    processes of one work count as one.
    """

    def __init__(self, slots: int, most_waiting: int, each: int) -> None:
        self._slots, self._most_waiting, self._each = slots, most_waiting, each
        self._entries: list[E] = []
        self._turns: list[Hashable] = []
        self.active: set[E] = set()

    def join(self, entry: E, at_any_rate: bool = False) -> str:
        """Wait for a slot; or else the sentence why not. ``at_any_rate`` lets in who has been here before."""
        own = {other.work for other in self._waiting if other.whose == entry.whose} | {entry.work}
        if len(own) > self._each and not at_any_rate:
            return "One of your runs is in the queue already. Try again when it has begun, or end it."
        if self.free < 1 and len(self) >= self._most_waiting and not at_any_rate:
            return f"{len(self)} runs are waiting already. Try again in a minute."
        self._entries.append(entry)
        return ""

    def next(self) -> E | None:
        """The next entry, which has a slot from now on; None where there is none, or no room."""
        if self.free < 1:
            return None
        for whose, entries in self._rounds().items():
            if not self.blockers(entries[0]):
                self._entries.remove(entries[0])
                self._turns.remove(whose)
                self._turns.append(whose)
                self.active.add(entries[0])
                return entries[0]
        return None

    def leave(self, entry: E) -> None:
        """It needs no slot any more."""
        self.active.discard(entry)
        self._entries = [other for other in self._entries if other is not entry]

    def blockers(self, entry: E) -> list[E]:
        """Those of the same user at whose end it could begin, if there was room."""
        others = [other for other in self.active if other.whose == entry.whose and other.work != entry.work]
        busy = [other for other in others if not other.ended]
        return busy if len({other.work for other in busy}) >= self._each else []

    @property
    def free(self) -> int:
        """How many slots are free."""
        return self._slots - len(self.active)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def __iter__(self) -> Iterator[E]:
        """All that wait, in the order in which their turns come if all goes well."""
        rounds = list(self._rounds().values())
        for turn in range(max(map(len, rounds), default=0)):
            yield from (entries[turn] for entries in rounds if turn < len(entries))

    @property
    def _waiting(self) -> list[E]:
        """What has ended while it waited is not there any more."""
        self._entries = [entry for entry in self._entries if not entry.ended]
        return self._entries

    def _rounds(self) -> dict[Hashable, list[E]]:
        """What each has waiting, those first whose turn was longest ago."""
        waiting: dict[Hashable, list[E]] = {}
        for entry in self._waiting:
            waiting.setdefault(entry.whose, []).append(entry)
        self._turns = [whose for whose in self._turns if whose in waiting]
        self._turns += [whose for whose in waiting if whose not in self._turns]
        return {whose: waiting[whose] for whose in self._turns}
