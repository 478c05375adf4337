"""The rows of one unit's picture, from the top down: which there are, where they stand, and where a dot is in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bnviz.charts.bindings import Binding
from bnviz.charts.nonlinearity import NONLINEARITIES, slope_of
from bnviz.experiment import Experiment
from bnviz.inside import MOST_EXAMPLES, NOISY, NORMALIZED, SCALED, place, received, stages
from bnviz.own_functions import called
from bnviz.run import Run

END = 6.3
"""Dots farther from 0 than this stand at the end of the axis."""

GRID = np.linspace(-END, END, 127)
"""Where the curves are drawn."""

HEIGHTS = {"curve": 104.0, "slope": 48.0}
STRIP = 46.0
"""Pixels of a row: of the nonlinearity, of its slope, and of a stage's dots."""

OUTPUT, AFTER = "output", "after:"
"""Rows behind the nonlinearity: what it gives, and the stages that are placed there."""

GOLDEN = (math.sqrt(5) - 1) / 2
SPREAD = 0.36 * (2 * (GOLDEN * np.arange(1, MOST_EXAMPLES + 1) % 1) - 1)
"""Every example's own height in a strip, in shares of the row's: the same in all, so that a dot can be followed."""

Point = tuple[Binding, Binding]
"""Where all examples are, across and up."""


@dataclass(frozen=True)
class Level:
    """A row's middle and height, in pixels from the bottom, and its name."""

    middle: float
    height: float
    name: str


def rows_of(runs: Sequence[Run]) -> dict[str, Level]:
    """The rows that any of these networks needs; one that lacks a row passes through it."""
    before, after = ({stage: None for run in runs for stage in stages(run, site)} for site in ("before", "after"))
    words = ["x", *before, "curve", "slope", *([OUTPUT] if after else []), *(AFTER + stage for stage in after)]
    heights = [HEIGHTS.get(word, STRIP) for word in words]
    tops = np.cumsum(heights[::-1])[::-1]
    return {
        word: Level(float(top - height / 2), height, _name(word, runs))
        for word, height, top in zip(words, heights, tops, strict=True)
    }


def _name(word: str, runs: Sequence[Run]) -> str:
    kinds = {called(run.activation) for run in runs}
    scaled = "x̂" if any(run.normalizes("after" if word.startswith(AFTER) else "before") for run in runs) else "f"
    return {
        "x": "linear sum", "curve": kinds.pop() if len(kinds) == 1 else "f", "slope": "its slope", OUTPUT: "output",
        NORMALIZED: "x̂", SCALED: f"γ{scaled} + β", NOISY: "with noise",
    }[word.removeprefix(AFTER)].replace("_", " ")  # fmt: skip


class Places:
    """Where an arm's examples stand in each of its rows, as bindings to the reading at the cursor."""

    def __init__(self, arm: str, run: Run, rows: dict[str, Level]) -> None:
        self._column, self._run, self._rows = f"{arm}.inside", run, rows
        curve = NONLINEARITIES[run.activation]
        self._curves = {"curve": curve(GRID), "slope": slope_of(curve)(GRID)}

    def of(self, word: str, **changes: Any) -> Binding:
        """A number of the head, or a part's examples."""
        begin, end = place(self._run, word)
        return {"row": self._column, "from": begin, "to": end, **changes}

    def across(self, word: str) -> Binding:
        """The same on the horizontal axis."""
        return self.of(word, within=[-END, END])

    def curve(self, row: str) -> list[float]:
        """The height of a curve over the grid."""
        factor, zero, _ = self._fit(row)
        return [round(factor * float(value) + zero, 2) for value in self._curves[row]]

    def path(self) -> list[Point]:
        """The way of all examples, row after row."""
        run, enters = self._run, self.across(received(self._run))
        on_curves = [(enters, self._on(row, part)) for row, part in (("curve", "output"), ("slope", "slope"))]
        after = stages(run, "after")
        behind = [(OUTPUT, "output"), *((AFTER + stage, stage) for stage in after)] if after else []
        before = [(word, word) for word in ("x", *stages(run, "before"))]
        strips = [[(self.across(part), self._strip(row)) for row, part in words] for words in (before, behind)]
        return [*strips[0], *on_curves, *strips[1]]

    def spreads(self) -> list[tuple[Level, Binding, Binding, Binding]]:
        """Rows of which mean and deviation are known: with one deviation below the mean, one above, and the mean."""
        known = {"x": "x", received(self._run): "input"} | {"x": "x"}
        for site, behind in (("before", ""), ("after", AFTER)):
            known |= {behind + NORMALIZED: "hat"} if self._run.normalizes(site) else {}
        return [
            (self._rows[row], self.across(f"{of}_low"), self.across(f"{of}_high"), self.across(f"{of}_mean"))
            for row, of in known.items()
        ]

    def _strip(self, row: str) -> Binding:
        own = self._rows[row]
        return {"values": (own.middle + own.height * SPREAD).round(2).tolist()}

    def _on(self, row: str, part: str) -> Binding:
        """The examples' heights on a curve."""
        factor, zero, ends = self._fit(row)
        return self.of(part, times=factor, within=[factor * end for end in ends], plus=zero)

    def _fit(self, row: str) -> tuple[float, float, tuple[float, float]]:
        """The factor and the shift that bring a curve's values into its row, and the values between which it runs.

        Where nobody knows the curve, these are the ends of the axis.
        """
        own, values = self._rows[row], self._curves[row]
        known = np.isfinite(values).all()
        low, high = (min(0.0, float(values.min())), max(0.0, float(values.max()))) if known else (-END, END)
        factor = 0.86 * own.height / (high - low)
        return factor, own.middle - factor * (low + high) / 2, (low, high)


def flat_words(experiment: Experiment) -> str:
    """Where a dot counts as flat, in words: the nonlinearity's name where all arms have one."""
    kinds = {called(run.activation) for run in experiment.arms.values()}
    return f"where {kinds.pop()} is nearly flat".replace("_", " ") if len(kinds) == 1 else "where it is nearly flat"
