"""An engine without networks, for tests and for work on the page: every number is known beforehand, steps are cheap.

A few batch sizes, and a few widths of a study, make it misbehave on purpose, each in one of the ways a worker can.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from bnviz.drawn import Answer, name_of
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.inside import Inside, Unit, has, length
from bnviz.run import Run
from bnviz.shown_network import ShownNetwork
from bnviz.snapshot import Snapshot
from bnviz.study import STUDIES, Study
from bnviz.sweeps import Cell
from bnviz.table import Table, Value

REFUSES, RAISES, TOO_LARGE, STUCK, DIES, TALKS = range(251, 257)
"""Batch sizes and widths: refuse with a sentence; raise; want 2 GiB; be stuck from step 5 on; die at step 5;
read 0.5 MiB a picture."""


class Scripted:
    """Stands in for ``bnviz.engine.Lockstep``: the loss of every seed is ``1 / (1 + step * learning_rate)``."""

    batches_per_epoch = 25

    def __init__(self, experiment: Experiment) -> None:
        self.experiment, self.step, self.to_come = experiment, 0, experiment.changes
        self._kind = next(iter(experiment.arms.values())).batch_size
        self._rates = experiment.rates_at(0)
        self._watched: frozenset[str] = frozenset()
        if self._kind == REFUSES:
            raise InvalidChoice("batch_size was 251; allowed is any other.")
        if self._kind == TOO_LARGE:
            np.ones(2**28)

    @classmethod
    def example(cls, batch_size: int = 60) -> Experiment:
        """A small experiment; ``batch_size`` may ask for trouble."""
        plain = Run(batch_size=batch_size)
        return Experiment(arms={"plain": plain, "bn": plain.replace(normalization="batch")}, seeds=(0, 1))

    @property
    def epoch(self) -> float:
        return self.step / self.batches_per_epoch

    def advance(self, steps: int = 1) -> None:
        for _ in range(steps):
            time.sleep(0.0005)
            self.step += 1
            if self._kind == RAISES:
                raise RuntimeError("/a/path/on/the/server was not found")
            if self.step == 5 and self._kind == DIES:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.step == 5 and self._kind == STUCK:
                time.sleep(600)
            while self.to_come and self.to_come[0].step == self.step:
                change, *later = self.to_come
                self.set_learning_rate(change.rate, change.arm)
                self.to_come = tuple(later)

    def watch(self, words: Iterable[str]) -> None:
        self._watched = frozenset(words)

    def snapshot(self) -> Snapshot:
        seeds, layers = len(self.experiment.seeds), 2**15 if self._kind == TALKS else 1
        return Snapshot(self.step, self.epoch, {
            arm: {
                "train_loss": np.full(seeds, 1 / (1 + self.step * rate), np.float32),
                "test_accuracy": np.full(seeds, 0.5, np.float32),
                "diverged_at": np.full(seeds, np.nan, np.float32),
                "pre_mean": np.zeros((seeds, layers), np.float32),
                **(self._network(arm) if "network" in self._watched else {}),
            }
            for arm, rate in self._rates.items()
        })  # fmt: skip

    def inside(self, unit: Unit) -> Inside:
        """Every number of a reading is the step, behind the unit's own two."""
        runs = self.experiment.arms.items()
        return Inside(self.step, unit, {
            arm: np.array([*unit, *[self.step] * (length(run) - 2)], np.float32) for arm, run in runs if has(run, unit)
        })  # fmt: skip

    def answer(self, drawing: str) -> Answer:
        """Every probability of a drawing is the step, as a percentage."""
        arms = {arm: np.full((2, 10), self.step / 100, np.float32) for arm in self.experiment.arms}
        return Answer(self.step, name_of(drawing), arms)

    def _network(self, arm: str) -> dict[str, np.ndarray]:
        lengths = ShownNetwork(self.experiment.arms[arm]).lengths
        return {quantity: np.full(length, self.step % 255, np.uint8) for quantity, length in lengths.items()}

    def set_learning_rate(self, rate: float, arm: str | None = None) -> None:
        self._rates.update(dict.fromkeys(self._rates if arm is None else [arm], rate))
        self.to_come = ()

    def checkpoint(self) -> dict[str, np.ndarray]:
        return {"step": np.array(self.step), "rates": np.array(list(self._rates.values()))}

    def restore(self, checkpoint: Mapping[str, np.ndarray]) -> None:
        self.step = int(checkpoint["step"])
        self._rates = dict(zip(self._rates, checkpoint["rates"].tolist(), strict=True))
        self.to_come = tuple(change for change in self.experiment.changes if change.step > self.step)


def look_back(experiment: Experiment, unit: Unit, steps: Sequence[int]) -> Iterator[Inside | None]:
    """Stands in for ``bnviz.engine.look_back``."""
    scripted = Scripted(experiment)
    for step in steps:
        if step > scripted.step:
            scripted.advance(step - scripted.step)
            yield None
        yield scripted.inside(unit)


def measure(study: Study) -> Iterator[Table]:
    """Stands in for ``bnviz.engine.measure`` for the study ``residual_variance``: layer n has the variance n.

    One table a layer; its ``width`` may ask for trouble, as the batch size of an experiment.
    """
    numbers = study.arguments
    kind, depth = numbers["width"], numbers["depth"]
    if kind == REFUSES:
        raise InvalidChoice("width was 251; allowed is any other.")
    if kind == TOO_LARGE:
        np.ones(2**28)
    rows: list[list[Value]] = []
    for layer in range(1, depth + 1):
        time.sleep(0.0005)
        if kind == RAISES:
            raise RuntimeError("/a/path/on/the/server was not found")
        if layer == 5 and kind == DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        if layer == 5 and kind == STUCK:
            time.sleep(600)
        rows += [["plain", 0, layer, float(layer)]] * (2000 if kind == TALKS else 1)
        yield Table.of(STUDIES["residual_variance"].columns, rows, layer / depth)


def train_cells(cells: Sequence[Cell], steps: int) -> Iterator[list[tuple[int, list[Value]]]]:
    """Stands in for ``bnviz.engine.train_cells``: a network trains where rate times scale is below 1.

    One network after the other, with the losses of ``Scripted``; the batch size may ask for trouble.
    """
    for cell in cells:
        if cell.run is None:
            yield [(cell.index, cell.row())]
            continue
        kind, rate = cell.run.batch_size, cell.run.learning_rate
        if kind == REFUSES:
            raise InvalidChoice("batch_size was 251; allowed is any other.")
        if kind == RAISES:
            raise RuntimeError("/a/path/on/the/server was not found")
        if kind == TOO_LARGE:
            np.ones(2**28)
        if kind == DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == STUCK:
            time.sleep(600)
        time.sleep(0.0005)
        loss, trains = 1 / (1 + steps * rate), rate * cell.run.initial_scale < 1
        yield [(cell.index, cell.row([loss, loss, float(trains), None if trains else 1.0, 0.5, 0.1]))]
        yield []
