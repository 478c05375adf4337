"""Who waits, in all and by name: so many at most, and where there are more, the one that has waited longest goes."""

from __future__ import annotations

from typing import Generic, TypeVar

Who = TypeVar("Who")


class Crowd(Generic[Who]):
    """At most so many ``in_all`` and ``per_name``; those without a name are counted in all only."""

    def __init__(self, in_all: int, per_name: int) -> None:
        self._in_all, self._per_name = in_all, per_name
        self._everybody: dict[Who, str] = {}
        self._named: dict[str, dict[Who, None]] = {}

    def __len__(self) -> int:
        return len(self._everybody)

    def add(self, who: Who, name: str = "") -> Who | None:
        """One more, who waits from now on. Gives the one that has to go for it, if one has to."""
        self._everybody[who] = name
        own = self._named.setdefault(name, {}) if name else {}
        own[who] = None
        if len(own) > self._per_name:
            return self.remove(next(iter(own)))
        if len(self._everybody) > self._in_all:
            return self.remove(next(iter(self._everybody)))
        return None

    def remove(self, who: Who) -> Who:
        """This one waits no longer; nothing happens if it did not."""
        name = self._everybody.pop(who, "")
        own = self._named.get(name, {})
        own.pop(who, None)
        if name and not own:
            self._named.pop(name, None)
        return who
