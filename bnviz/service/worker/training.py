"""One experiment in training: commands in, snapshots and states out. Made by ``serving``.

It speaks to the web process over a pipe and knows nothing about browsers,
and torch only as the trainer that it is handed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bnviz.experiment import Experiment
from bnviz.inside import Unit
from bnviz.messages import Message, encode
from bnviz.rate_changes import RateChange
from bnviz.service.protocol import Start, answer_to_bytes, inside_to_bytes, snapshot_to_bytes
from bnviz.service.worker.engine import Trainer
from bnviz.service.worker.meter import Meter
from bnviz.service.worker.pace import Pace
from bnviz.service.worker.pipe import Pipe
from bnviz.wording import sentences

MOST_CHECKPOINT_BYTES = 24 * 2**20
"""What is larger is not sent; such a run cannot sleep or go on elsewhere."""

_PARTS = 20
"""At every twentieth of its way a run with a goal is seen, however busy the machine: what is found at its end, such as
a median over its pictures, is found on any."""

_UNFELT = ("snapshot_rate", "watch", "checkpoint", "sleep")
"""What nobody does with a button, so that a paused run stays as tired as it was."""


class Worker:
    """One experiment in training: reads commands between chunks of steps, sends snapshots and states.

    With a ``checkpoint``, what ``Trainer.checkpoint`` gave elsewhere, training
    goes on from there, at the rates that the experiment has then. ``clock``
    gives the seconds, finely enough to time one step; ``processor`` those in
    which this process had one.
    """

    def __init__(
        self, pipe: Pipe, trainer: Trainer, start: Start, experiment: Experiment,
        checkpoint: Mapping[str, np.ndarray], clock: Callable[[], float] = time.perf_counter,
        processor: Callable[[], float] = time.process_time,
    ) -> None:  # fmt: skip
        self.pipe, self.trainer, self.start = pipe, trainer, start
        self._clock = clock
        self.pace = Pace(start.speed, start.every, start.snapshots_per_second)
        self.goal = start.goal
        self._part = max(1, start.goal // _PARTS) if start.goal else 0
        self.playing = start.play and start.goal is None
        self.ended = self._owes_snapshot = self._tired = False
        self._shown, self._due = start.shown, 0.0
        self._open: list[Unit] = []
        self._drawings: list[str] = []
        if checkpoint:
            trainer.restore(checkpoint)
        trainer.watch(start.watch)
        self.rates = experiment.rates_at(trainer.step)
        self.meter = Meter(trainer.step, start.worked_seconds, clock, processor)
        self._told = self._touched = self._kept_at = clock()
        self._commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "play": self._play, "pause": self._pause, "step": self._step, "epoch": self._epoch,
            "speed": self._speed, "learning_rate": self._learning_rate, "snapshot_rate": self._snapshot_rate,
            "watch": self._watch, "inside": self._inside, "ask": self._ask, "checkpoint": self._checkpoint,
            "sleep": self._sleep, "stop": self._stop,
        }  # fmt: skip

    def obey(self, messages: list[Message]) -> None:
        """Carry out commands in the order they came."""
        for message in messages:
            if message.kind not in _UNFELT:
                self._touched, self._tired = self._clock(), False
            self._commands[message.kind](dict(message.words))

    def begin(self) -> None:
        """Show where it stands."""
        self._show_snapshot()
        self._tell()

    def turn(self) -> None:
        """One look at the commands, then one chunk of steps at most."""
        self.obey(self.pipe.listen(self._patience()))
        if self._owes_snapshot and not self.pipe.pending:
            self._show_snapshot()
        if self.ended:
            return
        idle = 0.0 if self.active else self._clock() - self._touched
        if self.active and self._clock() >= self._due:
            self.train()
        elif self._rests and idle >= self.start.rest_seconds:
            self._tired = True
            self.pipe.say(encode("tired"))
        elif idle >= self.start.idle_seconds:
            minutes = max(1, round(self.start.idle_seconds / 60))
            self._finish(f"Paused for {minutes} minutes, this run was ended. Play starts it again.")

    @property
    def active(self) -> bool:
        """Whether there are steps to take."""
        return self.playing or self.goal is not None

    @property
    def worked(self) -> float:
        """For how many seconds there were steps to take."""
        return self.meter.worked(self.active)

    @property
    def _rests(self) -> bool:
        """Whether there is something to say about being paused."""
        return 0 < self.start.rest_seconds < self.start.idle_seconds and not self._tired

    def _patience(self) -> float:
        """How long to listen for a command before going on."""
        patience = self.start.rest_seconds if self._rests else self.start.idle_seconds
        return max(0.0, (self._due if self.active else self._touched + patience) - self._clock())

    def train(self) -> None:
        """One chunk of steps, and the snapshot that is due then unless the last one was not even taken yet."""
        step = self.trainer.step
        target = min(self.pace.next_snapshot(step), self.start.budget)
        if self.goal is not None:
            target = min(target, self.goal)
        if self._part:
            target = min(target, (step // self._part + 1) * self._part)
        if target > step:
            steps = min(self.pace.chunk(), target - step)
            begun = self._clock()
            to_come = self.trainer.to_come
            self.trainer.advance(steps)
            self.pace.trained(steps, self._clock() - begun)
            made = to_come[: len(to_come) - len(self.trainer.to_come)]
            for change in made:
                self._rate_is(change)
            if made:
                self._tell()
        spent = 0 < self.start.run_seconds <= self.worked
        overdue = self.pace.overdue(self.meter.waited)
        if self.trainer.step < target and not spent and not overdue:
            return
        arrived = self.goal is not None and self.trainer.step >= self.goal
        finished = self.trainer.step >= self.start.budget
        promised = self._part and self.trainer.step % self._part == 0
        if arrived or finished or spent or promised or not self.pipe.pending:
            self._show_snapshot()
        if finished:
            self._finish(f"This run reached its {self.start.budget:,} steps. Reset starts it again.")
        elif arrived:
            self._go(playing=False, goal=None)
        elif spent:
            seconds = self.start.run_seconds
            granted = (
                f"This run trained for {seconds / 60:g} minutes, which is what this server grants." if seconds > 60
                else f"This run trained for {seconds:g} seconds, which is what this server grants."
            )  # fmt: skip
            self._finish(sentences(granted, "Reset starts it again."))
        elif self._clock() - self._told >= 0.5 and not self.pipe.pending:
            self._tell()
        if self.start.checkpoint_seconds and self._clock() - self._kept_at >= self.start.checkpoint_seconds:
            self._checkpoint({})

    def _show_snapshot(self) -> None:
        self._owes_snapshot = False
        if self._shown >= self.trainer.step:
            return
        self._shown = self.trainer.step
        begun = self._clock()
        self._look_inside()
        self._answer()
        self.pipe.say(snapshot_to_bytes(self.trainer.snapshot()))
        self.pace.snapshot_taken(self._clock() - begun)
        self._due = self._clock() + (1 / self.pace.per_second if self.pace.speed else 0.0)
        self.meter.picture_shown()

    def _state(self, name: str, message: str = "") -> bytes:
        self._told = self._clock()
        if self.active:
            self.meter.count(self.trainer.step)
        return encode(
            "state", name=name, step=self.trainer.step, rates=self.rates, speed=self.pace.speed,
            every=self.pace.every, goal=self.goal, steps_per_second=round(self.meter.steps_per_second, 1),
            message=message or (self.meter.sentence() if self.active else ""),
        )  # fmt: skip

    def _tell(self) -> None:
        self.pipe.say(self._state("running" if self.active else "paused"))

    def _finish(self, message: str) -> None:
        self.ended = True
        self.pipe.say_last(self._state("finished", message))

    def _go(self, playing: bool, goal: int | None) -> None:
        self.meter.turn(self.trainer.step, self.active)
        self.playing, self.goal, self._due = playing, goal, 0.0
        self._tell()

    def _play(self, words: dict[str, Any]) -> None:
        self._go(playing=True, goal=None)

    def _pause(self, words: dict[str, Any]) -> None:
        self._owes_snapshot = True
        if not self.pipe.pending:
            self._show_snapshot()
        self._go(playing=False, goal=None)

    def _step(self, words: dict[str, Any]) -> None:
        since = self.trainer.step if self.goal is None else self.goal
        self._go(playing=False, goal=since + int(words.get("steps", 1)))

    def _epoch(self, words: dict[str, Any]) -> None:
        if self.trainer.batches_per_epoch is None and self.trainer.step == 0:
            self.trainer.advance()
        length = self.trainer.batches_per_epoch or round(self.trainer.step / self.trainer.epoch)
        self._go(playing=False, goal=(self.trainer.step // length + 1) * length)

    def _speed(self, words: dict[str, Any]) -> None:
        self.pace.speed, self._due = int(words["value"]), 0.0
        self._tell()

    def _learning_rate(self, words: dict[str, Any]) -> None:
        rate, arm = float(words["rate"]), words.get("arm")
        self.trainer.set_learning_rate(rate, arm)
        self._rate_is(RateChange(self.trainer.step, rate, arm), by_hand=True)
        self._tell()

    def _rate_is(self, change: RateChange, by_hand: bool = False) -> None:
        """Say it, so that it can be seen and repeated."""
        self.rates.update(dict.fromkeys(self.rates if change.arm is None else (change.arm,), change.rate))
        self.pipe.say(encode("learning_rate", **change._asdict(), by_hand=by_hand))

    def _inside(self, words: dict[str, Any]) -> None:
        """Readers have these units open: they see them with every snapshot from now on, and at once where it stands."""
        self._open = [(layer, unit) for layer, unit in words["units"]]
        if self._shown >= self.trainer.step:
            self._look_inside()
        else:
            self._owes_snapshot = bool(self._open)

    def _ask(self, words: dict[str, Any]) -> None:
        """Readers have drawn these: the networks answer at once, and with every snapshot from now on."""
        self._drawings = [str(drawing) for drawing in words["drawings"]]
        self._answer()

    def _answer(self) -> None:
        for drawing in self._drawings:
            self.pipe.say(answer_to_bytes(self.trainer.answer(drawing)))

    def _look_inside(self) -> None:
        for unit in self._open:
            self.pipe.say(inside_to_bytes(self.trainer.inside(unit)))

    def _snapshot_rate(self, words: dict[str, Any]) -> None:
        self.pace.per_second = float(words["per_second"])

    def _watch(self, words: dict[str, Any]) -> None:
        self.trainer.watch(words["words"])

    def _checkpoint(self, words: dict[str, Any]) -> None:
        self._say_checkpoint(self._fitting(), int(words.get("number", 0)))

    def _say_checkpoint(self, checkpoint: dict[str, np.ndarray], number: int = 0) -> None:
        """Send it with the number of the request that it answers; 0 where nobody asked."""
        self._kept_at = self._clock()
        self.pipe.say(encode("checkpoint", checkpoint, step=self.trainer.step, worked=self.worked, number=number))

    def _sleep(self, words: dict[str, Any]) -> None:
        """Give the process back, at rest or when it has to be ``now``; what was not yet said is said first."""
        checkpoint = {} if self.active and not words["now"] else self._fitting()
        if not checkpoint:
            self.pipe.say(encode("awake"))
            return
        self.ended = True
        self._show_snapshot()
        self._say_checkpoint(checkpoint)
        self.pipe.say_last(encode("asleep"))

    def _fitting(self) -> dict[str, np.ndarray]:
        """The checkpoint; nothing where it would be too large."""
        checkpoint = self.trainer.checkpoint()
        return checkpoint if sum(array.nbytes for array in checkpoint.values()) <= MOST_CHECKPOINT_BYTES else {}

    def _stop(self, words: dict[str, Any]) -> None:
        self.ended = True
