"""A run as seen from outside its process: its state, what was seen of it so far, and a way to tell it things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.service.backends.backend import Backend
from bnviz.service.job import Job, Scheduling
from bnviz.service.protocol import Message, Start, encode, message_to_snapshot
from bnviz.service.store import StoredRun
from bnviz.service.subject import State
from bnviz.snapshot import Event, History, Snapshot

_HISTORY_LENGTH, _MOST_EVENTS, _MOST_MOVES = 600, 500, 5

_HARMLESS = ("play", "pause", "step", "epoch", "snapshot_rate", "checkpoint", "stop")
"""What changes when a run gets somewhere, but not where."""

Change = Snapshot | State


class TrainingJob(Job[Snapshot]):
    """One submitted experiment. Made by ``Service.submit``; every method may be called from any thread.

    ``send`` takes play, pause, step, epoch, speed (value) and learning_rate
    (rate, arm). Several readers may share a run that nobody tells anything;
    ``stored`` is what an equal run came to before, from where this one goes on.
    """

    kind = "run"

    def __init__(
        self, experiment: Experiment, user: str, start: Start, history_mib: int, scheduler: Scheduling,
        stored: StoredRun | None = None,
    ) -> None:  # fmt: skip
        rates = {arm: run.learning_rate for arm, run in experiment.arms.items()}
        state = State("starting", rates=rates, speed=start.speed, every=start.every, goal=start.goal)
        super().__init__(user, state, scheduler)
        self.experiment, self.goal = experiment, start.goal
        self.untouched = start.play and not start.speed
        self._looking: set[str] = set()
        self._start, self._history_bytes = start, history_mib * 2**20
        self._readers = [user]
        self._moves = 0
        self._branches: list[Callable[[StoredRun | None], None]] = []
        self._history: History | None = None
        self._checkpoint: Mapping[str, np.ndarray] = {}
        if stored:
            self.go_on_from(stored)

    @property
    def history(self) -> History:
        """What was seen so far, as a copy that does not change while it is read."""
        with self._changing:
            stored = self._history
            copy = History(self.experiment, stored.capacity if stored else _HISTORY_LENGTH)
            for snapshot in stored or ():
                copy.append(snapshot)
            copy.events = list(stored.events) if stored else []
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

    @property
    def arrived(self) -> bool:
        """Whether it has trained for as long as it was to: nothing more comes of itself."""
        state = self._state
        return state.name == "finished" or (self.goal is not None and state.step >= self.goal)

    @property
    def alone(self) -> bool:
        """Whether no more than one reader has it."""
        return len(self._readers) < 2

    def share(self, user: str) -> bool:
        """Let one more reader have it; False where it ended, or somebody changed its course."""
        with self._changing:
            under_way = self.arrived or self._state.name in ("queued", "starting", "running")
            usable = self.untouched and bool(self._readers) and under_way
            if usable:
                self._readers.append(user)
            return usable

    def leave(self, user: str) -> None:
        """One reader no longer wants it. When nobody does, it is cancelled."""
        with self._changing:
            if user in self._readers:
                self._readers.remove(user)
            left = bool(self._readers)
            if left:
                self.user = self._readers[0]
        if not left:
            self.cancel()

    def look(self, user: str) -> None:
        """A reader looks on; if the run had to make room while it played, it goes on."""
        self._looking.add(user)
        if self._asleep and self._start.play:
            self.send("snapshot_rate", per_second=self._scheduler.snapshots_per_second)

    def look_away(self, user: str) -> None:
        """A reader looks elsewhere, and may come back."""
        self._looking.discard(user)

    def send_snapshot_rate(self, per_second: float) -> None:
        self.send("snapshot_rate", per_second=per_second)

    def give_way(self) -> None:
        """While nobody looks on, another run of the same reader is more urgent."""
        if not self._looking:
            self.rest(now=True)

    def branch(self, then: Callable[[StoredRun | None], None]) -> None:
        """Call back, from a thread, with what a second run needs to go on from here; None: it begins anew."""
        with self._changing:
            alive = self._pid is not None and not self._state.ended
            if alive:
                self._branches.append(then)
        if alive:
            self.send("checkpoint")
        else:
            then(self.stored() if self._asleep else None)

    @property
    def can_be_stored(self) -> bool:
        """Whether it is under way, or asleep, on a course that nobody changed, and something was seen of it."""
        return self.untouched and not self._state.ended and not self.arrived and self._history is not None

    @property
    def under_way(self) -> bool:
        """Whether a process is at it."""
        return self._connection is not None and not self._asleep

    def stored(self) -> StoredRun | None:
        """What is worth keeping: nothing of a run that was changed on its way, or of which nothing was seen."""
        with self._changing:
            if not self.untouched or not self._history or not (self.arrived or self._checkpoint):
                return None
            return StoredRun(self.history, self.goal, self.arrived, self._checkpoint)

    def go_on_from(self, stored: StoredRun) -> None:
        """Take over what was seen of an equal run; before anybody subscribes."""
        with self._changing:
            for snapshot in stored.history:
                self._add(snapshot)
            if self._history:
                self._history.events = list(stored.history.events)
            self._checkpoint = stored.checkpoint

    def _opening(self) -> bytes:
        with self._changing:
            state, latest = self._state, self.latest()
            own = {arm: run.learning_rate for arm, run in self.experiment.arms.items()}
            start = replace(
                self._start, speed=state.speed, every=state.every,
                snapshots_per_second=self._scheduler.snapshots_per_second,
                shown=latest.step if latest else -1,
                rates={arm: rate for arm, rate in state.rates.items() if rate != own[arm]},
            )  # fmt: skip
            return encode("start", self._checkpoint, experiment=self.experiment.to_json(), **start.words())

    def _so_far(self) -> Iterable[Snapshot]:
        return self._history or ()

    def send(self, do: str, **words: Any) -> None:
        self.untouched = self.untouched and do in _HARMLESS
        super().send(do, **words)

    def _lost(self) -> str:
        return (
            f"The process that trained this run ended unexpectedly at step {self._state.step:,}; "
            "the other runs are not touched. Play starts it again."
        )

    def _goes_on(self) -> bool:
        with self._changing:
            self._moves += 1
            same = self._checkpoint or not any(event.text.startswith("learning rate") for event in self.events)
            if self._moves > _MOST_MOVES or not same:
                return False
            if self._history is not None:
                self._history.events.append(Event(self._state.step, "its machine was lost: trained on elsewhere"))
            self._intend()
            self._change(name="starting", message="The machine that trained this run was lost; it goes on elsewhere.")
            return True

    def _intend(self) -> None:
        """With ``_changing`` held: what it does now is what it does in its next process."""
        running, goal = self._state.name == "running", self._state.goal
        self._start = replace(self._start, play=running, goal=goal if running else None)

    def _hear(self, message: Message) -> None:
        if message.kind == "asleep":
            with self._changing:
                self._intend()
        super()._hear(message)

    def _take(self, message: Message) -> None:
        words = message.words
        if message.kind == "snapshot":
            self._add(message_to_snapshot(message))
        elif message.kind == "learning_rate":
            self._note(int(words["step"]), float(words["rate"]), list(words["arms"]))
        elif message.kind == "checkpoint":
            with self._changing:
                self._checkpoint = message.arrays
                self._start = replace(self._start, worked_seconds=float(words["worked"]))
            self._tell_branches(self.stored() if message.arrays else None)

    def run(self, backend: Backend) -> None:
        super().run(backend)
        self._tell_branches(None)

    def _tell_branches(self, stored: StoredRun | None) -> None:
        with self._changing:
            branches, self._branches = self._branches, []
        for then in branches:
            then(stored)

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
