"""The table behind the charts: one row a snapshot, a fixed set of named columns.

    plain.train_loss.mean, .low, .high     over the seeds, those that diverged left out
    plain.gradient_norm.mean, ...          one number a hidden layer
    plain.fidelity.mean, ...               what the experiment's instruments read
    plain.pre_histogram                    share of inputs in each bin, pooled over seeds, for the shown layers
    plain.pre_histogram.p15, .p85          between which the middle 70% of them lie, one pair a shown layer
    plain.unit_p50                         the first seed's watched units, for the shown layers
    plain.unit_dead, plain.unit_dead.count which of them are dead (bytes: 1), and how many in each shown layer
    plain.decision, plain.points           the first seed's decision map and examples (two features only)
    plain.diverged_at, plain.diverged      first step of any seed that diverged; how many did
    step, epoch

Numpy only. The board keeps the same rows in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment
from bnviz.quantities import DECISION_GRID, HISTOGRAM_EDGES, QUANTITIES, SHOWN_POINTS, WATCHED_UNITS
from bnviz.run import Run
from bnviz.snapshot import Readings, Snapshot

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

UNIT = ("unit_p15", "unit_p50", "unit_p85")
ENDS = np.concatenate([HISTOGRAM_EDGES[:1], HISTOGRAM_EDGES, HISTOGRAM_EDGES[-1:]])
"""Where the bins of a histogram end, from below the first to above the last, which are open."""

MIDDLE = {"p15": 0.15, "p85": 0.85}
"""Between these shares of all inputs lie the middle 70%."""


@dataclass(frozen=True)
class Column:
    """A named column: ``length`` numbers a row, float32 or bytes."""

    name: str
    dtype: Literal["f4", "u1"]
    length: int


def shown_layers(depth: int) -> list[int]:
    """At most six layers, evenly spaced, the first and the last among them; counted from 1."""
    return sorted({round(layer) for layer in np.linspace(1, depth, min(depth, MOST_LAYERS))})


def watched_units(run: Run) -> list[int]:
    return list(range(1, min(run.width, WATCHED_UNITS) + 1))


def has_plane(run: Run) -> bool:
    return DATASETS[run.dataset].plane


class Columns:
    """The columns of one experiment, and how a snapshot becomes a row of them."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        columns = [Column("step", "f4", 1), Column("epoch", "f4", 1)]
        self._spread = (*SPREAD, *(q for q, words in QUANTITIES.items() if words.instrument in experiment.instruments))
        for arm, run in experiment.arms.items():
            columns += _arm_columns(arm, run, self._spread)
        self.specs = sorted(columns, key=lambda column: column.dtype == "u1")

    def row(self, snapshot: Snapshot) -> dict[str, np.ndarray]:
        """One snapshot as named vectors. What was not read is NaN (bytes: 255)."""
        values = {"step": np.array([snapshot.step]), "epoch": np.array([snapshot.epoch])}
        for arm, run in self.experiment.arms.items():
            values.update(_arm_values(arm, run, snapshot[arm], self._spread))
        return {spec.name: _fitted(values.get(spec.name), spec) for spec in self.specs}

    def pack(self, snapshot: Snapshot) -> bytes:
        """The row as little-endian bytes: f4 columns in order, then u1 columns, zeros up to a multiple of 4."""
        data = b"".join(values.tobytes() for values in self.row(snapshot).values())
        return data + bytes(-len(data) % 4)

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
    for quantity in ("decision", "points"):
        if quantity in readings:
            values[f"{arm}.{quantity}"] = np.asarray(readings[quantity])
    return values


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
