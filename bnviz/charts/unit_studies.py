"""Figures of studies that look at single units: how Gaussian they are, and what they say of different examples."""

from __future__ import annotations

import math

from bnviz.charts.bindings import Template
from bnviz.charts.panels import Panel, dots, linear, spread, together
from bnviz.charts.theme import DASHES, SPARE_DASHES, ArmLook
from bnviz.experiment import arm_label
from bnviz.table import Table

PLAIN, BN = (ArmLook(role, DASHES[role]) for role in ("plain", "bn"))
SIGNALS = {"u": (PLAIN, "circle-open", -0.15), "Wu + b": (BN, "diamond", 0.15)}
"""What is compared with a Gaussian: its look, its mark, and how far beside its activation it stands."""

ARMS = {"plain": PLAIN, "plain_larger": ArmLook("plain", SPARE_DASHES[2]), "bn": BN}


def gaussianity(table: Table) -> Template:
    """A row before the first step and one behind the last, in it both signals of each activation; a mark a network."""
    activations, steps = table.different("activation"), table.different("step")
    traces, parts = [], []
    for row, step in enumerate(steps):
        panel, own = Panel(row, 1, len(steps)), table.where(step=step)
        for signal, (look, symbol, shift) in SIGNALS.items():
            rows = own.where(signal=signal)
            x = [activations.index(activation) + shift for activation in rows.columns["activation"]]
            traces.append(dots(signal, look, panel, x, rows.numbers("distance"), symbol, 7))
        x_axis = {
            "range": [-0.5, len(activations) - 0.5], "tickvals": [*range(len(activations))], "ticktext": activations,
        }  # fmt: skip
        title = f"distance from a Gaussian after {step:,} steps" if step else "distance from a Gaussian at first"
        parts.append(panel.layout("", title, x_axis, linear(table.numbers("distance"))))
    return together(traces, parts, rows=len(steps), room={"b": 56})


def channels(table: Table) -> Template:
    """Means of the last hidden layer's units and shares of the classes, the largest first; what its gradients keep."""
    hidden, output = table.where(layer="last hidden"), table.where(layer="output")
    shares = {"range": [0, 1.02], "tickformat": ".0%", "nticks": 5}
    traces, parts = [], []
    ranked = ("unit", "|mean| / deviation", hidden, "offset"), ("class", "examples named so, %", output, "named")
    for number, (across, up, rows, quantity) in enumerate(ranked):
        panel, places = Panel(number, 3), [2.0]
        for arm in rows.different("arm"):
            ordered = largest_first(rows.where(arm=arm), quantity)
            traces += spread(ordered, arm_label(arm), ARMS[arm], panel, "place", quantity)
            places += ordered.numbers("place")
        y_axis = shares if quantity == "named" else linear(rows.numbers(quantity))
        parts.append(panel.layout(across, up, {"range": [1, max(places)], "nticks": 6}, y_axis))
    panel, whole = Panel(2, 3), hidden.where(unit=None)
    for place, arm in enumerate(ARMS):
        kept = whole.where(arm=arm).numbers("kept")
        traces.append(dots(arm_label(arm), ARMS[arm], panel, [place] * len(kept), kept, "circle-open", named=False))
    names = {"range": [-0.5, 2.5], "tickvals": [0, 1, 2], "ticktext": [arm_label(arm) for arm in ARMS]}
    parts.append(panel.layout("", "kept of the gradient, %", names, shares))
    return together(traces, parts)


def largest_first(table: Table, quantity: str) -> Table:
    """Each seed's values from the largest down, numbered from 1; empty ones are left out."""
    rows: list[tuple[float, float, float]] = []
    for seed in table.different("seed"):
        values = sorted(filter(math.isfinite, table.where(seed=seed).numbers(quantity)), reverse=True)
        rows += [(place, seed, value) for place, value in enumerate(values, start=1)]
    return Table.of(("place", "seed", quantity), rows)
