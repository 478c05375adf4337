"""How a template names the numbers it shows: a few words, filled here from a table, in the browser from rows.

A template is a plotly figure as plain data. A trace's ``meta`` holds, for
``x``, ``y``, ``z`` or the edges ``lower`` and ``upper`` of a band, one of:

    {"series": column, "pick": {...}}         one number a row, all rows
    {"row": column, "from": i, "to": j}       that part of the row at the cursor, "times" a factor,
                                              cut off "within": [low, high], "plus" a number;
                                              "wide": n folds it into rows of n
    {"first": column, "from": i, "to": j}     the same of the first row
    {"rank": column, "from": i, "to": j}      the same of the places, from 0, that its numbers have by their size
    {"rows": column, "from": i, "to": j}      that part of every row, each a column of a density map: shares of the
                                              row's largest number, to the "power" p
    {"ridges": column, "from": i, "to": j}    that part of some rows, about a dozen at equal distances of the step axis,
                                              one after the other with a gap between; each goes on with "then": [...]
    {"ridges": "step", "at": [...]}           the steps of these rows, with so many distances added to each
    {"values": [...]}                         these numbers
    {"join": [binding, ...]}                  one after the other
    {"weave": [binding, ...]}                 the first of each, the second of each, ...; a single number comes again
    {"only": binding, "where": binding, "is": [...]}  the first where the second is one of these, else nothing
    {"at": column, "series": column}          the series where the first column's step says (nowhere if that is NaN)

``pick`` names an entry of a vector: ``{"layer": [1, 3], "unit": [1, 2]}`` lists
what the vector runs over, the reader chooses from it. ``meta.label`` is the
word beside the line's end; a line with ``meta.strokes`` is many short ones. In
the layout, ``meta`` gives axes their range:

    {"steps": true}                                       from 0 to the last step; "ridges": true leaves room for one
    {"covers": [binding, ...], "least": [low, high]}      what these show in any row, spikes left out;
                                                          "log": true for decades, "decades": so many,
                                                          or more where an arm is lower;
                                                          "most": at most so many times as far as the calmest one

``meta.squares`` are the columns and rows of square panels: a narrow chart is less tall. ``meta.panels`` is how many
panels stand side by side that cannot be narrow: a chart is wider then than its place, which scrolls. ``meta.caption``
is a sentence, words and bindings in turn. ``meta.units`` says where each unit stands in a picture of all of them, and
``meta.own`` that every trace has ``strokes``, so that no plotly.js is needed. ``meta.table`` is a table of a picture's
numbers, where its lines do not say them: its rows' names, and a name and a binding for each column.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from bnviz.charts.columns import Arrays

Binding = Mapping[str, Any]
Picks = Mapping[str, int]
Template = dict[str, Any]

LADDER = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Where an axis may end, times a power of ten: it grows in jumps, so it is seldom redrawn."""

NAMES = ("series", "row", "first", "rank", "rows", "ridges", "at")
"""The words of a binding that are followed by a column."""

DISTANCES = tuple(factor * 10.0**power for power in range(9) for factor in (1, 2, 5))[3:]
MOST_RIDGES = 12
"""Ridges stand 10, 20, 50, 100, ... steps apart, so far that there are no more than these and the first."""

SPIKE = 3.0
"""A value this many times farther out than nine tenths of all rows is a spike: the axis leaves it out."""


def evaluate(binding: Binding, table: Arrays, cursor: int = -1, picks: Picks | None = None) -> np.ndarray:
    """The numbers a binding stands for, at the row ``cursor``."""
    if "values" in binding:
        return np.array([math.nan if value is None else value for value in binding["values"]], dtype=float)
    if "join" in binding:
        return np.concatenate([evaluate(part, table, cursor, picks) for part in binding["join"]])
    if "weave" in binding:
        parts = [evaluate(part, table, cursor, picks) for part in binding["weave"]]
        return np.stack([np.broadcast_to(part, len(parts[0])) for part in parts], axis=1).reshape(-1)
    if "only" in binding:
        values, where = (evaluate(binding[word], table, cursor, picks) for word in ("only", "where"))
        return np.where(np.isin(where, binding["is"]), values, math.nan)
    if "ridges" in binding:
        return _ridges(binding, table)
    if "at" in binding:
        return _value_at(binding, table, cursor)
    if "series" in binding:
        return _entry(binding, table, picks)
    word = next(word for word in ("row", "first", "rank", "rows") if word in binding)
    rows = table[binding[word]][:, binding.get("from", 0) : binding.get("to")]
    if word == "rows":
        return density(rows, binding["power"])
    return _part(binding, rows[cursor if word == "row" else 0]) if len(rows) else np.empty(0)


def density(rows: np.ndarray, power: float) -> np.ndarray:
    """A density map, ``(bins, rows)``: shares of each row's largest number, to a power below 1 so that tails show."""
    with np.errstate(invalid="ignore"):
        return np.asarray((rows / rows.max(1, keepdims=True, initial=0.0)) ** power).T


def apart(last: float) -> float:
    """The steps from one ridge to the next in a run of so many: a round number, so that there are about a dozen."""
    return next(distance for distance in DISTANCES if distance * MOST_RIDGES >= last)


def _ridges(binding: Binding, table: Arrays) -> np.ndarray:
    steps, gap = table["step"][:, 0], [math.nan]
    if not len(steps):
        return np.empty(0)
    between = apart(steps[-1])
    rows = dict.fromkeys(int(np.abs(steps - step).argmin()) for step in np.arange(0, steps[-1] + 1, between))
    if "at" in binding:
        parts = [steps[row] + between * np.array(binding["at"]) for row in rows]
    else:
        vectors = table[binding["ridges"]][:, binding.get("from", 0) : binding.get("to")]
        parts = [np.concatenate([vectors[row], binding.get("then", [])]) for row in rows]
    return np.concatenate([piece for part in parts for piece in (part, gap)])


def _part(binding: Binding, part: np.ndarray) -> np.ndarray:
    if "wide" in binding:
        return np.reshape(part, (-1, binding["wide"]))
    values = np.argsort(np.argsort(part, kind="stable")) if "rank" in binding else part
    low, high = binding.get("within", (-math.inf, math.inf))
    return np.asarray(np.clip(values.astype(float) * binding.get("times", 1), low, high) + binding.get("plus", 0))


def columns_named(part: object) -> set[str]:
    """Every column that a template, or a part of one, takes its numbers from."""
    if isinstance(part, Mapping):
        own = {name for key in NAMES if isinstance(name := part.get(key), str)}
        return own.union(*map(columns_named, part.values()))
    return set().union(*map(columns_named, part)) if isinstance(part, list | tuple) else set()


def _entry(binding: Binding, table: Arrays, picks: Picks | None) -> np.ndarray:
    values = table[binding["series"]]
    index = 0
    for name, choices in binding.get("pick", {}).items():
        chosen = (picks or {}).get(name, choices[-1 if name == "layer" else 0])
        if chosen not in choices:
            return np.full(len(values), math.nan)
        index = index * len(choices) + choices.index(chosen)
    return values[:, index].astype(float)


def _value_at(binding: Binding, table: Arrays, cursor: int) -> np.ndarray:
    """The series' last finite value up to the step that the column ``at`` holds: where a flag is planted."""
    steps, series = table["step"][:, 0], table[binding["series"]][:, 0]
    at = table[binding["at"]][cursor, 0] if len(steps) else math.nan
    known = np.flatnonzero((steps <= at) & np.isfinite(series))
    return np.array([series[known[-1]] if len(known) else math.nan], dtype=float)


def outline(x: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A band as one closed line: along the upper edge and back along the lower one, where both are known."""
    known = np.isfinite(lower) & np.isfinite(upper)
    x, lower, upper = x[known], lower[known], upper[known]
    return np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]])


def axis_range(rule: Binding, table: Arrays, picks: Picks | None = None) -> list[float]:
    """An axis' range (exponents for ``log``) by its rule: what the whole run shows, rounded up the ladder."""
    if "steps" in rule:
        last = max(float(table["step"][-1, 0]), 1.0) if len(table["step"]) else 1.0
        return [0.0, last + apart(last) if rule.get("ridges") else last]
    extent = _decades if rule.get("log") else _stretch
    columns = [_all_rows(binding, table, picks) for binding in rule["covers"]]
    if rule.get("log"):  # what an arm read on its way to infinity would push the living ones off the axis
        columns = [rows for rows in columns if np.isfinite(rows[-1:]).any()] or columns
    ends = [end for rows in columns if (end := extent(rule, rows))]
    least = rule.get("least", [0, 1])
    low, high = min([least[0], *(end[0] for end in ends)]), max([least[1], *(end[1] for end in ends)])
    if "most" in rule:
        limit = rule["most"] * max(*map(abs, least), _calm(rule, ends, columns))
        low, high = max(low, -limit), min(high, limit)
    if rule.get("log"):
        lowest = min([high - rule.get("decades", 20), *map(_usual_decade, columns)])
        return [float(max(low, lowest)), float(high)]
    return [-rung(-low) if low < 0 else float(low), rung(high)]


def _calm(rule: Binding, ends: list[tuple[float, float]], columns: list[np.ndarray]) -> float:
    """How far from 0 the calmest column goes; where all run away, so many times farther than it began or mostly is."""
    begun = [rows[np.isfinite(rows)] for rows in columns if np.isfinite(rows[:1]).any()]
    usual = [max(abs(float(values[0])), abs(_quantile(np.sort(values), 0.5))) for values in begun]
    return min([*(max(map(abs, end)) for end in ends), *(rule["most"] * reach for reach in usual)], default=0.0)


def _all_rows(binding: Binding, table: Arrays, picks: Picks | None) -> np.ndarray:
    if "series" in binding:
        return _entry(binding, table, picks)[:, None]
    values = table[binding["row"]]
    return values[:, binding.get("from", 0) : binding.get("to", values.shape[1])].astype(float)


def _decades(rule: Binding, rows: np.ndarray) -> tuple[int, int] | None:
    """The decades of positive values; the uppermost ones only if a tenth of the values come near them."""
    values = np.sort(rows[np.isfinite(rows) & (rows > 0)])
    if not len(values):
        return None
    low, high, usual = (math.log10(value) for value in (values[0], values[-1], _quantile(values, 0.9)))
    return math.floor(low), min(math.ceil(high), math.ceil(usual) + 2)


def _usual_decade(rows: np.ndarray) -> float:
    """The decade of the middle of what a column read: an arm is on the axis, however low it is."""
    values = np.sort(rows[np.isfinite(rows) & (rows > 0)])
    return math.floor(math.log10(_quantile(values, 0.5))) if len(values) else math.inf


def _stretch(rule: Binding, rows: np.ndarray) -> tuple[float, float] | None:
    """The least and greatest value, spikes left out, of one column: an arm is no spike beside the others."""
    values, first = np.sort(rows[np.isfinite(rows)]), rows[:1][np.isfinite(rows[:1])]
    if not len(values):
        return None
    centre = 0.0 if rule.get("least", [0])[0] == 0 else _quantile(values, 0.5)
    up = max(_quantile(values, 0.9), first.max(initial=-math.inf)) - centre
    down = centre - min(_quantile(values, 0.1), first.min(initial=math.inf))
    room = SPIKE * max(up, down, 0)
    return max(float(values[0]), centre - room), min(float(values[-1]), centre + room)


def _quantile(values: np.ndarray, share: float) -> float:
    """The value that this share of the sorted ones does not exceed (no interpolation, so that a browser agrees)."""
    return float(values[min(len(values) - 1, math.floor(share * len(values)))])


def rung(value: float) -> float:
    """The first number on the ladder not below ``value``."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in LADDER if step * power >= value * (1 - 1e-9)), 10 * power)
