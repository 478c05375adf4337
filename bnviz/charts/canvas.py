"""What the canvas of the map page draws, as plain data: axes with their ticks, arms, scales and their ends.

The canvas itself is ``bnviz/live/board/map.js``; every word and colour it
shows comes from here, every network from ``cells``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from bnviz.axes import Axis
from bnviz.charts.pixels import DIVERGED, TRAINED, Pixels
from bnviz.charts.shades import SHADES, WITHOUT_A_PLACE
from bnviz.charts.sweeps import axis_title, unit_title
from bnviz.charts.theme import arm_looks
from bnviz.experiment import arm_label
from bnviz.run import FIELDS
from bnviz.sweeps import RESULTS, Map
from bnviz.wording import word, written

MOST_TICKS = 6
MOST_DIGITS = 8
"""Ticks that need more say how far they are from the low end."""


def canvas(drawn: Map) -> dict[str, Any]:
    """All of a map that stays the same while its networks train: a square an arm, and a scale a quantity."""
    return {
        "map": drawn.key,
        "cells": drawn.cells,
        "x": axis_words(drawn.x, drawn.cells),
        "y": axis_words(drawn.y, drawn.cells),
        "arms": [
            {"arm": arm, "label": arm_label(arm), "role": look.role}
            for arm, look in arm_looks(drawn.experiment).items()
        ],
        "results": list(RESULTS),
        "scales": {
            quantity: {
                "title": shade.title, "log": shade.log, "stops": list(shade.stops), "flat": list(WITHOUT_A_PLACE),
                "without": [TRAINED, "did not diverge"] if quantity == "diverged_at" else [DIVERGED, word("diverged")],
            }
            for quantity, shade in SHADES.items()
        },
    }  # fmt: skip


def ends(shown: Mapping[str, Pixels]) -> dict[str, Any]:
    """For every quantity the ends of its scale and its ticks, the same for all arms."""
    found = {}
    for quantity, shade in SHADES.items():
        values = [one.shown(quantity).ravel() for one in shown.values()]
        low, high = shade.limits(np.concatenate([*values, np.empty(0)]))
        found[quantity] = {"low": low, "high": high, "ticks": _scale_ticks(low, high, shade.log, shade.percent)}
    return found


def axis_words(axis: Axis, cells: int) -> dict[str, Any]:
    """An axis as the canvas needs it: its title, the value at each pixel, and ticks at their share of the length."""
    title, digits, width = axis_title(unit_title(axis.field), axis.log), axis.digits, axis.high - axis.low
    if digits > MOST_DIGITS:
        title = f"{unit_title(axis.field)} − {written(axis.low, f'.{digits}g')}"
        marked = [[round(beyond / width, 5), _brief(beyond)] for beyond in ticks(0, width, log=False)]
    else:
        places = ticks(axis.low, axis.high, axis.log)
        marked = [[round(_share(axis, value), 5), _brief(value, digits + 1)] for value in places]
    return {
        "label": FIELDS[axis.field].label.lower(), "title": title,
        "values": [float(f"{value:.{digits + 1}g}") for value in axis.values(cells)], "ticks": marked,
    }  # fmt: skip


def ticks(low: float, high: float, log: bool) -> list[float]:
    """Up to six round numbers from ``low`` to ``high``: powers of ten, 1-2-5 between them, or equal steps."""
    if log and high / low >= 100:
        powers = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
        return [10.0**power for power in powers[:: math.ceil(len(powers) / MOST_TICKS)]]
    if log:
        first = math.floor(math.log10(low))
        rungs = [step * 10.0 ** (first + more) for more in range(4) for step in (1, 2, 5)]
        inside = [rung for rung in rungs if low * (1 - 1e-9) <= rung <= high * (1 + 1e-9)]
        if len(inside) >= 3:
            return inside
    rough = (high - low) / (MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [float(f"{step * place:.10g}") for place in range(first, math.floor(high / step + 1e-9) + 1)]


def _share(axis: Axis, value: float) -> float:
    if axis.log:
        return math.log(value / axis.low) / math.log(axis.high / axis.low)
    return (value - axis.low) / (axis.high - axis.low)


def _brief(value: float, digits: int = 6) -> str:
    return written(value, f".{digits}g").replace("e-0", "e-").replace("e+0", "e")


def _scale_ticks(low: float, high: float, log: bool, percent: bool) -> list[list[Any]]:
    places = ticks(low, high, log)
    if log:
        shares = [math.log(value / low) / math.log(high / low) for value in places]
    else:
        shares = [(value - low) / (high - low) for value in places]
    return [[round(share, 5), written(value, ".0%") if percent else _brief(value)] for share, value in
            zip(shares, places, strict=True)]  # fmt: skip
