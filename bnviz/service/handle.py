"""A run as seen from outside its process: its state, what was seen of it so far, and a way to tell it things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bnviz.experiment import Experiment, arm_label
from bnviz.service.followed import State
from bnviz.service.job import Job
from bnviz.service.messages import Message, encode, message_to_snapshot
from bnviz.snapshot import Event, History, Snapshot

_HISTORY_LENGTH, _MOST_EVENTS = 600, 500

Change = Snapshot | State


class Handle(Job[Snapshot]):
    """One submitted experiment. Made by ``Service.submit``; every method may be called from any thread.

    ``send`` takes play, pause, step, epoch, speed (value) and learning_rate (rate, arm).
    """

    def __init__(
        self,
        experiment: Experiment,
        user: str,
        start: Mapping[str, Any],
        history_mib: int,
        on_cancel: Callable[[], None] = lambda: None,
    ) -> None:
        rates = {arm: run.learning_rate for arm, run in experiment.arms.items()}
        state = State("starting", rates=rates, speed=start["speed"], every=start["every"])
        super().__init__(user, encode("start", experiment=experiment.to_json(), **start), state, on_cancel)
        self.experiment = experiment
        self._history_bytes = history_mib * 2**20
        self._history: History | None = None

    @property
    def history(self) -> History:
        """What was seen so far, as a copy that does not change while it is read."""
        with self._changing:
            kept = self._history
            copy = History(self.experiment, kept.capacity if kept else _HISTORY_LENGTH)
            for snapshot in kept or ():
                copy.append(snapshot)
            copy.events = list(kept.events) if kept else []
            return copy

    @property
    def events(self) -> tuple[Event, ...]:
        """What was done to the run so far."""
        with self._changing:
            return tuple(self._history.events) if self._history else ()

    def latest(self) -> Snapshot | None:
        """The newest snapshot, or None before the first."""
        with self._changing:
            return self._history.latest if self._history else None

    def cancel(self, grace: float = 0.5) -> None:
        """End the run: ask first, and kill its process if it is still there after ``grace`` seconds."""
        self.end(grace)

    def _so_far(self) -> Iterable[Snapshot]:
        return self._history or ()

    def _lost(self) -> str:
        return (
            f"The process that trained this run ended unexpectedly at step {self._state.step:,}; "
            "the other runs are not touched. Play starts it again."
        )

    def _take(self, message: Message) -> None:
        words = message.words
        if message.kind == "snapshot":
            self._add(message_to_snapshot(message))
        elif message.kind == "learning_rate":
            self._note(int(words["step"]), float(words["rate"]), list(words["arms"]))

    def _add(self, snapshot: Snapshot) -> None:
        with self._changing:
            if self._history is None:
                size = sum(values.nbytes for readings in snapshot.arms.values() for values in readings.values())
                capacity = min(_HISTORY_LENGTH, max(2, self._history_bytes // max(size, 1)))
                self._history = History(self.experiment, capacity)
            self._history.append(snapshot)
            self._state = replace(self._state, step=snapshot.step)
            self._tell(snapshot)

    def _note(self, step: int, rate: float, arms: list[str]) -> None:
        whose = "" if len(arms) == len(self.experiment.arms) else f" of {', '.join(map(arm_label, arms))}"
        with self._changing:
            if self._history is not None:
                self._history.events.append(Event(step, f"learning rate{whose} set to {rate:g}"))
                del self._history.events[:-_MOST_EVENTS]
