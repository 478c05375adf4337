"""The picture of a network where it stands still: the trace that ``networks`` describes, as lines, maps and bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from bnviz.charts.bindings import evaluate
from bnviz.charts.columns import Arrays
from bnviz.charts.networks import BINS, HIGH, WIDE
from bnviz.charts.pieces import Trace
from bnviz.quantities import UNREAD
from bnviz.shown_network import LEVELS

SIGNED = ("plain", "bn")
"""Whose hues are those of negative and of positive numbers."""


def network_traces(trace: Trace, table: Arrays, cursor: int) -> list[Trace]:
    """Everything that is seen of one network at a row: its weights, then its units."""
    drawn, own = trace["meta"]["network"], {"arm": trace["meta"]["arm"]}
    place = {"hoverinfo": "skip", "xaxis": trace["xaxis"], "yaxis": trace["yaxis"], "meta": own}
    weights = _bytes(drawn["weights"], table, cursor)
    answers = _bytes(drawn["answers"], table, cursor).reshape(-1, drawn["answer"])
    lines = [{**line, **place} for line in _lines(drawn, weights)]
    first, *hidden, output = drawn["columns"]
    units = [(column["x"], y) for column in hidden for y in column["y"]]
    classes = [(output["x"], y) for y in output["y"]]
    inside, outside = answers[: len(units)], answers[len(units) :]
    found: list[Trace] = list(lines)
    if drawn["wide"]:
        inputs = _bytes(drawn["inputs"], table, cursor).reshape(len(first["y"]), -1)
        found += _maps([(first["x"], y) for y in first["y"]], inputs, drawn["wide"], LEVELS // 2, place)
        found += _maps(units, inside, drawn["wide"], drawn["zero"], place)
        return found + _maps(classes, outside, drawn["wide"], 0, place)
    colour = f"arm:{trace['meta']['role']}"
    pictures = _bytes(drawn["pictures"], table, cursor).reshape(len(hidden[0]["y"]), -1)
    beside = [(first["x"], y) for y in hidden[0]["y"]]
    found += _maps(beside, pictures, drawn["side"], LEVELS // 2, place, upright=False)
    found.append(_plates([*units, *classes], place))
    return [*found, _bars(units, inside, drawn["foot"], colour, place), _bars(classes, outside, 0, colour, place)]


def _bytes(binding: Mapping[str, Any], table: Arrays, cursor: int) -> np.ndarray:
    """Numbers of 0 to 254, NaN where there is none."""
    values = evaluate(binding, table, cursor).astype(float)
    return np.where(values == UNREAD, np.nan, values)


def _lines(drawn: Mapping[str, Any], weights: np.ndarray) -> Iterator[Trace]:
    """The weights between columns, weak ones first: so many widths for each sign."""
    columns = {column["layer"]: column for column in drawn["columns"]}
    ends, start = [], 0
    for below, above in drawn["bundles"]:
        left, right = columns[below], columns[above]
        ends += [(left["x"] + WIDE, right["x"] - WIDE, from_y, to_y) for to_y in right["y"] for from_y in left["y"]]
    x0, x1, y0, y1 = np.array(ends).T
    shares = (weights[start : len(ends)] - LEVELS / 2) / (LEVELS / 2)
    for (low, width, opacity), high in zip(BINS, [*(low for low, *_ in BINS[1:]), 2.0], strict=True):
        for sign, role in zip((-1, 1), SIGNED, strict=True):
            own = (sign * shares >= low) & (sign * shares < high)
            gap = np.full(own.sum(), np.nan)
            x, y = (np.stack([one[own], other[own], gap], 1).ravel() for one, other in ((x0, x1), (y0, y1)))
            yield {"type": "scatter", "mode": "lines", "x": x, "y": y, "opacity": opacity,
                   "line": {"color": f"arm:{role}", "width": width}}  # fmt: skip


def _boxes(boxes: list[tuple[float, float, float, float]]) -> dict[str, Any]:
    """Rectangles ``(left, right, top, bottom)`` as one closed line."""
    x, y = [], []
    for left, right, top, bottom in boxes:
        x += [left, right, right, left, None]
        y += [top, top, bottom, bottom, None]
    return {"type": "scatter", "mode": "lines", "fill": "toself", "x": x, "y": y}


def _plates(units: list[tuple[float, float]], place: dict[str, Any]) -> Trace:
    """What the bars and maps of units stand on, so that lines end there."""
    boxes = _boxes([(x - WIDE, x + WIDE, y - HIGH, y + HIGH) for x, y in units])
    return {**boxes, "fillcolor": "sunk", "line": {"width": 0, "color": "sunk"}, **place}


def _bars(
    units: list[tuple[float, float]], answers: np.ndarray, foot: int, colour: str, place: dict[str, Any]
) -> Trace:  # fmt: skip
    """A little bar a class in every unit, from the answer 0."""
    boxes = []
    for (x, y), values in zip(units, answers, strict=True):
        wide = 2 * WIDE / len(values)
        bottom, per_level = y + HIGH, 2 * HIGH / LEVELS
        boxes += [
            (x - WIDE + (k + 0.15) * wide, x - WIDE + (k + 0.85) * wide, bottom - value * per_level,
             bottom - foot * per_level) for k, value in enumerate(values) if np.isfinite(value)
        ]  # fmt: skip
    return {**_boxes(boxes), "fillcolor": colour, "line": {"width": 0, "color": colour}, **place}


def _maps(
    units: list[tuple[float, float]], values: np.ndarray, wide: int, zero: int, place: dict[str, Any],
    upright: bool = True,
) -> list[Trace]:  # fmt: skip
    """A heat map a unit: ``upright`` ones begin below, pictures on top. The axis of rows runs down."""
    across, down = (np.linspace(-1, 1, wide) * (1 - 1 / wide) * half for half in (WIDE, HIGH))
    rows = down[::-1] if upright else down
    frames = _boxes([(x - WIDE, x + WIDE, y - HIGH, y + HIGH) for x, y in units])
    del frames["fill"]
    return [{**frames, "line": {"width": 1, "color": "grid"}, **place}] + [
        {"type": "heatmap", "x": x + across, "y": y + rows, "z": each.reshape(wide, wide), "zmin": 0, "zmax": LEVELS,
         "colorscale": f"signed:{zero / LEVELS:g}", "showscale": False, **place}
        for (x, y), each in zip(units, values, strict=True)
    ]  # fmt: skip
