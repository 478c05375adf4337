"""Where the panels of a chart stand: arms below each other, a row each, and layers side by side, a column each."""

from __future__ import annotations

from typing import Any

from bnviz.charts.theme import MARGIN, axis, note, nth
from bnviz.wording import written

REACH = 6.6
"""How far from its zero a layer's column reaches, in units of the input."""

ROW, GAP = 76, 16
"""Pixels of one arm's row, and between two."""

PITCH, HALF = 15.0, 7.4
"""From one layer's zero to the next one's, in units of the input, and from the outer ones to the chart's edges."""


def height(rows: int, row: int = ROW) -> int:
    """Pixels of a chart of so many rows."""
    return rows * row + (rows - 1) * GAP + MARGIN["t"] + MARGIN["b"]


def stacked(rows: int, row: int = ROW, gap: int = GAP, **words: Any) -> dict[str, Any]:
    """One vertical axis a row, the first on top."""
    whole = rows * row + (rows - 1) * gap
    tops = [1 - index * (row + gap) / whole for index in range(rows)]
    return {
        nth("yaxis", index): axis(domain=[max(0.0, top - row / whole), top], anchor="x", **words)
        for index, top in enumerate(tops)
    }


def place(column: int, columns: int, value: float = 0.0) -> float:
    """Where an input of this value lies in a layer's column, as a share of the chart's width."""
    return (HALF + column * PITCH + value) / ((columns - 1) * PITCH + 2 * HALF)


def over_inputs(columns: int, rows: int, ticks: list[int]) -> dict[str, Any]:
    """One horizontal axis for layers side by side, every layer's input from its own zero."""
    return axis(
        range=[-HALF, (columns - 1) * PITCH + HALF], fixedrange=True, anchor=nth("y", rows - 1),
        tickvals=[column * PITCH + tick for column in range(columns) for tick in ticks],
        ticktext=[written(tick, "d").replace("-", "−") for _ in range(columns) for tick in ticks],
    )  # fmt: skip


def layer_titles(layers: list[int]) -> list[dict[str, Any]]:
    """The layers' names above their columns, at the left: what was done to a run is marked above a column, too."""
    above: dict[str, Any] = {"xref": "paper", "yref": "paper", "y": 1, "yshift": -2}
    above |= {"xanchor": "left", "yanchor": "bottom", "xshift": -2}
    starts = [place(k, len(layers), -REACH) for k in range(len(layers))]
    return [note(f"layer {layer}", colour="text", x=x, **above) for layer, x in zip(layers, starts, strict=True)]
