"""The rows under a verdict as strips: a dot for each seed, a bar at their mean, all rows of a quantity on one axis."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from bnviz.lessons.lesson import Row
from bnviz.lessons.reading import between, number
from bnviz.ui.scales import Scale, scale_for
from bnviz.wording import written


def strips(rows: Sequence[Row], colours: Mapping[str, str]) -> str:
    """The rows as a table of HTML. ``colours`` are those of the arms, by the words that a row's label begins with."""
    bodies = [_body([*group], colours) for _, group in groupby(rows, key=_quantity)]
    head = "".join(f'<th scope="col">{name}</th>' for name in ("measured", "each seed", "mean"))
    return f'<table class="bnviz-strips"><thead><tr>{head}</tr></thead>{"".join(bodies)}</table>'


def mean_of(row: Row) -> str:
    """The mean over the seeds that have a value."""
    values = np.array(row.values)
    return between(values, row.percent).partition(" ")[0] if np.isfinite(values).any() else "–"


def each_seed(row: Row) -> str:
    """Every seed's value, a dash where it has none."""
    return " · ".join(number(value, row.percent) if math.isfinite(value) else "–" for value in row.values)


def _quantity(row: Row) -> tuple[bool, str]:
    """What a row counts: shares have one axis; of others those that say the same behind the arm's name."""
    _, _, behind = row.label.partition(", ")
    return row.percent, "" if row.percent else behind.partition(", ")[0]


def _body(rows: list[Row], colours: Mapping[str, str]) -> str:
    """The rows of one axis. What all of them say behind the arm's name is said once, above them."""
    percent, scale = rows[0].percent, scale_for(value for row in rows for value in row.values)
    names, said = zip(*((name, behind) for name, _, behind in (row.label.partition(", ") for row in rows)), strict=True)
    above = said[0] if len({*said}) == 1 else ""
    labels = names if above else [row.label for row in rows]
    lines = "".join(
        _line(row, label, scale, _colour(row.label, colours)) for row, label in zip(rows, labels, strict=True)
    )
    if above:
        lines = f'<tr><th scope="rowgroup" colspan="3">{html.escape(above)}</th></tr>{lines}'
    ticks = "".join(_at(scale, tick, "span", _tick(tick, percent)) for tick in scale.ticks)
    axis = f'<tr aria-hidden="true"><th></th><td><div class="bnviz-strip-axis">{ticks}</div></td><td></td></tr>'
    return f"<tbody>{lines}{axis}</tbody>"


def _line(row: Row, label: str, scale: Scale, colour: str) -> str:
    finite = [value for value in row.values if math.isfinite(value)]
    marks = [_at(scale, tick, "s") for tick in scale.ticks] + [_at(scale, value, "i") for value in finite]
    if finite:
        marks.append(_at(scale, float(np.mean(finite)), "b"))
    return (
        f'<tr style="--arm:{colour}"><th scope="row">{html.escape(label)}</th><td>'
        f'<div class="bnviz-strip" role="img" aria-label="each seed: {each_seed(row)}">{"".join(marks)}</div></td>'
        f"<td>{mean_of(row)}</td></tr>"
    )


def _at(scale: Scale, value: float, mark: str, text: str = "") -> str:
    return f'<{mark} style="left:{scale.place(value)}%">{text}</{mark}>'


def _tick(value: float, percent: bool) -> str:
    return f"{written(100 * value, 'g')}%" if percent else number(value)


def _colour(label: str, colours: Mapping[str, str]) -> str:
    """The colour of the arm whose name the label begins with, the longest; that of the text where it names none."""
    named = [name for name in colours if f"{label} ".replace(",", " ").startswith(f"{name} ")]
    return colours[max(named, key=len)] if named else "currentColor"
