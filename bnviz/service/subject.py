"""Something that runs elsewhere and is followed from here: its state, what was seen of it, and who is told."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

StateName = Literal["queued", "starting", "running", "paused", "finished", "failed", "cancelled"]
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class State:
    """Where it stands. ``position`` counts from 1 while it is queued; ``message`` is one sentence or empty."""

    name: StateName
    position: int = 0
    estimate_seconds: float | None = None
    message: str = ""
    step: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    speed: int = 0
    every: int | None = None
    goal: int | None = None
    steps_per_second: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.name in ("finished", "failed", "cancelled")


class Subject(ABC, Generic[Seen]):
    """A state that changes until it ends, and readers who hear of it. ``Seen`` is what else they hear."""

    def __init__(self, user: str, state: State) -> None:
        self.user, self._state = user, state
        self._changing = threading.RLock()
        self._callbacks: list[Callable[[Seen | State], None]] = []

    @abstractmethod
    def _so_far(self) -> Iterable[Seen]:
        """What was seen, oldest first."""

    @property
    def state(self) -> State:
        return self._state

    def subscribe(self, callback: Callable[[Seen | State], None], so_far: bool = True) -> None:
        """Call back with everything seen ``so_far``, then with each new thing and state, in order, from a thread.

        A callback must be quick, and must not wait for anything that submits or cancels.
        """
        with self._changing:
            for seen in self._so_far() if so_far else ():
                callback(seen)
            callback(self._state)
            if not self._state.ended:
                self._callbacks.append(callback)

    def unsubscribe(self, callback: Callable[[Seen | State], None]) -> None:
        """Call back no more."""
        with self._changing:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def _tell(self, seen: Seen) -> None:
        """With ``_changing`` held."""
        for callback in self._callbacks:
            callback(seen)

    def _change(self, **changes: Any) -> None:
        """Nothing follows an end: the first of finished, failed and cancelled stays."""
        with self._changing:
            if self._state.ended:
                return
            self._state = replace(self._state, **changes)
            for callback in self._callbacks:
                callback(self._state)
            if self._state.ended:
                self._callbacks.clear()
