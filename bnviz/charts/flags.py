"""The flags where an arm diverged: none beyond the axis, and no words on the words of another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

PINNED = 0.86
"""Share of an axis' height where a flag stands that would be beyond it."""

WIDTH = 700
"""Pixels that a figure is taken to be wide where nobody has said it: plotly's own."""

HIGH, CHARACTER, GAP = 16, 7, 6
"""Of a flag's words, in pixels."""

SIDES = ("top right", "bottom right", "top left", "bottom left")


class Planted(NamedTuple):
    """A flag in a chart: its place in pixels from the upper left corner, and how many letters its words have."""

    x: float
    y: float
    letters: int


def plant_flags(traces: Sequence[dict[str, Any]], layout: dict[str, Any]) -> None:
    """Bring flags that would be beyond the axis below its upper end, and find a side for the words of each."""
    margin, flags = layout["margin"], [trace for trace in traces if trace["meta"].get("flag")]
    flags = [flag for flag in flags if math.isfinite(flag["x"][0])]
    width, height = WIDTH - margin["l"] - margin["r"], layout["height"] - margin["t"] - margin["b"]
    planted = []
    for flag in flags:
        up = _share(flag["y"][0], layout["yaxis"])
        if up > 1:
            low, high = layout["yaxis"]["range"]
            end = low + PINNED * (high - low)
            up, flag["y"] = PINNED, [10**end if layout["yaxis"].get("type") == "log" else end]
        across = _share(flag["x"][0], layout["xaxis"])
        planted.append(Planted(width * across, height * (1 - up), len(flag["texttemplate"])))
    for flag, side in zip(flags, sides(planted, width), strict=True):
        flag |= {"textposition": side} if side else {"mode": "markers"}


def sides(flags: Sequence[Planted], width: float) -> list[str | None]:
    """On which side of each flag its words stand: the first that is within the chart and free; none if no side is."""
    taken = [(x - GAP, x + GAP, y - GAP, y + GAP) for x, y, _ in flags]
    found: list[str | None] = []
    for x, y, letters in flags:
        found.append(None)
        for side in SIDES:
            start = x + GAP if side.endswith("right") else x - GAP - letters * CHARACTER
            top = y - HIGH - GAP if side.startswith("top") else y + GAP
            end, bottom = start + letters * CHARACTER, top + HIGH
            free = all(start >= to or end <= left or top >= low or bottom <= high for left, to, high, low in taken)
            if start >= 0 and end <= width and free:
                taken.append((start, end, top, bottom))
                found[-1] = side
                break
    return found


def _share(value: float, axis: dict[str, Any]) -> float:
    low, high = axis["range"]
    return float(((math.log10(value) if axis.get("type") == "log" else value) - low) / (high - low))
