"""Something that runs elsewhere and is followed from here: its state, what was seen of it, and who is told."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

from bnviz.service.owner import Owner, owned

_log = logging.getLogger(__name__)

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

    def __init__(self, owner: Owner, user: str, state: State) -> None:
        self.owner, self.user, self._state = owner, user, state
        self._callbacks: list[Callable[[Seen | State], None]] = []
        self._untold: list[Seen | State] = []

    @abstractmethod
    def _so_far(self) -> Iterable[Seen]:
        """What was seen, oldest first."""

    @property
    def state(self) -> State:
        return self._state

    @owned
    def subscribe(self, callback: Callable[[Seen | State], None], so_far: bool = True) -> None:
        """Call back with everything seen ``so_far``, then with each new thing and state, in order, from the owner.

        A callback must be quick, and must wait for nothing.
        """
        for seen in self._so_far() if so_far else ():
            callback(seen)
        callback(self._state)
        if not self._state.ended:
            self._callbacks.append(callback)

    @owned
    def unsubscribe(self, callback: Callable[[Seen | State], None]) -> None:
        """Call back no more."""
        if callback in self._callbacks:
            self._callbacks.remove(callback)

    def _change(self, **changes: Any) -> None:
        """Nothing follows an end: the first of finished, failed and cancelled stays."""
        state = replace(self._state, **changes)
        if not self._state.ended and state != self._state:
            self._state = state
            self._tell(state)

    def _tell(self, news: Seen | State) -> None:
        """Everybody hears everything in the same order, though a callback may bring the next news about.

        A reader whose callback fails costs nobody else anything.
        """
        self._untold.append(news)
        if len(self._untold) > 1:
            return
        while self._untold:
            for callback in tuple(self._callbacks):
                try:
                    callback(self._untold[0])
                except Exception:
                    _log.exception("a reader could not take what it was told")
            del self._untold[0]
        if self._state.ended:
            self._callbacks.clear()
