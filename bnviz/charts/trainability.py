"""The trainability map as a figure: a square an arm, side by side on the same axes, a colour for every network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from bnviz.charts.bindings import Template
from bnviz.charts.figure import fill
from bnviz.charts.panels import Panel
from bnviz.charts.pixels import DIVERGED, TRAINED, Pixels, axis_fields, edges, pixels_of
from bnviz.charts.shades import WITHOUT_A_PLACE, Shade, shade_of
from bnviz.charts.sweeps import LOGARITHMIC, as_table, field_title, looks_of
from bnviz.charts.theme import BODY, LOOKS, SMALL, TICK, ArmLook, Look, layout
from bnviz.experiment import arm_label
from bnviz.run import FIELDS
from bnviz.table import Table
from bnviz.wording import written

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

SIDE = 380
ROOM = {"l": 56, "r": 88, "t": 56, "b": 56}


def trainability_map(rows: Table | pd.DataFrame, quantity: str = "test_accuracy", look: Look = "light") -> go.Figure:
    """Two fields as axes, one network a cell, a square an arm: the quantity as colour, divergences in a quiet one.

    ``rows`` are those of a map or of ``bnviz.sweep`` with two fields; of several seeds the first is drawn.

    Raises:
        ValueError: an unknown quantity, fewer than two fields, or no row at all.
    """
    table, shade = as_table(rows), shade_of(quantity)
    if not len(table):
        raise ValueError("the map has no row yet: draw it when it has one.")
    return fill(_template(table, quantity, shade, look), {}, look=look)


def _template(table: Table, quantity: str, shade: Shade, look: Look) -> Template:
    x, y = axis_fields(table)
    shown = pixels_of(table)
    ends = shade.limits(np.concatenate([picture.shown(quantity).ravel() for picture in shown.values()]))
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    for place, (arm, arm_look) in enumerate(looks_of(list(shown)).items()):
        panel, picture = Panel(place, len(shown)), shown[arm]
        across, up = (_borders(table, picture, field, side) for field, side in ((x, 1), (y, 0)))
        traces += _squares(picture, (x, y), quantity, shade, ends, look, across, up, panel, place == len(shown) - 1)
        traces[-1]["name"] = arm_label(arm)
        part = panel.layout(field_title(x), field_title(y) if not place else "", _axis(x, across), _axis(y, up))
        notes += [*part.pop("annotations"), _name(arm_label(arm), arm_look, part)]
        axes |= part
    kind, word = (TRAINED, "did not diverge") if quantity == "diverged_at" else (DIVERGED, "diverged")
    if any((picture.kind == kind).any() for picture in shown.values()):
        notes.append(_legend(word, WITHOUT_A_PLACE[LOOKS.index(look)]))
    for axis in axes.values():
        axis["showgrid"] = False
    return {
        "data": traces,
        "layout": layout(
            SIDE + ROOM["t"] + ROOM["b"], **axes, annotations=notes, hovermode="closest", meta={"axes": {}},
            margin=dict(ROOM),
        ),
    }  # fmt: skip


def _borders(table: Table, picture: Pixels, field: str, side: int) -> list[float]:
    """Where the pixels end along one side: half way between the centres, which the networks there give."""
    log = field in LOGARITHMIC and min(table.numbers(field)) > 0
    if "level" not in table.columns:
        return edges(sorted(table.different(field)), log)
    places = np.array(table.columns["column" if side else "row"], dtype=float)
    values = np.array(table.numbers(field))
    values = np.log10(values) if log else values
    slope, start = np.polyfit(places, values, 1) if places.any() else (1.0, values[0])
    whole = start + slope * (np.arange(picture.row.shape[side] + 1) - 0.5)
    return [float(value) for value in (10**whole if log else whole)]


def _squares(
    picture: Pixels, fields: tuple[str, str], quantity: str, shade: Shade, ends: tuple[float, float], look: Look,
    across: list[float], up: list[float], panel: Panel, last: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    """The quantity on its scale, and below it in one quiet colour what has no place there."""
    values, (low, high) = picture.shown(quantity), ends
    if shade.log:
        values, low, high = _power(values), math.log10(low), math.log10(high)
    flat, kind, words = WITHOUT_A_PLACE[LOOKS.index(look)], DIVERGED, "diverged at step %{customdata[0]}"
    if quantity == "diverged_at":
        kind, words = TRAINED, "did not diverge"
    common = {"type": "heatmap", "x": across, "y": up, "zsmooth": False, "meta": {}, **panel.axes}
    return [
        {**common, "z": np.where(picture.kind == kind, 1.0, math.nan), "zmin": 0, "zmax": 1, "showscale": False,
         "colorscale": [[0, flat], [1, flat]], **_hover(picture, fields, "diverged_at", words)},
        {**common, "z": values, "zmin": low, "zmax": high, "showscale": last,
         "colorscale": [[place / (len(shade.stops) - 1), stop] for place, stop in enumerate(shade.stops)],
         **_hover(picture, fields, quantity, "%{customdata[0]:.1%}" if shade.percent else "%{customdata[0]:.3~g}"),
         "colorbar": {"thickness": 10, "outlinewidth": 0, "len": 1, "x": 1.02, "xpad": 0, "ypad": 0,
                      "tickfont": {"size": TICK, "color": "quiet"}, "ticks": "", **_scale(shade, low, high),
                      "title": {"text": shade.title, "side": "right", "font": {"size": SMALL}}}},
    ]  # fmt: skip


def _power(values: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.log10(values, out=np.full(values.shape, math.nan), where=values > 0)
    return powers


def _hover(picture: Pixels, fields: tuple[str, str], column: str, words: str) -> dict[str, Any]:
    """What is said at a pixel: its network's own place on both axes, and a reading."""
    places = [f"{FIELDS[field].label.lower()} %{{customdata[{1 + place}]:.3~g}}" for place, field in enumerate(fields)]
    return {
        "customdata": np.stack([picture.of(name) for name in (column, *fields)], axis=-1),
        "hovertemplate": "<br>".join([*places, words]) + "<extra></extra>",
    }


def _scale(shade: Shade, low: float, high: float) -> dict[str, Any]:
    """The ticks of the colours: whole powers of ten, or what plotly finds."""
    if not shade.log:
        return {"tickformat": ".0%" if shade.percent else "~g", "nticks": 6}
    powers: list[float] = [*range(math.ceil(low), math.floor(high) + 1)] or [low, high]
    return {"tickvals": powers, "ticktext": [written(10.0**power, ".2g") for power in powers]}


def _axis(field: str, borders: list[float]) -> dict[str, Any]:
    if field in LOGARITHMIC and borders[0] > 0:
        return {"type": "log", "range": [math.log10(borders[0]), math.log10(borders[-1])], "dtick": 1,
                "tickformat": "~g"}  # fmt: skip
    return {"range": [borders[0], borders[-1]], "tickformat": "~g", "nticks": 6}


def _name(text: str, arm_look: ArmLook, part: dict[str, Any]) -> dict[str, Any]:
    left, right = next(axis["domain"] for name, axis in part.items() if name.startswith("x"))
    return {"text": text, "x": (left + right) / 2, "y": 1, "xref": "paper", "yref": "paper", "yanchor": "bottom",
            "yshift": 11, "showarrow": False, "font": {"size": BODY, "color": arm_look.colour}}  # fmt: skip


def _legend(word: str, colour: str) -> dict[str, Any]:
    return {"text": f"<span style='color:{colour}'>■</span> {word}", "x": 0, "y": 0, "xref": "paper", "yref": "paper",
            "xanchor": "left", "yanchor": "top", "yshift": -26, "showarrow": False,
            "font": {"size": SMALL, "color": "quiet"}}  # fmt: skip
