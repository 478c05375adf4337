"""Figures of what the transform does to numbers: stages side by side, shapes, pairs, what a nonlinearity passes on of
them, and laws of scale and size.

Numbers in, a template out that holds them. What was before the normalization
has the plain network's colour, what comes after it has BN's. Nothing here
knows how the numbers were made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from bnviz.charts.bindings import Template, rung
from bnviz.charts.panels import Numbers, Panel, dots, line, logarithmic, together
from bnviz.charts.theme import BODY, DASHES, MARGIN, ArmLook

BEFORE, AFTER, LAW = (ArmLook(role, DASHES[role]) for role in ("plain", "bn", "third"))
STAGES = {"x": BEFORE, "x − mean": BEFORE, "x̂": AFTER, "y": AFTER}
"""What algorithm 1 makes, one after the other."""

FEW = 16
"""Up to so many examples each has a line from stage to stage."""

WIDE = 0.3
"""How far to both sides of a stage its examples stand, in stages, so that none hides another."""

GOLDEN = (math.sqrt(5) - 1) / 2
"""Steps of so much, round and round, fill a strip evenly."""

REACH = 3.0
"""Distributions are shown so far to either side of 0; what lies beyond is cut off."""

BINS = 40


def stages(columns: Mapping[str, Numbers], words: Mapping[str, str] | None = None) -> Template:
    """Each stage's values as dots on one axis, every example at its own place in the strip; a bar marks the mean.

    ``columns`` has the stages of ``STAGES`` in their order, each with one
    number an example; ``words`` say more than the name below a stage.
    """
    panel, count = Panel(0), len(next(iter(columns.values())))
    offsets = WIDE * np.linspace(-1, 1, count) if count > 1 else np.zeros(1)
    traces = [_paths(panel, columns, offsets)] if count <= FEW else []
    for place, (name, values) in enumerate(columns.items()):
        look = STAGES[name]
        traces += [_mean_bar(panel, place, values), _strip(panel, name, look, place + offsets, values)]
    highest, lowest = (_end(sign * float(value) for values in columns.values() for value in values) for sign in (1, -1))
    names = [(words or {}).get(name, name) for name in columns]
    x_axis = {"range": [-0.5, len(columns) - 0.5], "tickvals": [*range(len(columns))], "ticktext": names,
              "tickfont": {"size": BODY, "color": "text"}}  # fmt: skip
    part = panel.layout("", "value", x_axis, {"range": [-lowest, highest]})
    return _near(together(traces, [part], room={"b": MARGIN["b"]}))


def _strip(panel: Panel, name: str, look: ArmLook, x: Numbers, values: Numbers) -> dict[str, Any]:
    numbered = [f"example {index}" for index in range(1, len(values) + 1)]
    return dots(
        name, look, panel, x, values, "circle", 9 if len(values) <= FEW else 6, named=False, text=numbered,
        hovertemplate="%{text}: %{y:.4~f}<extra>" + name + "</extra>",
    )  # fmt: skip


def _paths(panel: Panel, columns: Mapping[str, Numbers], offsets: np.ndarray) -> dict[str, Any]:
    """A faint line for every example through all stages, all in one trace with gaps."""
    x: list[float] = []
    y: list[float] = []
    for index, offset in enumerate(offsets):
        x += [place + offset for place in range(len(columns))] + [math.nan]
        y += [float(values[index]) for values in columns.values()] + [math.nan]
    return _quiet(panel, x, y, 1.5)


def _mean_bar(panel: Panel, place: int, values: Numbers, colour: str = "ghost") -> dict[str, Any]:
    mean = float(np.mean(values))
    return _quiet(panel, [place - 1.3 * WIDE, place + 1.3 * WIDE], [mean, mean], 4, colour)


def _quiet(panel: Panel, x: Numbers, y: Numbers, width: float, colour: str = "ghost") -> dict[str, Any]:
    """A line, mostly a faint one, that has nothing to say when pointed at."""
    return line("", BEFORE, panel, x, y, named=False, hoverinfo="skip", hovertemplate=None, connectgaps=False,
                line={"color": colour, "width": width})  # fmt: skip


def shapes(before: Numbers, after: Numbers) -> Template:
    """Two histograms: the values before and after, each on its own axis."""
    traces, parts = [], []
    for place, (name, look, values) in enumerate((("x", BEFORE, before), ("x̂", AFTER, after))):
        panel = Panel(place, 2)
        counts, edges = np.histogram(values, BINS)
        share = counts / counts.sum()
        traces.append(
            {
                "type": "bar", "name": name, "width": float(edges[1] - edges[0]), "hovertemplate": "%{y:.1%}",
                "marker": {"color": look.colour, "opacity": 0.8, "line": {"width": 0}}, **panel.axes,
                "meta": {"role": look.role, "x": {"values": (edges[1:] + edges[:-1]) / 2}, "y": {"values": share}},
            }
        )  # fmt: skip
        x_axis = {"range": _padded(edges)}
        parts.append(panel.layout(name, "share of the values", x_axis, {"range": [0, rung(share.max())], "nticks": 4,
                                                                       "tickformat": ".0%"}))  # fmt: skip
    return together(traces, parts)


def passed_on(before: Mapping[str, Numbers], after: Mapping[str, Numbers]) -> Template:
    """Left some distributions, right what a nonlinearity passes on of each: a strip of dots, and a bar at the mean."""
    traces, parts = [], []
    for number, (title, strips) in enumerate((("x̂", before), ("what is passed on", after))):
        panel = Panel(number, 2)
        for place, (name, values) in enumerate(strips.items()):
            x = place + WIDE * (2 * (GOLDEN * np.arange(len(values)) % 1) - 1)
            strip = dots(name, AFTER, panel, x, values, "circle", 4, named=False, hovertemplate="%{y:.3~f}")
            strip["marker"] |= {"opacity": 0.4, "line": {"width": 0}}
            strip["cliponaxis"] = True
            traces += [strip, _mean_bar(panel, place, values, "text")]
        everything = np.clip(np.concatenate([*strips.values()]), -REACH, REACH)
        # on a phone the names have room in two lines by turns
        words = [f"{'<br>' * (place % 2)}{name}" for place, name in enumerate(strips)]
        x_axis = {"range": [-0.5, len(strips) - 0.5], "tickvals": [*range(len(strips))], "ticktext": words,
                  "tickangle": 0}  # fmt: skip
        parts.append(panel.layout("", title, x_axis, {"range": _padded(everything), "nticks": 6}))
    return _near(together(traces, parts, room={"b": 40}))


def pairs(before: np.ndarray, after: np.ndarray) -> Template:
    """Two features against each other, ``(examples, 2)``, before and after: the cloud on axes of its own."""
    traces, parts = [], []
    for place, (name, look, values) in enumerate((("x", BEFORE, before), ("x̂", AFTER, after))):
        panel = Panel(place, 2)
        cloud = dots(name, look, panel, values[:, 0], values[:, 1], "circle", 4, named=False,
                     hovertemplate="%{x:.2f}, %{y:.2f}<extra></extra>")  # fmt: skip
        cloud["marker"] |= {"opacity": 0.5, "line": {"width": 0}}
        traces.append(cloud)
        x_axis, y_axis = ({"range": _padded(values[:, feature]), "nticks": 6} for feature in (0, 1))
        parts.append(panel.layout(f"{name}, first feature", f"{name}, second feature", x_axis, y_axis))
    return _near(together(traces, parts))


def scale_law(scales: Numbers, ratios: Numbers, here: float, ratio: float) -> Template:
    """The gradient's length over the scale of the weights beside the law 1/a, with a dot where the reader stands."""
    panel, law = Panel(0), 1 / np.asarray(scales, dtype=float)
    traces = [
        line("1/a", LAW, panel, scales, law),
        line("BN", AFTER, panel, scales, ratios),
        dots("here", AFTER, panel, [here], [ratio], "circle", 11, named=False),
    ]
    axes = logarithmic(scales), logarithmic([*law, *ratios])
    return together(traces, [panel.layout("scale a of the weights", "length of the gradient, 1 at a = 1", *axes)])


def size_law(sizes: Numbers, means: Numbers, variances: Numbers) -> Template:
    """The noise of batch statistics over the size of the mini-batch, measured (dots) beside the laws (lines)."""
    left, right, m = Panel(0, 2), Panel(1, 2), np.asarray(sizes, dtype=float)
    x_axis = {"type": "log", "range": [math.log10(m[0]) - 0.1, math.log10(m[-1]) + 0.1], "tickvals": [*sizes]}
    traces, parts = [], []
    spread = left, "spread of means", means, 1 / np.sqrt(m)
    for panel, title, measured, law in (spread, (right, "mean variance", variances, 1 - 1 / m)):
        found = dots("measured", AFTER, panel, sizes, measured, "circle", named=False)
        traces += [line("law", LAW, panel, sizes, law), found]
        parts.append(panel.layout("examples m", title, x_axis, {"range": [0, 1.05]}))
    return together(traces, parts)


def _near(template: Template) -> Template:
    """Pointing shows the nearest point alone, and no name needs room on the right."""
    template["layout"]["hovermode"] = "closest"
    template["layout"]["margin"]["r"] = 16
    return template


def _end(values: Iterable[float]) -> float:
    """Where an axis ends on this side of 0: a little beyond the farthest value."""
    return max(1.1 * max(values, default=0.0), 0.5)


def _padded(values: Numbers) -> list[float]:
    low, high = float(np.min(values)), float(np.max(values))
    room = 0.04 * (high - low) or 1.0
    return [low - room, high + room]
