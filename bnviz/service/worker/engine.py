"""What a worker needs of an engine, found by its name when a process starts: this room never imports torch itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from bnviz.drawn import Answer
from bnviz.experiment import Experiment
from bnviz.inside import Inside, Unit
from bnviz.rate_changes import RateChange
from bnviz.run import Run
from bnviz.service.worker.looking_back import LookBack
from bnviz.service.worker.measuring import Measure
from bnviz.service.worker.sweeping import TrainCells
from bnviz.snapshot import Snapshot

Fetch = Callable[[Iterable[str], Callable[[str], None]], None]
"""Gets the data sets of these names from where they are, saying in sentences how far it is."""

WARM_UP = Experiment(
    arms={
        "plain": Run(),
        "bn": Run(normalization="batch"),
        "adam": Run(optimizer="adam", learning_rate=0.01),
    },
    seeds=(0,),
)
"""Trained for two steps before the first work: loads the digits, the kernels, and what Adam imports when first used."""


class Trainer(Protocol):
    """What a worker needs of ``bnviz.engine.Lockstep``; a scripted one serves the tests."""

    @property
    def step(self) -> int: ...
    @property
    def epoch(self) -> float: ...
    @property
    def batches_per_epoch(self) -> int | None: ...
    @property
    def to_come(self) -> tuple[RateChange, ...]: ...
    def advance(self, steps: int = 1) -> None: ...
    def watch(self, words: Iterable[str]) -> None: ...
    def snapshot(self) -> Snapshot: ...
    def inside(self, unit: Unit) -> Inside: ...
    def answer(self, drawing: str) -> Answer: ...
    def set_learning_rate(self, rate: float, arm: str | None = None) -> None: ...
    def checkpoint(self) -> dict[str, np.ndarray]: ...
    def restore(self, checkpoint: Mapping[str, np.ndarray]) -> None: ...


@dataclass(frozen=True)
class Engine:
    """Trains experiments; may also fetch their data, measure studies, train the cells of a sweep, and look back."""

    trainer: Callable[[Experiment], Trainer]
    fetch: Fetch | None = None
    measure: Measure | None = None
    train_cells: TrainCells | None = None
    look_back: LookBack | None = None

    @classmethod
    def named(cls, name: str) -> Self:
        """The engine ``module:name``: its trainer has this name, the rest stands beside it in the module."""
        module, _, trainer = name.partition(":")
        room = importlib.import_module(module)
        others = {word: getattr(room, own, None) for word, own in _OTHERS.items()}
        return cls(getattr(room, trainer), **others)

    def warm_up(self) -> None:
        """Try everything once, so that the first reader does not wait for it."""
        trainer = self.trainer(WARM_UP)
        trainer.advance(2)
        trainer.snapshot()


_OTHERS = {"fetch": "fetch_for", "measure": "measure", "train_cells": "train_cells", "look_back": "look_back"}
