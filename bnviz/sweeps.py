"""Many networks that differ in a few fields: ``Map``, a picture of networks, and ``Sweep``, an explicit grid.

Both are frozen, travel as JSON, and turn a number from 0 to ``total`` into a
``Cell``, one network to train. What was found is a ``Table`` with a row for
every network. Nothing here knows torch, a process, a chart or a page.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np

from bnviz.axes import Axis
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment, experiment_of
from bnviz.fields import InvalidChoice, Keyed, quoted
from bnviz.run import FIELDS, Run
from bnviz.table import Table, Value

RESULTS = ("train_loss", "test_loss", "test_accuracy", "diverged_at", "gradient_norm", "distribution_shift")
"""What is read of every network at its end, as in ``bnviz.quantities``; the last two are means over the layers."""

IMPOSSIBLE = "impossible"
"""The column that says in one sentence why a network could not be made; empty for the others."""

SIZES = (8, 16, 32, 64, 128)
"""How many pixels a map may have either way."""
COARSE = SIZES[0]
MOST_STEPS, MOST_NETWORKS = 10_000, 2**17
FLOAT32_APART, FLOAT64_APART = 1e-5, 1e-14
"""Neighbours as close as this, as a share of their values, need float64; closer ones not even that tells apart."""
SHAPED_BY = ("depth", "width", "batch_size", "eps", "sgd_momentum", "bn_momentum", "half_life", "schedule_steps")
"""Axes along which networks do not train in one stack."""


def trained_from(run: Run) -> float:
    """The test accuracy from which a network counts as trained: half way from guessing to certainty."""
    return _half_way(run.dataset)


def _half_way(dataset: str) -> float:
    guess = 1 / DATASETS[dataset].classes
    return (guess + 1) / 2


def did_train(grid: Grid, table: Table) -> list[bool]:
    """For each row whether its network trained: it did not diverge, and names as many as ``trained_from`` says."""
    arms = {arm: trained_from(run) for arm, run in grid.experiment.arms.items()}
    columns = table.columns
    least = [arms[str(arm)] for arm in columns["arm"]]
    if "dataset" in columns:
        least = [_half_way(str(word)) for word in columns["dataset"]]
    accuracies = zip(table.numbers("test_accuracy"), least, columns["diverged_at"], strict=True)
    return [lost is None and accuracy >= enough for accuracy, enough, lost in accuracies]


@dataclass(frozen=True)
class Cell:
    """One network of a map or sweep: its choices, or ``refusal``, the sentence why it cannot be.

    ``place`` is column, row and level in a map, and empty in a sweep. ``float64``: it trains in double precision.
    """

    index: int
    arm: str
    seed: int
    values: tuple[Value, ...]
    run: Run | None
    refusal: str = ""
    place: tuple[int, ...] = ()
    float64: bool = False

    def row(self, results: Sequence[float | None] = (), refusal: str = "") -> list[Value]:
        """Its row of the table, in the order of ``columns``."""
        found = [*results] or [None] * len(RESULTS)
        return [self.arm, self.seed, *self.values, *self.place, *found, refusal or self.refusal or None]


@dataclass(frozen=True)
class _Grid(Keyed):
    """What maps and sweeps have in common."""

    experiment: Experiment

    @property
    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """What they differ in."""

    @property
    def float64(self) -> bool:
        """Whether its networks train in double precision."""
        return False

    def twin(self, index: int) -> int:
        """The first number with the same network: another one where whole numbers of an axis fill several pixels."""
        return index

    @property
    def datasets(self) -> tuple[str, ...]:
        """The words of all that its networks learn from."""
        return self.experiment.datasets

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table."""
        place = ("column", "row", "level") if isinstance(self, Map) else ()
        return ("arm", "seed", *self.fields, *place, *RESULTS, IMPOSSIBLE)

    def to_json(self) -> str:
        own = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        return json.dumps(own, default=lambda part: asdict(part) if isinstance(part, Axis) else part.to_json())

    @classmethod
    def _parts(cls, text: str | bytes) -> dict[str, Any]:
        kind, names = cls.__name__.lower(), [each.name for each in dataclasses.fields(cls)]
        try:
            parts = json.loads(text)
        except ValueError:
            parts = None
        if not isinstance(parts, dict) or set(parts) != set(names) or not isinstance(parts["experiment"], str):
            raise InvalidChoice(f"{quoted(text)} is no {kind}; a {kind} has {', '.join(names)}.")
        return parts | {"experiment": Experiment.from_json(parts["experiment"])}

    def _cell(self, index: int, arm: str, seed: int, values: tuple[Value, ...], place: tuple[int, ...] = ()) -> Cell:
        run, refusal = None, ""
        try:
            run = self.experiment.arms[arm].replace(**dict(zip(self.fields, values, strict=True)))
        except InvalidChoice as error:
            refusal = str(error)
        return Cell(index, arm, seed, values, run, refusal, place, self.float64)


@dataclass(frozen=True)
class Map(_Grid):
    """A picture of networks: one field across, one up, a network a pixel and arm, each trained for ``steps``.

    It has ``cells`` x ``cells`` pixels and is drawn like a rendering: level 0
    is a coarse picture of 8 x 8 blocks, each level splits every block in four.
    A block is coloured by the network of its corner pixel (lowest column and
    row), so that no network is trained for one level only: the network with
    ``column, row, level`` stands for ``size_of(level)`` pixels either way until
    finer ones come. Of the experiment's seeds only the first ``seeds`` train.
    Zoomed into by some four decades it trains in float64, which serves for eight more.

    Raises:
        InvalidChoice: a number that is not allowed, or the same field twice.
    """

    x: Axis
    y: Axis
    cells: int = 32
    steps: int = 200
    seeds: int = 1

    def __post_init__(self) -> None:
        if self.x.field == self.y.field:
            raise InvalidChoice(f"both axes were {self.x.field}; allowed are two different fields.")
        if self.cells not in SIZES:
            raise InvalidChoice(f"cells was {quoted(self.cells)}; allowed are {', '.join(map(str, SIZES))}.")
        for axis in (self.x, self.y):
            if axis.apart(self.cells) < FLOAT64_APART:
                raise InvalidChoice(
                    f"{axis.field} went from {axis.low!r} to {axis.high!r}; allowed are ends further apart, because "
                    "networks this close have the same 16 digits: try fewer pixels, or zoom out."
                )
        _check("steps", self.steps, MOST_STEPS)
        _check("seeds", self.seeds, len(self.experiment.seeds))
        _check_total(self.total)

    @property
    def fields(self) -> tuple[str, ...]:
        return self.x.field, self.y.field

    @property
    def total(self) -> int:
        """How many networks."""
        return self.cells**2 * self.each

    @property
    def each(self) -> int:
        """How many networks a pixel has: arms x seeds."""
        return len(self.experiment.arms) * self.seeds

    @property
    def float64(self) -> bool:
        """Whether neighbours are too close for float32, which has 7 digits, a few of which training loses."""
        return min(axis.apart(self.cells) for axis in (self.x, self.y)) < FLOAT32_APART

    @property
    def levels(self) -> int:
        """How many pictures, from the coarse to the finest."""
        return (self.cells // COARSE).bit_length()

    def size_of(self, level: int) -> int:
        """How many pixels wide and high a block of this level is."""
        return self.cells // (COARSE << level)

    def level_of(self, column: int, row: int) -> int:
        """The first level that shows this pixel's network."""
        return next(level for level in range(self.levels) if not (column | row) % self.size_of(level))

    def numbers(self, column: int, row: int) -> list[int]:
        """The numbers of the networks of this pixel."""
        first = (row * self.cells + column) * self.each
        return list(range(first, first + self.each))

    def cell(self, index: int) -> Cell:
        """The network of this number, from 0 to ``total`` - 1."""
        pixel, member = divmod(index, self.each)
        row, column = divmod(pixel, self.cells)
        arm, seed = self._members[member]
        across, up = self._values
        return self._cell(index, arm, seed, (across[column], up[row]), self.place(index))

    def place(self, index: int) -> tuple[int, int, int]:
        """Column, row and level of the network of this number."""
        row, column = divmod(index // self.each, self.cells)
        return column, row, self.level_of(column, row)

    def twin(self, index: int) -> int:
        pixel, member = divmod(index, self.each)
        row, column = divmod(pixel, self.cells)
        across, up = self._firsts
        return (up[row] * self.cells + across[column]) * self.each + member

    @cached_property
    def _firsts(self) -> tuple[list[int], list[int]]:
        """The first column, and the first row, of the same value."""
        across, up = ([values.index(value) for value in values] for values in self._values)
        return across, up

    @cached_property
    def _members(self) -> list[tuple[str, int]]:
        return list(itertools.product(self.experiment.arms, self.experiment.seeds[: self.seeds]))

    @cached_property
    def _values(self) -> tuple[list[float], list[float]]:
        return self.x.values(self.cells), self.y.values(self.cells)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The map of ``to_json``. Raises InvalidChoice for anything else."""
        parts = cls._parts(text)
        try:
            axes = {name: Axis(**parts[name]) for name in ("x", "y")}
        except TypeError:
            raise InvalidChoice(f"{quoted(text)} is no map; its axes have field, low, high and log.") from None
        return cls(**parts | axes)


@dataclass(frozen=True)
class Sweep(_Grid):
    """Every combination of these values of some fields, of every arm and seed, each trained for ``steps``.

    ``Sweep(experiment, {"learning_rate": (0.1, 1.0), "depth": (2, 4)}, steps=300)``

    Raises:
        InvalidChoice: a field or value that does not exist, or too many networks.
    """

    axes: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    steps: int = 200

    def __post_init__(self) -> None:
        experiment_of(self.experiment)
        object.__setattr__(self, "axes", {name: _values_of(name, values) for name, values in self.axes.items()})
        _check("steps", self.steps, MOST_STEPS)
        _check_total(self.total)

    def __hash__(self) -> int:
        return hash((self.experiment, tuple(self.axes.items()), self.steps))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.axes)

    @property
    def datasets(self) -> tuple[str, ...]:
        return (*super().datasets, *self.axes.get("dataset", ()))

    @property
    def total(self) -> int:
        """How many networks."""
        return math.prod(self._shape)

    @property
    def _shape(self) -> tuple[int, ...]:
        return (*map(len, self.axes.values()), len(self.experiment.arms), len(self.experiment.seeds))

    def cell(self, index: int) -> Cell:
        """The network of this number, from 0 to ``total`` - 1; seeds change fastest, the first field slowest."""
        *places, arm, seed = map(int, np.unravel_index(index, self._shape))
        chosen = tuple(values[place] for values, place in zip(self.axes.values(), places, strict=True))
        return self._cell(index, list(self.experiment.arms)[arm], self.experiment.seeds[seed], chosen)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The sweep of ``to_json``. Raises InvalidChoice for anything else."""
        parts = cls._parts(text)
        if not isinstance(parts["axes"], dict):
            raise InvalidChoice(f"{quoted(text)} is no sweep; its axes are fields with their values.")
        return cls(**parts)


Grid = Map | Sweep


def grid_from_json(text: str | bytes) -> Grid:
    """The map or sweep of ``to_json``. Raises InvalidChoice for anything else."""
    try:
        is_sweep = "axes" in json.loads(text)
    except (ValueError, TypeError):
        is_sweep = False
    return Sweep.from_json(text) if is_sweep else Map.from_json(text)


def _values_of(name: str, values: Any) -> tuple[Any, ...]:
    """The different values of a field, each as ``Run`` keeps it."""
    if name not in FIELDS:
        raise InvalidChoice(f"{quoted(name)} is no choice of a Run; the choices are {', '.join(FIELDS)}.")
    listed = [values] if isinstance(values, str) or not hasattr(values, "__iter__") else list(values)
    if not listed:
        raise InvalidChoice(f"{name} had no values; at least one is needed.")
    return tuple(dict.fromkeys(getattr(Run(**{name: value}), name) for value in listed))


def _check(name: str, value: Any, most: int) -> None:
    if type(value) is not int or not 1 <= value <= most:
        raise InvalidChoice(f"{name} was {quoted(value)}; allowed is a whole number from 1 to {most:,}.")


def _check_total(total: int) -> None:
    if total > MOST_NETWORKS:
        raise InvalidChoice(
            f"there were {total:,} networks; allowed are {MOST_NETWORKS:,}: try fewer arms, seeds or values."
        )
