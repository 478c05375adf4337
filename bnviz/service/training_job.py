"""A run as seen from outside its process: its state, what was seen of it so far, and a way to tell it things."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bnviz.drawn import Answer
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.inside import Inside, Unit
from bnviz.messages import Message, encode
from bnviz.rate_changes import RateChange
from bnviz.service.job import Job, Scheduling
from bnviz.service.owner import owned
from bnviz.service.protocol import Start, message_to_answer, message_to_inside, message_to_snapshot
from bnviz.service.store import StoredRun
from bnviz.service.subject import State
from bnviz.snapshot import Event, History, Snapshot, rate_event

_HISTORY_LENGTH, _MOST_EVENTS, _MOST_MOVES, _MOST_DRAWINGS = 600, 500, 5, 16

_UNPRESSED = ("snapshot_rate", "watch", "checkpoint", "stop", "inside", "ask")
"""What no reader presses."""
_HARMLESS = ("play", "pause", "step", "epoch", *_UNPRESSED)
"""What changes when a run gets somewhere, but not where."""

_TOO_LARGE = "This run is shared, and too large to be copied here. Reset gives you one of your own."

Change = Snapshot | Inside | Answer | State


@dataclass(frozen=True)
class Branch:
    """Where a second run goes on: what was seen up to there, what a worker needs, and what the first one was doing.

    If that had ended, so has the second one.
    """

    history: History | None
    checkpoint: Mapping[str, np.ndarray]
    start: Start
    state: State


class TrainingJob(Job[Snapshot | Inside | Answer]):
    """One submitted experiment. Made by ``Service.submit``; public methods may be called from any thread.

    ``send`` takes play, pause, step, epoch, speed (value) and learning_rate
    (rate, arm). Several readers may share a run that nobody tells anything;
    ``stored`` is what an equal run came to before, from where this one goes on.
    ``course`` is the experiment that trains to the same bits: its own, with every
    learning rate that was set by hand so far, and the step at which it was.
    """

    kind = "run"

    def __init__(
        self, experiment: Experiment, user: str, start: Start, history_mib: int, scheduler: Scheduling,
        stored: StoredRun | None = None,
    ) -> None:  # fmt: skip
        rates = experiment.rates_at(0)
        state = State("starting", rates=rates, speed=start.speed, every=start.every, goal=start.goal)
        super().__init__(user, state, scheduler)
        self.experiment = self.course = experiment
        self.goal = start.goal
        self.untouched, self._pressed = start.play and not start.speed, False
        self._looking: set[str] = set()
        self._was_seen = False
        self._open: dict[str, Unit] = {}
        self._drawings: dict[str, str] = {}
        self._start, self._history_bytes = start, history_mib * 2**20
        self._readers = [user]
        self._moves = 0
        self._branches: dict[int, Callable[[Branch], None]] = {}
        self._asked = 0
        self._history: History | None = None
        self._checkpoint: Mapping[str, np.ndarray] = {}
        self.events: tuple[Event, ...] = ()
        """What was done to the run so far."""
        if stored:
            self._take_over(stored.history, stored.checkpoint)

    @property
    @owned
    def history(self) -> History:
        """What was seen so far, as a copy that does not change while it is read."""
        stored = self._history
        copy = History(self.experiment, stored.capacity if stored else _HISTORY_LENGTH)
        for snapshot in stored or ():
            copy.append(snapshot)
        copy.events = list(self.events)
        return copy

    @owned
    def latest(self) -> Snapshot | None:
        """The newest snapshot, or None before the first."""
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

    @owned
    def share(self, user: str) -> bool:
        """Let one more reader have it; False where it ended, or somebody has pressed something."""
        under_way = self.arrived or self._state.name in ("queued", "starting", "running")
        usable = self.untouched and not self._pressed and bool(self._readers) and under_way
        if usable:
            self._readers.append(user)
        return usable

    @owned
    def leave(self, user: str) -> None:
        """One reader no longer wants it; it takes the turn of another. When nobody wants it, it is cancelled."""
        self._open.pop(user, None)
        self._drawings.pop(user, None)
        if user in self._readers:
            self._readers.remove(user)
        if self._readers:
            self.user = self._readers[0]
        self._end_if_unwanted()

    @owned
    def look(self, user: str) -> None:
        """A reader looks on; if the run had to make room while it played, it goes on."""
        self._looking.add(user)
        self._was_seen = True
        self._go_on_if_watched()

    @owned
    def look_away(self, user: str) -> None:
        """A reader looks elsewhere, and may come back."""
        self._looking.discard(user)
        self.look_inside(user, None)
        self.ask(user, "")
        self._scheduler.recount()

    @owned
    def look_inside(self, user: str, unit: Unit | None) -> None:
        """A reader opens a unit, or closes theirs: it is read at once, and at every snapshot while somebody has it."""
        before = {*self._open.values()}
        self._open.pop(user, None)
        self._open |= {user: unit} if unit else {}
        closed = self._early is None and {*self._open.values()} != before
        if unit or closed:  # a run that sleeps is not woken for what nobody looks at
            self._send_open()

    @owned
    def ask(self, user: str, drawing: str) -> None:
        """A reader asks the networks about a drawing, or about none: they answer at once, and with every snapshot."""
        before = {*self._drawings.values()}
        self._drawings.pop(user, None)
        if drawing and len(self._drawings) < _MOST_DRAWINGS:
            self._drawings[user] = drawing
        if drawing or (self._early is None and {*self._drawings.values()} != before):
            self._send_drawings()

    def _send_drawings(self) -> None:
        self.send("ask", drawings=sorted({*self._drawings.values()}))

    def _send_open(self) -> None:
        self.send("inside", units=sorted({*self._open.values()}))

    @owned
    def watch(self, words: Iterable[str]) -> None:
        """Somebody watches what these words name, too: it is read from now on. That wakes no run that sleeps."""
        watched = tuple(sorted({*self._start.watch, *words}))
        if watched == self._start.watch:
            return
        self._start = replace(self._start, watch=watched)
        if not self._asleep:
            self.send("watch", words=watched)

    @property
    def deserted(self) -> bool:
        return self._was_seen and not self._looking

    def send_snapshot_rate(self, per_second: float) -> None:
        self.send("snapshot_rate", per_second=per_second)

    def give_way(self) -> None:
        """While nobody looks on, what waits is more urgent."""
        if not self._looking:
            self.rest(now=True)

    @owned
    def branch(self, then: Callable[[Branch], None]) -> None:
        """Call back with where a second run goes on, which is here and now."""
        if self._has_slot and not self._asleep and not self._state.ended:
            self._asked += 1
            self._branches[self._asked] = then
            self.send("checkpoint", number=self._asked)
        else:
            then(self._branch())

    @property
    def can_be_stored(self) -> bool:
        """Whether it is under way, or asleep, on a course that nobody changed, and something was seen of it."""
        return self.untouched and not self._state.ended and not self.arrived and self._history is not None

    @property
    def under_way(self) -> bool:
        """Whether a process is at it."""
        return self._channel is not None and not self._asleep

    @owned
    def stored(self) -> StoredRun | None:
        """What is worth keeping: nothing of a run that was changed on its way, or of which nothing was seen."""
        if not self.untouched or not self._history or not (self.arrived or self._checkpoint):
            return None
        return StoredRun(self.history, self.goal, self.arrived, self._checkpoint)

    @owned
    def go_on_from(self, branch: Branch) -> None:
        """Go on where another run was."""
        self._start = branch.start
        state = branch.state
        self._change(rates=state.rates, speed=state.speed, every=state.every, goal=branch.start.goal)
        if branch.history:
            self._take_over(branch.history, branch.checkpoint)
        if state.ended:
            self._change(name=state.name, message=state.message)

    @owned
    def send(self, /, do: str, **words: Any) -> None:
        self.untouched = self.untouched and do in _HARMLESS
        self._pressed = self._pressed or do not in _UNPRESSED
        super().send(do, **words)

    def _go_on_if_watched(self) -> None:
        """What made room while it played goes on; whoever looks on may have come while it fell asleep."""
        if self._asleep and self._start.play and self._looking:
            self.send_snapshot_rate(self._scheduler.snapshots_per_second)

    def _end_if_unwanted(self) -> None:
        """Whoever waits for a copy still needs it."""
        if not self._readers and not self._branches:
            self.cancel()

    def _take_over(self, history: History, checkpoint: Mapping[str, np.ndarray]) -> None:
        for snapshot in history:
            self._add(snapshot)
        self.events, self._checkpoint = tuple(history.events), checkpoint

    def _branch(self) -> Branch:
        """A run of which something was seen goes on from its checkpoint, which may be too large to be sent."""
        if self._history is None:
            return Branch(None, {}, self._start, self._state)
        stuck = not self._checkpoint and not self._state.ended
        state = replace(self._state, name="failed", message=_TOO_LARGE) if stuck else self._state
        return Branch(self.history, self._checkpoint, self._start, state)

    @property
    def datasets(self) -> Iterable[str]:
        return self.experiment.datasets

    def _opening(self) -> bytes:
        state, latest = self._state, self.latest()
        start = replace(
            self._start, speed=state.speed, every=state.every,
            snapshots_per_second=self._scheduler.snapshots_per_second,
            shown=latest.step if latest else -1,
        )  # fmt: skip
        return encode("start", self._checkpoint, experiment=self.course.to_json(), **start.words())

    def _so_far(self) -> Iterable[Snapshot]:
        return self._history or ()

    def _lost(self) -> str:
        return (
            f"The process that trained this run ended unexpectedly at step {self._state.step:,}; "
            "the other runs are not touched. Play starts it again."
        )

    def _goes_on(self) -> bool:
        self._moves += 1
        if self._moves > _MOST_MOVES:
            return False
        self._note(Event(self._state.step, "its machine was lost: trained on elsewhere"))
        self._change(name="starting", message="The machine that trained this run was lost; it goes on elsewhere.")
        self._early = [encode("checkpoint", number=number) for number in self._branches]
        return True

    def _hear(self, message: Message) -> None:
        super()._hear(message)
        if message.kind == "asleep":
            self._go_on_if_watched()
        elif message.kind == "opened":
            if self._open:
                self._send_open()
            if self._drawings:
                self._send_drawings()
        name, goal = message.words.get("name"), message.words.get("goal")
        if message.kind == "state" and name in ("running", "paused"):
            # What it does now is what it, or a copy of it, does in its next process.
            self._start = replace(self._start, play=name == "running", goal=goal if name == "running" else None)

    def _take(self, message: Message) -> None:
        words = message.words
        if message.kind == "snapshot":
            self._add(message_to_snapshot(message))
        elif message.kind == "inside":
            self._tell(message_to_inside(message))
        elif message.kind == "answer":
            self._tell(message_to_answer(message))
        elif message.kind == "learning_rate":
            change = RateChange(int(words["step"]), float(words["rate"]), words["arm"])
            if words["by_hand"]:
                self._turn(change)
            self._note(rate_event(self.experiment, change))
            self._tell(self._state)
        elif message.kind == "checkpoint":
            self._checkpoint = message.arrays
            self._start = replace(self._start, worked_seconds=float(words["worked"]))
            then = self._branches.pop(int(words["number"]), None)
            if then:
                then(self._branch())
                self._end_if_unwanted()

    def _leave(self) -> None:
        branches, self._branches = list(self._branches.values()), {}
        for then in branches:
            then(self._branch())
        super()._leave()

    def _add(self, snapshot: Snapshot) -> None:
        if self._history is None:
            size = sum(values.nbytes for readings in snapshot.arms.values() for values in readings.values())
            capacity = min(_HISTORY_LENGTH, max(2, self._history_bytes // max(size, 1)))
            self._history = History(self.experiment, capacity)
        self._history.append(snapshot)
        self._state = replace(self._state, step=snapshot.step)
        self._tell(snapshot)

    def _turn(self, change: RateChange) -> None:
        with contextlib.suppress(InvalidChoice):  # more changes than there may be: no page asks for them
            self.course = self.course.turned(*change)
        if not change.step:
            self._checkpoint = {}  # of another rate

    def _note(self, event: Event) -> None:
        """What was lost with a process, and is trained again, is noted already."""
        if self._history is not None and event not in self.events:
            self.events = (*self.events, event)[-_MOST_EVENTS:]
