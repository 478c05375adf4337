"""The table behind the charts: one row a snapshot, a fixed set of named columns.

    plain.train_loss.mean, .low, .high     over the seeds, those that diverged left out
    plain.gradient_norm.mean, ...          one number a hidden layer
    plain.fidelity.mean, ...               what the experiment's instruments read
    plain.loss_along                       how the first seed's loss changes down its gradient, in what a step promises
    plain.pre_histogram                    share of inputs in each bin, pooled over seeds, for the shown layers
    plain.pre_histogram.p15, .p85          between which the middle 70% of them lie, one pair a shown layer
    plain.unit_p50                         the first seed's watched units, for the shown layers
    plain.unit_dead, plain.unit_dead.count which of them are dead (bytes: 1), and how many in each shown layer
    plain.filters, plain.feature_maps      the first seed's filters and maps side by side (convolution only), in bytes
    plain.decision, plain.points           the first seed's decision map and examples (two features only)
    plain.network_weights, ...answers, ...pictures  the first seed's network as ``bnviz.shown_network`` says, in bytes
    plain.network_alike                    how many of the shown units of each shown layer answer (nearly) alike
    plain.diverged_at, plain.diverged      first step of any seed that diverged; how many did
    step, epoch

Numpy only. What is watched (the network) has columns behind all others, which a packed row leaves out where it was not
read. The board keeps the same rows in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment
from bnviz.inside import Unit, length
from bnviz.quantities import (
    DECISION_GRID,
    HISTOGRAM_EDGES,
    QUANTITIES,
    SHOWN_FILTERS,
    SHOWN_POINTS,
    WALK,
    WATCHED_UNITS,
)
from bnviz.run import Run
from bnviz.shown_network import ALIKE, LEVELS, ShownNetwork, has_picture
from bnviz.snapshot import Readings, Snapshot
from bnviz.strides import KERNEL

Arrays = dict[str, np.ndarray]
"""Column name to values, ``(rows, length)``."""

BINS = len(HISTOGRAM_EDGES) + 1
UNKNOWN = 255
"""A byte that was not read, or is of a network that became infinite."""

MOST_LAYERS = 6
"""No more layers than this are shown side by side."""

SPREAD = (
    "train_loss", "test_loss", "test_accuracy",
    "gradient_norm", "saturation", "dead_units", "distribution_shift", "gradient_shift", "weight_norm", "bias_norm",
    "pre_std",
)  # fmt: skip
"""Quantities that become three columns, mean, low and high over the seeds, as do those of the experiment's
instruments. Others are too many bytes for nobody."""

TILE_EDGE = 1
"""So many pixels of nothing stand around each filter and each map where they are laid side by side."""

UNIT = ("unit_p15", "unit_p50", "unit_p85")
ENDS = np.concatenate([HISTOGRAM_EDGES[:1], HISTOGRAM_EDGES, HISTOGRAM_EDGES[-1:]])
"""Where the bins of a histogram end, from below the first to above the last, which are open."""

MIDDLE = {"p15": 0.15, "p85": 0.85}
"""Between these shares of all inputs lie the middle 70%."""


@dataclass(frozen=True)
class Column:
    """A named column: ``length`` numbers a row, float32 or bytes, perhaps only where something is watched."""

    name: str
    dtype: Literal["f4", "u1"]
    length: int
    watch: str = ""


def shown_layers(depth: int) -> list[int]:
    """At most six layers, evenly spaced, the first and the last among them; counted from 1."""
    return sorted({round(layer) for layer in np.linspace(1, depth, min(depth, MOST_LAYERS))})


def watched_units(run: Run) -> list[int]:
    return list(range(1, min(run.width, WATCHED_UNITS) + 1))


def has_plane(run: Run) -> bool:
    return DATASETS[run.dataset].plane


def has_filters(run: Run) -> bool:
    return run.network == "cnn"


class Columns:
    """The columns of one experiment, and how a snapshot becomes a row of them."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        columns = [Column("step", "f4", 1), Column("epoch", "f4", 1)]
        read = {q: words.shape for q, words in QUANTITIES.items() if words.instrument in experiment.instruments}
        self._spread = (*SPREAD, *(quantity for quantity, shape in read.items() if shape in ("run", "layer")))
        walks = "loss_along" in read
        for arm, run in experiment.arms.items():
            columns += _arm_columns(arm, run, self._spread)
            columns += [Column(f"{arm}.loss_along", "f4", len(WALK))] * walks
        self.specs = sorted(columns, key=lambda column: (column.watch, column.dtype == "u1"))
        self.apart = [Column(f"{arm}.inside", "f4", length(run)) for arm, run in experiment.arms.items()]
        """One unit's mini-batch, which travels by itself: it is read while somebody looks."""

    def row(self, snapshot: Snapshot) -> dict[str, np.ndarray]:
        """One snapshot as named vectors. What was not read is NaN (bytes: 255)."""
        values = {"step": np.array([snapshot.step]), "epoch": np.array([snapshot.epoch])}
        for arm, run in self.experiment.arms.items():
            values.update(_arm_values(arm, run, snapshot[arm], self._spread))
        return {spec.name: _fitted(values.get(spec.name), spec) for spec in self.specs}

    def watched(self, snapshot: Snapshot) -> list[str]:
        """What of all that can be watched was read."""
        held = {quantity for readings in snapshot.arms.values() for quantity in readings}
        return sorted({QUANTITIES[quantity].watch for quantity in held if quantity in QUANTITIES} - {""})

    def pack(self, snapshot: Snapshot) -> bytes:
        """The row as little-endian bytes: f4 columns in order, u1 columns, those of what is ``watched``; zeros up to a
        multiple of 4."""
        row, held = self.row(snapshot), ["", *self.watched(snapshot)]
        data = b"".join(row[spec.name].tobytes() for spec in self.specs if spec.watch in held)
        return data + bytes(-len(data) % 4)

    def insides(self, snapshots: Iterable[Snapshot], unit: Unit) -> Arrays:
        """The columns ``apart``, as far as one unit's mini-batch was kept; else NaN."""

        def kept(snapshot: Snapshot, spec: Column) -> np.ndarray:
            readings = snapshot[spec.name.split(".")[0]].get("inside", np.empty((0, 2)))
            return _fitted(next((own for own in readings if tuple(own[:2]) == unit), None), spec)

        return {spec.name: np.stack([kept(snapshot, spec) for snapshot in snapshots]) for spec in self.apart}

    def table(self, snapshots: Iterable[Snapshot]) -> Arrays:
        """Every snapshot's row: column name to ``(rows, length)``."""
        rows = [self.row(snapshot) for snapshot in snapshots]
        return {
            spec.name: np.stack([row[spec.name] for row in rows]) if rows else np.empty((0, spec.length), spec.dtype)
            for spec in self.specs
        }


def _arm_columns(arm: str, run: Run, spread: Iterable[str]) -> list[Column]:
    columns = []
    for quantity in spread:
        length = run.depth if QUANTITIES[quantity].shape == "layer" else 1
        columns += [Column(f"{arm}.{quantity}.{part}", "f4", length) for part in ("mean", "low", "high")]
    layers = len(shown_layers(run.depth))
    columns += [Column(f"{arm}.pre_histogram", "f4", layers * BINS)]
    columns += [Column(f"{arm}.pre_histogram.{part}", "f4", layers) for part in MIDDLE]
    columns += [Column(f"{arm}.{quantity}", "f4", layers * len(watched_units(run))) for quantity in UNIT]
    columns += [Column(f"{arm}.unit_dead.count", "f4", layers)]
    columns += [Column(f"{arm}.unit_dead", "u1", layers * len(watched_units(run)))]
    columns += [Column(f"{arm}.diverged_at", "f4", 1), Column(f"{arm}.diverged", "f4", 1)]
    if has_plane(run):
        columns.append(Column(f"{arm}.decision", "u1", DECISION_GRID**2))
        columns.append(Column(f"{arm}.points", "f4", DATASETS[run.dataset].classes * 2 * SHOWN_POINTS))
    if has_filters(run):
        tiles = 1 + min(run.width, SHOWN_FILTERS)
        for quantity, side in (("filters", KERNEL), ("feature_maps", DATASETS[run.dataset].side)):
            columns.append(Column(f"{arm}.{quantity}", "u1", tiles * (side + 2 * TILE_EDGE) ** 2))
    if has_picture(run):
        shown = ShownNetwork(run)
        lengths = {**shown.lengths, "network_alike": len(shown.layers)}
        columns += [Column(f"{arm}.{quantity}", "u1", length, "network") for quantity, length in lengths.items()]
    return columns


def _arm_values(arm: str, run: Run, readings: Readings, spread: Iterable[str]) -> dict[str, np.ndarray]:
    values: dict[str, np.ndarray] = {}
    for quantity in spread:
        if quantity in readings:
            for part, value in _spread(np.asarray(readings[quantity], dtype=float)).items():
                values[f"{arm}.{quantity}.{part}"] = value
    layers = np.array(shown_layers(run.depth)) - 1
    if "pre_histogram" in readings:
        shares = np.asarray(readings["pre_histogram"], dtype=float)[:, layers]
        pooled = values[f"{arm}.pre_histogram"] = _spread(shares)["mean"]
        for part, share in MIDDLE.items():
            values[f"{arm}.pre_histogram.{part}"] = percentile(pooled, share)
    for quantity in UNIT:
        if quantity in readings:
            values[f"{arm}.{quantity}"] = np.asarray(readings[quantity])[0, layers]
    if "unit_dead" in readings:
        dead = np.asarray(readings["unit_dead"])[0, layers]
        values[f"{arm}.unit_dead"] = np.where(np.isnan(dead), UNKNOWN, dead)
        values[f"{arm}.unit_dead.count"] = dead.sum(1)
    steps = np.asarray(readings.get("diverged_at", np.nan), dtype=float)
    gone = steps[np.isfinite(steps)]
    values[f"{arm}.diverged_at"] = gone.min() if len(gone) else np.array(np.nan)
    values[f"{arm}.diverged"] = np.array(len(gone))
    if "loss_along" in readings:
        values[f"{arm}.loss_along"] = in_promises(readings["loss_along"], readings["promised_decrease"])
    for quantity, first in (("filters", 1), ("feature_maps", 0)):
        if quantity in readings:
            values[f"{arm}.{quantity}"] = side_by_side(np.asarray(readings[quantity]), first)
    for quantity in ("decision", "points", "network_weights", "network_answers", "network_pictures"):
        if quantity in readings:
            values[f"{arm}.{quantity}"] = np.asarray(readings[quantity])
    if "network_answers" in readings:
        values[f"{arm}.network_alike"] = alike(ShownNetwork(run), np.asarray(readings["network_answers"]))
    return values


def side_by_side(tiles: np.ndarray, first: int = 0) -> np.ndarray:
    """Pictures ``(count, side, side)`` as one, from the lower left: nothing around each, and in the first places."""
    edge = (TILE_EDGE, TILE_EDGE)
    framed = np.pad(tiles, ((first, 0), edge, edge), constant_values=UNKNOWN)
    return np.concatenate([*framed], axis=1)[::-1]


def in_promises(along: np.ndarray, promised: np.ndarray) -> np.ndarray:
    """The change of the first seed's loss on its way down, in what its gradient promises of one step: -1 is kept."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((np.asarray(along, float) - along[0]) / promised[0])


def alike(shown: ShownNetwork, answers: np.ndarray) -> np.ndarray:
    """How many of the shown units of each layer answer (nearly) alike to everything, 255 where one is not finite."""
    hidden = answers[: len(shown.layers) * shown.units * shown.answer].reshape(len(shown.layers), shown.units, -1)
    few = (np.ptp(hidden, axis=2) < ALIKE * LEVELS).sum(1)
    return np.where((hidden == UNKNOWN).any((1, 2)), UNKNOWN, few)


def percentile(shares: np.ndarray, share: float) -> np.ndarray:
    """The input below which this share of each histogram lies, ``(layers, bins)`` to ``(layers,)``.

    In a bin inputs are spread evenly; what lies beyond ±6 counts as ±6.
    """
    up_to = np.cumsum(shares, axis=1)
    found = (up_to >= share).argmax(1)
    layers = np.arange(len(shares))
    inside = 1 - (up_to[layers, found] - share) / shares[layers, found]
    return np.asarray(ENDS[found] + inside * (ENDS[found + 1] - ENDS[found]))


def _spread(values: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, least and greatest over the seeds (the first axis) that are finite; NaN where none is."""
    finite = np.isfinite(values)
    kept = np.where(finite, values, np.nan)
    with np.errstate(invalid="ignore"):
        mean = np.where(finite, values, 0).sum(0) / finite.sum(0)
    return {"mean": mean, "low": np.fmin.reduce(kept), "high": np.fmax.reduce(kept)}


def _fitted(values: np.ndarray | None, spec: Column) -> np.ndarray:
    dtype = np.dtype(spec.dtype).newbyteorder("<")
    if values is None:
        return np.full(spec.length, np.nan if spec.dtype == "f4" else UNKNOWN, dtype)
    with np.errstate(over="ignore"):
        fitted = np.asarray(values).reshape(-1).astype(dtype)
    if len(fitted) != spec.length:
        raise ValueError(f"{spec.name} had {len(fitted)} numbers; the experiment says {spec.length}.")
    return fitted
