"""What a worker process does: train one experiment, obey commands, send pictures; or measure one study.

It speaks to the web process over one socket and knows nothing about browsers.
The engine is handed in, so this module never imports torch itself.
"""

from __future__ import annotations

import os
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from bnviz.experiment import Experiment, InvalidChoice
from bnviz.service.measuring import Measure, measure_over
from bnviz.service.messages import Message, encode, snapshot_to_bytes
from bnviz.service.pace import PICTURES_PER_SECOND, Pace
from bnviz.service.pipe import Pipe
from bnviz.service.sweeping import Sweeper, TrainCells
from bnviz.snapshot import Snapshot
from bnviz.study import Study
from bnviz.sweeps import grid_from_json

Fetch = Callable[[Iterable[str], Callable[[str], None]], None]
"""Gets the data sets of these names from where they are, saying in sentences how far it is."""


class Trainer(Protocol):
    """What a worker needs of ``bnviz.engine.Lockstep``; a scripted one serves the tests."""

    @property
    def step(self) -> int: ...
    @property
    def epoch(self) -> float: ...
    @property
    def batches_per_epoch(self) -> int | None: ...
    def advance(self, steps: int = 1) -> None: ...
    def snapshot(self) -> Snapshot: ...
    def set_learning_rate(self, rate: float, arm: str | None = None) -> None: ...


class Progress:
    """Tells how far a download is, at most so often that nobody has to hurry with reading."""

    def __init__(self, pipe: Pipe, pause: float = 0.25) -> None:
        self._pipe, self._pause, self._next = pipe, pause, 0.0

    def __call__(self, sentence: str) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._pause
            self._pipe.say(encode("state", name="starting", message=sentence))


class Worker:
    """One experiment in training: reads commands between chunks of steps, sends snapshots and states."""

    def __init__(self, pipe: Pipe, trainer: Trainer, start: dict[str, Any], rates: dict[str, float]) -> None:
        self.pipe, self.trainer, self.rates = pipe, trainer, rates
        self.budget, self.idle_seconds = int(start["budget"]), float(start["idle_seconds"])
        self.pace = Pace(int(start["speed"]), start["every"])
        self.goal: int | None = start.get("goal")
        self.playing = bool(start["play"]) and self.goal is None
        self._ended = self._owes_picture = False
        self._shown = -1
        self._due = 0.0
        self._told = self._measured_at = self._touched = time.monotonic()
        self._measured_step, self._steps_per_second = trainer.step, 0.0
        self._commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "play": self._play, "pause": self._pause, "step": self._step, "epoch": self._epoch,
            "speed": self._speed, "learning_rate": self._learning_rate, "stop": self._stop,
        }  # fmt: skip

    def obey(self, messages: list[Message]) -> None:
        """Carry out commands in the order they came."""
        for message in messages:
            self._touched = time.monotonic()
            self._commands[message.kind](dict(message.words))

    def run(self) -> None:
        """Train as commanded until stopped, finished, or left alone."""
        self._picture()
        self._tell()
        while not self._ended:
            self.obey(self.pipe.listen(self._patience()))
            if self._owes_picture and not self.pipe.pending:
                self._picture()
            if self._ended:
                return
            if self.active and time.monotonic() >= self._due:
                self.train()
            elif not self.active and time.monotonic() - self._touched >= self.idle_seconds:
                minutes = max(1, round(self.idle_seconds / 60))
                self._finish(f"Paused for {minutes} minutes, this run was ended. Play starts it again.")

    @property
    def active(self) -> bool:
        """Whether there are steps to take."""
        return self.playing or self.goal is not None

    def _patience(self) -> float:
        """How long to listen for a command before going on."""
        now = time.monotonic()
        return max(0.0, self._due - now if self.active else self._touched + self.idle_seconds - now)

    def train(self) -> None:
        """One chunk of steps, and the picture that is due after it unless the last one was not even taken yet."""
        step = self.trainer.step
        target = min(self.pace.next_picture(step), self.budget)
        if self.goal is not None:
            target = min(target, self.goal)
        if target > step:
            steps = min(self.pace.chunk(), target - step)
            begun = time.perf_counter()
            self.trainer.advance(steps)
            self.pace.trained(steps, time.perf_counter() - begun)
        if self.trainer.step < target:
            return
        arrived = self.goal is not None and self.trainer.step >= self.goal
        finished = self.trainer.step >= self.budget
        if arrived or finished or not self.pipe.pending:
            self._picture()
        if finished:
            self._finish(f"This run reached its {self.budget:,} steps. Reset starts it again.")
        elif arrived:
            self._go(playing=False, goal=None)
        elif time.monotonic() - self._told >= 0.5 and not self.pipe.pending:
            self._tell()

    def _picture(self) -> None:
        self._owes_picture = False
        if self._shown == self.trainer.step:
            return
        self._shown = self.trainer.step
        begun = time.perf_counter()
        self.pipe.say(snapshot_to_bytes(self.trainer.snapshot()))
        self.pace.pictured(time.perf_counter() - begun)
        self._due = time.monotonic() + (1 / PICTURES_PER_SECOND if self.pace.speed else 0.0)

    def _state(self, name: str, message: str = "") -> bytes:
        self._told = now = time.monotonic()
        if self.active and now - self._measured_at >= 0.2:
            self._steps_per_second = (self.trainer.step - self._measured_step) / (now - self._measured_at)
            self._measured_at, self._measured_step = now, self.trainer.step
        return encode(
            "state", name=name, step=self.trainer.step, rates=self.rates, speed=self.pace.speed,
            every=self.pace.every, steps_per_second=round(self._steps_per_second, 1), message=message,
        )  # fmt: skip

    def _tell(self) -> None:
        self.pipe.say(self._state("running" if self.active else "paused"))

    def _finish(self, message: str) -> None:
        self._ended = True
        self.pipe.say_last(self._state("finished", message))

    def _go(self, playing: bool, goal: int | None) -> None:
        self.playing, self.goal = playing, goal
        self._measured_at, self._measured_step, self._due = time.monotonic(), self.trainer.step, 0.0
        self._tell()

    def _play(self, words: dict[str, Any]) -> None:
        self._go(playing=True, goal=None)

    def _pause(self, words: dict[str, Any]) -> None:
        self._owes_picture = True
        if not self.pipe.pending:
            self._picture()
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
        changed = list(self.rates) if arm is None else [arm]
        self.rates.update(dict.fromkeys(changed, rate))
        self.pipe.say(encode("learning_rate", step=self.trainer.step, rate=rate, arms=changed))
        self._tell()

    def _stop(self, words: dict[str, Any]) -> None:
        self._ended = True


def serve(
    connection: socket.socket,
    engine: Callable[[Experiment], Trainer],
    prepare: Callable[[int], None],
    fetch: Fetch | None = None,
    measure: Measure | None = None,
    train_cells: TrainCells | None = None,
) -> None:
    """Serve one experiment, study or part of a sweep over ``connection``: the first message says which.

    ``prepare`` sets the memory limit; ``fetch`` gets the data that have to come from elsewhere, and says how far it
    is; ``measure`` is for studies and ``train_cells`` for sweeps.
    """
    pipe = Pipe(connection)
    trainer, kind = None, "start"
    try:
        pipe.say(encode("hello", pid=os.getpid()))
        first: list[Message] = []
        while not first:
            first = pipe.listen(None)
        kind, start = first[0].kind, dict(first[0].words)
        if kind == "measure" and measure:
            study = Study.from_json(start["study"])
            prepare(int(start["memory_mib"]))
            measure_over(pipe, measure(study), float(start["seconds"]))
            return
        grid = grid_from_json(start["grid"]) if kind == "sweep" and train_cells else None
        experiment = grid.experiment if grid else Experiment.from_json(start["experiment"])
        prepare(int(start["memory_mib"]))
        if fetch:
            fetch((run.dataset for run in experiment.arms.values()), Progress(pipe))
            pipe.say(encode("state", name="starting", message=""))
        if grid and train_cells:
            Sweeper(pipe, grid, train_cells, start["seconds"], start["idle_seconds"]).run(first[1:])
            return
        trainer = engine(experiment)
        worker = Worker(pipe, trainer, start, {arm: run.learning_rate for arm, run in experiment.arms.items()})
        worker.obey(first[1:])
        worker.run()
    except (EOFError, ConnectionError):
        return
    except Exception as error:
        sentence = _for_readers(error, kind)
        if sentence is None:
            traceback.print_exc(file=sys.stderr)
            at_step = f"training, at step {trainer.step if trainer else 0:,}"
            where = {"measure": "measuring", "sweep": "training these networks"}.get(kind, at_step)
            sentence = f"Something went wrong while {where}. The server's log says what."
        pipe.say_last(encode("failed", message=sentence))


def _for_readers(error: Exception, kind: str) -> str | None:
    """The sentence a reader is told, or None: errors not written for readers stay in the server's log."""
    if isinstance(error, MemoryError) or "allocate memory" in str(error):
        if kind == "measure":
            return "This measurement needs more memory than it may have. Try smaller numbers."
        if kind == "sweep":
            return "One of these networks needs more memory than it may have. Try fewer layers, units or examples."
        return "This experiment needs more memory than one run may have. Try fewer seeds, layers or units."
    return str(error) if isinstance(error, InvalidChoice) or type(error).__name__ == "DataUnavailable" else None
