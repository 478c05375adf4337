"""Figures of two benches: one example among different mates, and a bias that grows while the loss stands still."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from bnviz.charts.bindings import Template
from bnviz.charts.panels import Numbers, Panel, dots, line, linear, together
from bnviz.charts.theme import DASHES, ArmLook

CONSTANT, THROUGH, IDEAL = (ArmLook(role, DASHES[role]) for role in ("plain", "bn", "third"))

WIDE = 0.3
"""How far to both sides of its size the dots of one size stand, in sizes, so that fewer hide each other."""

REACH = 3.0
"""The axis of x-hat goes at least so far to both sides."""


def company(found: Mapping[int, Numbers], value: float) -> Template:
    """A strip of dots for each size of mini-batch, x-hat of one example in different company; a line at its value."""
    panel, sizes = Panel(0), list(found)
    traces = [line("x", IDEAL, panel, [-0.5, len(sizes) - 0.5], [value, value])]
    for place, (size, x_hats) in enumerate(found.items()):
        offsets = WIDE * np.linspace(-1, 1, len(x_hats)) if len(x_hats) > 1 else np.zeros(1)
        strip = dots(f"m = {size}", THROUGH, panel, place + offsets, x_hats, "circle", 4)
        strip["meta"].pop("label")
        traces.append(strip)
    farthest = max(float(np.abs(x_hats).max()) for x_hats in found.values())
    end = max(REACH, math.ceil(farthest))
    x_axis = {"range": [-0.5, len(sizes) - 0.5], "tickvals": [*range(len(sizes))], "ticktext": [*map(str, sizes)]}
    part = panel.layout("examples in the mini-batch", "x̂ of the example", x_axis, {"range": [-end, end]})
    template = together(traces, [part])
    template["layout"]["hovermode"] = "closest"
    return template


def drifts(bias: Mapping[str, Numbers], loss: Mapping[str, Numbers]) -> Template:
    """The bias on the left, the loss on the right, over the steps: first with the mean constant, then through it."""
    traces, parts = [], []
    for number, (title, curves) in enumerate((("bias b", bias), ("loss", loss))):
        panel, values = Panel(number, 2), [value for curve in curves.values() for value in curve]
        steps = [*range(max(len(curve) for curve in curves.values()))]
        for look, (name, curve) in zip((CONSTANT, THROUGH), curves.items(), strict=True):
            traces.append(line(name, look, panel, steps, curve))
        parts.append(panel.layout("step", title, linear(steps), linear([1.2 * max(values)])))
    return together(traces, parts)
