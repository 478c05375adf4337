"""Figures of a few panels whose traces hold their numbers themselves: axes in their place, lines, dots and bands.

``figure.fill`` paints what ``together`` returns, and puts the names beside
the lines' ends. Nothing here knows what the numbers mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from bnviz.charts.bindings import Template, rung
from bnviz.charts.figure import decade_ticks
from bnviz.charts.theme import HEIGHT, MARGIN, ArmLook, axis, axis_titles, layout, margin_for, nth
from bnviz.table import Table

Numbers = Sequence[float] | np.ndarray

GAP = 0.12
"""The share of a figure's width, or of two, that stands empty between two panels."""


LEFT, BETWEEN = 56, 38
"""Pixels from the title of a vertical axis to the axis: of the first panel in a row, and of the others."""

BELOW_LABELS = -24
"""Pixels from an axis down to its title, which stands under the labels of its ticks."""


@dataclass(frozen=True)
class Panel:
    """One pair of axes in a figure of ``columns`` and ``rows``; ``number`` counts from 0 along the rows."""

    number: int
    columns: int = 1
    rows: int = 1

    @property
    def axes(self) -> dict[str, str]:
        """What a trace says to stand here."""
        return {"xaxis": nth("x", self.number), "yaxis": nth("y", self.number)}

    @property
    def last(self) -> bool:
        """Whether names of lines fit beside it."""
        return self.number % self.columns == self.columns - 1

    def layout(self, x: str, y: str, x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
        """Both axes in their place, and the titles at their ends."""
        column, row = self.number % self.columns, self.rows - 1 - self.number // self.columns
        left, right = _share(column, self.columns, GAP)
        bottom, top = _share(row, self.rows, 2 * GAP)
        titles = axis_titles(x, y, inside=True, left=BETWEEN if column else LEFT)
        places: list[dict[str, float]] = [{"x": left, "y": top}, {"x": right, "y": bottom, "yshift": BELOW_LABELS}]
        across, up = nth("xaxis", self.number), nth("yaxis", self.number)
        return {
            across: axis(domain=[left, right], anchor=self.axes["yaxis"], **x_axis),
            up: axis(domain=[bottom, top], anchor=self.axes["xaxis"], showgrid=True, **y_axis),
            "annotations": [{**title, **place} for title, place in zip(titles, places, strict=True)],
        }


def _share(place: int, count: int, gap: float) -> tuple[float, float]:
    wide = (1 - gap * (count - 1)) / count
    return place * (wide + gap), min(1.0, place * (wide + gap) + wide)


def line(
    name: str, look: ArmLook, panel: Panel, x: Numbers, y: Numbers, *, named: bool = True, **words: Any
) -> dict[str, Any]:
    """A curve with its name beside the end if it is to be ``named``, where there is room for it."""
    label = {"label": name} if named and panel.last else {}
    return {
        "type": "scatter", "mode": "lines", "name": name, "hovertemplate": "%{y:.3~g}", "connectgaps": True,
        "line": {"color": look.colour, "dash": look.dash, "width": 2}, **panel.axes,
        "meta": {"role": look.role, "x": {"values": [*x]}, "y": {"values": [*y]}, **label}, **words,
    }  # fmt: skip


def dots(
    name: str, look: ArmLook, panel: Panel, x: Numbers, y: Numbers, symbol: str, size: int = 8, **words: Any
) -> dict[str, Any]:
    """Single points, with their name at the height of the last one."""
    marker = {"color": look.colour, "symbol": symbol, "size": size, "line": {"width": 2, "color": look.colour}}
    return line(name, look, panel, x, y, **{"mode": "markers", "marker": marker, "cliponaxis": False, **words})


def spread(table: Table, name: str, look: ArmLook, panel: Panel, over: str, quantity: str) -> list[dict[str, Any]]:
    """The median over the seeds as a line, and their range as a band."""
    places = table.different(over)
    found = [[y for y in table.where(**{over: place}).numbers(quantity) if math.isfinite(y)] for place in places]
    middle = [median(values) if values else math.nan for values in found]
    edges = {"lower": [min(values, default=math.nan) for values in found],
             "upper": [max(values, default=math.nan) for values in found]}  # fmt: skip
    band = {
        "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": look.band, "hoverinfo": "skip",
        "line": {"width": 0, "color": look.band}, **panel.axes,
        "meta": {"role": look.role, "x": {"values": places}, **{edge: {"values": y} for edge, y in edges.items()}},
    }  # fmt: skip
    return [band, line(name, look, panel, places, middle)]


def linear(values: Iterable[float], low: float = 0.0) -> dict[str, Any]:
    """A linear axis from ``low`` to the first round number above the largest of these."""
    return {"range": [low, rung(max((value for value in values if math.isfinite(value)), default=1.0)) or 1.0]}


def logarithmic(values: Iterable[float]) -> dict[str, Any]:
    """A logarithmic axis of whole decades that holds all of these that are positive."""
    powers = [math.log10(value) for value in values if math.isfinite(value) and value > 0] or [0.0]
    low, high = math.floor(min(powers)), math.ceil(max(powers))
    limits = [float(low), float(max(high, low + 1))]
    return {"type": "log", "range": limits, "dtick": decade_ticks(limits), "exponentformat": "e"}


def doublings(values: Sequence[float]) -> dict[str, Any]:
    """A logarithmic axis with a tick at each of these, and little beyond them."""
    powers = [math.log10(value) for value in values]
    return {"type": "log", "range": [min(powers) - 0.1, max(powers) + 0.1], "tickvals": [*values]}


def together(
    traces: list[dict[str, Any]], parts: Sequence[dict[str, Any]], rows: int = 1, room: dict[str, int] | None = None
) -> Template:
    """Traces and panels as one template; ``room`` are margins that differ."""
    notes = [note for part in parts for note in part["annotations"]]
    axes = {name: value for part in parts for name, value in part.items() if name != "annotations"}
    names = [trace["meta"]["label"] for trace in traces if "label" in trace["meta"]] or [""]
    return {
        "data": traces,
        "layout": layout(
            HEIGHT * rows - BELOW_LABELS, **axes, annotations=notes, hovermode="x unified", meta={"axes": {}},
            margin=margin_for(names) | {"l": LEFT, "b": MARGIN["b"] - BELOW_LABELS, **(room or {})},
        ),
    }  # fmt: skip
