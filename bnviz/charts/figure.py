"""A template and a table become a figure that stands still, for exports, tests and notebooks. Plotly is loaded here."""

from __future__ import annotations

import copy
import itertools
import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bnviz.charts.bindings import Binding, Picks, Template, axis_range, evaluate, outline
from bnviz.charts.columns import UNKNOWN, Arrays
from bnviz.charts.flags import plant_flags
from bnviz.charts.marks import beyond_mark, event_marks
from bnviz.charts.still_network import network_traces
from bnviz.charts.theme import LARGE, PADDED, Look, colour, note, painted
from bnviz.snapshot import Event
from bnviz.wording import written

if TYPE_CHECKING:
    import plotly.graph_objects as go

LABEL_HEIGHT = 18
CHARACTERS = 112
"""A line below a chart is no longer."""


def fill(
    template: Template, table: Arrays, cursor: int = -1, picks: Picks | None = None, title: str = "",
    look: Look = "light", events: Sequence[Event] = (),
) -> go.Figure:  # fmt: skip
    """The chart at one row of a table, with its axes, the arms' names beside their lines, and what was done when."""
    import plotly.graph_objects as go

    figure = filled(template, table, cursor, picks, events)
    layout = figure["layout"]
    if title:
        layout["title"] = {"text": title, "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": LARGE},
                           "y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 12, "l": -40}}
        layout["margin"]["t"] += 32
        layout["height"] += 32
    layout["paper_bgcolor"] = colour("page", look)
    del layout["autosize"], layout["uirevision"]
    return go.Figure(painted(figure, look))


def filled(
    template: Template, table: Arrays, cursor: int = -1, picks: Picks | None = None, events: Sequence[Event] = ()
) -> dict[str, Any]:
    """The same as plain data whose colours are still words, as a page's script paints it."""
    figure = copy.deepcopy(template)
    traces, layout = figure["data"], figure["layout"]
    for trace in traces:
        _fill_trace(trace, table, cursor, picks)
    if any("network" in trace["meta"] for trace in traces):
        traces = figure["data"] = [piece for trace in traces for piece in network_traces(trace, table, cursor)]
    meta = layout.pop("meta")
    rules = meta["axes"]
    for name, rule in rules.items():
        layout[name]["range"] = axis_range(rule, table, picks)
        if rule.get("log"):
            layout[name]["dtick"] = decade_ticks(layout[name]["range"])
    labels = [_end_label(trace, layout) for trace in traces if "label" in trace["meta"]]
    layout["annotations"] += _apart([label for label in labels if label], layout)
    if "steps" in rules.get("xaxis", {}):
        hairlines, words = event_marks(events, layout["xaxis"]["range"][1], meta.get("panels", 0))
        layout["shapes"] += hairlines
        layout["annotations"] += words
    if "yaxis" in rules:
        plant_flags(traces, layout)
        layout["annotations"] += _clipped(traces, layout["yaxis"])
    if "caption" in meta:
        _write_below(layout, caption_of(meta["caption"], table, cursor))
    return figure


def caption_of(parts: Sequence[str | Binding], table: Arrays, cursor: int = -1) -> str:
    """A sentence of words and numbers in turn, three digits each; one that is not finite is a dash among others."""
    return "".join(part if isinstance(part, str) else _said(evaluate(part, table, cursor)) for part in parts)


def _said(values: np.ndarray) -> str:
    if not np.isfinite(values).any():
        return "no finite value"
    return ", ".join(written(value, ".3g") if math.isfinite(value) else "–" for value in values).replace("-", "−")


def _write_below(layout: dict[str, Any], caption: str) -> None:
    """A sentence below the chart, which grows for it."""
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top"}
    lines = textwrap.wrap(caption, CHARACTERS)
    left, below = -layout["margin"]["l"] - PADDED, -layout["margin"]["b"]
    words = note("<br>".join(lines), align="left", **place, xshift=left, yshift=below)
    layout["annotations"].append(words)
    layout["margin"]["b"] += LABEL_HEIGHT * len(lines)
    layout["height"] += LABEL_HEIGHT * len(lines)


def still(template: Template) -> dict[str, Any]:
    """A template whose traces hold their numbers, as plain data for a page."""
    figure = filled(template, {})
    for trace in figure["data"]:
        del trace["meta"]
    return figure


def _clipped(traces: list[dict[str, Any]], axis: dict[str, Any]) -> list[dict[str, Any]]:
    """The mark that says how far the curves go beyond the axis."""
    low, high = ((10**end if axis.get("type") == "log" else end) for end in axis["range"])
    return beyond_mark([trace["y"] for trace in traces if "label" in trace["meta"]], (low, high))


def decade_ticks(limits: list[float]) -> int:
    """Decades from one tick of a logarithmic axis to the next: at most five or so ticks."""
    return max(1, math.ceil((limits[1] - limits[0]) / 5))


def _fill_trace(trace: dict[str, Any], table: Arrays, cursor: int, picks: Picks | None) -> None:
    meta = trace["meta"]
    bound = [key for key in ("x", "y", "z", "lower", "upper") if key in meta]
    values = {key: evaluate(meta[key], table, cursor, picks) for key in bound}
    if "lower" in values:
        values["x"], values["y"] = outline(values["x"], values["lower"], values["upper"])
    for key in ("x", "y", "z"):
        if key in values:
            trace[key] = values[key]
    if "z" in values:
        trace["z"] = np.where(values["z"] == UNKNOWN, math.nan, values["z"])


def _apart(labels: list[dict[str, Any]], layout: dict[str, Any]) -> list[dict[str, Any]]:
    """The labels of each axis, shifted so that none lies on another and none below the axis, and no more."""
    height = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    for name in {label["yref"] for label in labels}:
        axis = layout["yaxis" + name[1:]]
        (bottom, top), (low, high) = axis.get("domain", (0, 1)), axis["range"]
        pixels = height * (top - bottom) / (high - low)
        stack = sorted((label for label in labels if label["yref"] == name), key=lambda label: -float(label["y"]))
        wanted = [pixels * (high - float(label["y"])) for label in stack]
        down = [*itertools.accumulate(wanted, lambda above, place: max(place, above + LABEL_HEIGHT))]
        down[-1] = min(down[-1], pixels * (high - low))
        up = itertools.accumulate(reversed(down), lambda below, place: min(place, below - LABEL_HEIGHT))
        for label, want, place in zip(reversed(stack), reversed(wanted), up, strict=True):
            label["yshift"] = want - place
    return labels


def _end_label(trace: dict[str, Any], layout: dict[str, Any]) -> dict[str, Any] | None:
    """The arm's name at the height of the line's last point (or in the middle of its row), right of the chart."""
    meta = trace["meta"]
    axis = layout["yaxis" + trace.get("yaxis", "y")[1:]]
    known = np.flatnonzero(np.isfinite(trace["y"]))
    if not len(known):
        return None
    low, high = axis["range"]
    value = trace["y"][known[-1]]
    if axis.get("type") == "log":
        value = math.log10(value) if value > 0 else low
    value = (low + high) / 2 if meta.get("beside") == "middle" else min(max(value, low), high)
    return {"text": meta["label"], "x": 1, "xref": "paper", "y": value, "yref": trace.get("yaxis", "y"),
            "xanchor": "left", "xshift": 6, "showarrow": False, "font": {"color": f"arm:{meta['role']}"}}  # fmt: skip
