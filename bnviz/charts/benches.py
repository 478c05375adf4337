"""Figures of six benches: one example among different mates, a mini-batch in parts, a bias that grows, a product of
weights that shrinks, its motion, a sigmoid's slope.

Numbers in, a template out that holds them. Nothing here knows how they were made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from bnviz.charts.bindings import Template
from bnviz.charts.panels import Numbers, Panel, dots, line, linear, together
from bnviz.charts.theme import DASHES, ArmLook
from bnviz.wording import word

PLAIN, BN, IDEAL = (ArmLook(role, DASHES[role]) for role in ("plain", "bn", "third"))

WIDE = 0.3
"""How far to both sides of its size the dots of one size stand, in sizes, so that fewer hide each other."""

PARTED = 0.06
"""What a ghost batch leaves free of its place on both sides, as a share of it."""

TALL = 340
"""Pixels of a figure with many small things in it."""

REACH = 3.0
"""The axis of x-hat goes at least so far to both sides."""

PRODUCT_REACH = 1.5
"""A product is shown so far to either side of 0; what lies beyond is cut off."""


def company(found: Mapping[int, Numbers], value: float) -> Template:
    """A strip of dots for each size of mini-batch, x-hat of one example in different company; a line at its value."""
    panel, sizes = Panel(0), list(found)
    traces = [line("x", IDEAL, panel, [-0.5, len(sizes) - 0.5], [value, value])]
    for place, (size, x_hats) in enumerate(found.items()):
        offsets = WIDE * np.linspace(-1, 1, len(x_hats)) if len(x_hats) > 1 else np.zeros(1)
        traces.append(dots(f"m = {size}", BN, panel, place + offsets, x_hats, "circle", 4, named=False))
    farthest = max(float(np.abs(x_hats).max()) for x_hats in found.values())
    end = max(REACH, math.ceil(farthest))
    x_axis = {"range": [-0.5, len(sizes) - 0.5], "tickvals": [*range(len(sizes))], "ticktext": [*map(str, sizes)]}
    part = panel.layout("examples in the mini-batch", "x̂ of the example", x_axis, {"range": [-end, end]})
    template = together(traces, [part])
    template["layout"]["hovermode"] = "closest"
    return template


def ghosts(x: Numbers, size: int) -> Template:
    """A mini-batch in parts of so many: examples as dots, each part's mean and deviation beside those of all.

    A box reaches one deviation to both sides of its mean.
    """
    panel, values = Panel(0), np.asarray(x, dtype=float)
    traces = []
    for name, look, examples, room in ((word("all"), IDEAL, len(values), 0.0), (word("ghosts"), BN, size, PARTED)):
        parts, firsts = values.reshape(-1, examples), np.arange(0, len(values), examples)
        mean, deviation = parts.mean(1), parts.std(1)
        ends = firsts + room * examples, firsts + (1 - room) * examples
        traces += [
            _boxes(look, panel, *ends, mean - deviation, mean + deviation),
            line(name, look, panel, *_strokes(*ends, mean), connectgaps=False, line={"color": look.colour, "width": 3}),
        ]
    places, marker = np.arange(len(values)) + 0.5, {"color": "still", "size": 6}
    traces.append(dots("example", BN, panel, places, values, "circle", named=False, marker=marker))
    low, high = float(values.min()), float(values.max())
    x_axis = {"range": [0, len(values)], "tickvals": [*range(0, len(values) + 1, 16)]}
    y_axis = {"range": [low - 0.1 * (high - low), high + 0.1 * (high - low)], "nticks": 6}
    part = panel.layout("examples of the mini-batch", "pre-activation", x_axis, y_axis)
    template = together(traces, [part])
    template["layout"] |= {"hovermode": "closest", "height": TALL}
    return template


def _strokes(left: np.ndarray, right: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points of horizontal strokes, each followed by a gap."""
    gap = np.full(len(level), math.nan)
    return np.stack([left, right, gap], 1).ravel(), np.stack([level, level, gap], 1).ravel()


def _boxes(
    look: ArmLook, panel: Panel, left: np.ndarray, right: np.ndarray, low: np.ndarray, high: np.ndarray
) -> dict[str, Any]:
    """Filled boxes without an edge, as one trace."""
    gap = np.full(len(low), math.nan)
    x, y = np.stack([left, right, right, left, left, gap], 1), np.stack([low, low, high, high, low, gap], 1)
    words = {"fill": "toself", "fillcolor": look.band, "line": {"width": 0, "color": look.band}, "hoverinfo": "skip"}
    return line("box", look, panel, x.ravel(), y.ravel(), named=False, connectgaps=False, hovertemplate=None, **words)


def drifts(bias: Mapping[str, Numbers], loss: Mapping[str, Numbers]) -> Template:
    """The bias on the left, the loss on the right, over the steps: first with the mean constant, then through it."""
    traces, parts = [], []
    for number, (title, curves) in enumerate((("bias b", bias), (word("loss"), loss))):
        panel, values = Panel(number, 2), [value for curve in curves.values() for value in curve]
        steps = [*range(max(len(curve) for curve in curves.values()))]
        for look, (name, curve) in zip((PLAIN, BN), curves.items(), strict=True):
            traces.append(line(name, look, panel, steps, curve))
        parts.append(panel.layout("step", title, linear(steps), linear([1.2 * max(values)])))
    return together(traces, parts)


def product(
    factors: Numbers, kept: Numbers, here: tuple[int, float], rates: Numbers, came: Numbers, promised: Numbers,
    rate: float,
) -> Template:  # fmt: skip
    """Left the share of the promise that is kept, over the number of factors; right the product along the step.

    ``here`` is the reader's number of factors and what is kept there; ``came``
    and ``promised`` are the product over that at the start, at each of ``rates``.
    """
    left, right = Panel(0, 2), Panel(1, 2)
    traces = [
        line("exact", IDEAL, left, [factors[0], factors[-1]], [1.0, 1.0]),
        line("kept", PLAIN, left, factors, kept),
        dots("here", PLAIN, left, [here[0]], [here[1]], "circle", 11, cliponaxis=True),
        line("promised", IDEAL, right, rates, promised),
        line("product", PLAIN, right, rates, came),
        _step(right, rate),
    ]
    y_axis = {"range": [-PRODUCT_REACH, PRODUCT_REACH], "nticks": 7}
    parts = [
        left.layout("factors", "decrease kept, of promised", {"range": [factors[0], factors[-1]]}, y_axis),
        right.layout("step length", "product, 1 before the step", {"range": [0, rates[-1]], "nticks": 5}, y_axis),
    ]
    return together(traces, parts)


def motion(times: Numbers, ways: Mapping[str, Numbers], time: float) -> Template:
    """Where an output is over the time: by the velocity at the start, as a product, and as a gamma behind BN."""
    panel = Panel(0)
    traces = [
        line(name, look, panel, times, way)
        for (name, way), look in zip(ways.items(), (IDEAL, PLAIN, BN), strict=True)
    ]  # fmt: skip
    y_axis = {"range": [-PRODUCT_REACH, PRODUCT_REACH], "nticks": 7}
    part = panel.layout("time t, the length of the step", "output y", {"range": [0, times[-1]], "nticks": 5}, y_axis)
    return together([*traces, _step(panel, time)], [part])


def _step(panel: Panel, length: float) -> dict[str, Any]:
    """A faint line across a product's panel at the reader's step."""
    return line("the step", IDEAL, panel, [length, length], [-PRODUCT_REACH, PRODUCT_REACH], named=False,
                hoverinfo="skip", hovertemplate=None, line={"color": "ghost", "width": 2})  # fmt: skip


def slopes(x: Numbers, outputs: Numbers, slope: Numbers, here: tuple[float, float]) -> Template:
    """Left a nonlinearity, right its slope, over the input; ``here`` is the reader's input and the slope there."""
    left, right = Panel(0, 2), Panel(1, 2)
    traces = [
        line("sigmoid", PLAIN, left, x, outputs),
        line("slope", PLAIN, right, x, slope),
        dots("here", PLAIN, right, [here[0]], [here[1]], "circle", 11),
    ]
    x_axis = {"range": [min(x), max(x)]}
    parts = [
        left.layout("input x", "output", x_axis, {"range": [-0.05, 1.05]}),
        right.layout("input x", "slope", x_axis, linear(slope)),
    ]
    return together(traces, parts)
