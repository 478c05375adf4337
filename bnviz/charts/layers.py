"""One number a layer, at one step: where in the network something happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.curves import DECADES, SHARES
from bnviz.charts.pieces import Trace, band, ghost, line, spread, thin
from bnviz.charts.theme import ArmLook, arm_looks, axis, axis_titles, layout, margin_for, note
from bnviz.experiment import Experiment, arm_label

SHIFTS = {"log": True, "least": [-2, 0], "decades": 5}
"""The rule of an axis for what is small beside 1."""


def saturation(experiment: Experiment) -> Template:
    """Share of flat activations, and of units that are flat on (nearly) every example."""
    template = by_layer(
        experiment, "saturation", "saturated activations; ◇ dead units, %", hover="%{y:.1%}",
        **{**SHARES, "range": [-0.02, 1.04]},
    )  # fmt: skip
    for arm, look in arm_looks(experiment).items():
        depth = experiment.arms[arm].depth
        mean, *_ = spread(f"{arm}.dead_units", **{"from": 0, "to": depth})
        template["data"].append(thin(
            arm, look, _layers(1, depth), mean, "2px,3px", mode="lines+markers", hovertemplate="%{y:.1%} dead",
            marker={"symbol": "diamond-open", "size": 8, "color": look.colour},
        ))  # fmt: skip
    return template


def _layers(first: int, last: int) -> Binding:
    return {"values": list(range(first, last + 1))}


def by_layer(
    experiment: Experiment, quantity: str, title: str, rule: dict[str, Any] | None = None, first: int = 1,
    hover: str = "%{y:.3~g}", read: Callable[[int], list[int]] | None = None, **axis_words: Any,
) -> Template:  # fmt: skip
    """The quantity in each layer from ``first`` on, or in those that are ``read`` in a network of a depth.

    By the ``rule`` the axis grows; without, ``axis_words`` fix it.
    """
    read = read or (lambda depth: list(range(first, depth + 1)))
    ghosts, bands, lines, covers = [], [], [], []
    for arm, look in arm_looks(experiment).items():
        depth = experiment.arms[arm].depth
        mean, low, high = spread(f"{arm}.{quantity}", **{"from": first - 1, "to": depth})
        covers += [low, high]
        layers = read(depth)
        x: Binding = {"values": layers}
        start, mean, low, high = (_at(layers, edge) for edge in ({**mean, "first": mean["row"]}, mean, low, high))
        ghosts.append(ghost(arm, x, start, line={"color": "ghost", "width": 1.5, "dash": look.dash, "simplify": False}))
        bands.append(_band(arm, look, layers, low, high))
        dots = {"size": 7 if depth <= 12 else 4, "color": look.colour}
        lines.append(line(arm, look, x, mean, mode="lines+markers", marker=dots, hovertemplate=hover))
    deepest = max(run.depth for run in experiment.arms.values())
    axes = {"yaxis": {"covers": covers, **rule}} if rule else {}
    if rule:
        axis_words = {**(DECADES if "log" in rule else {"nticks": 5}), "range": rule["least"]}
    layer_axis = axis(
        range=[first - 0.5, max(deepest, first) + 0.5], tick0=first, dtick=math.ceil(deepest / 10),
        tickformat="d", fixedrange=True, unifiedhovertitle={"text": "layer %{x}"},
    )  # fmt: skip
    middle: dict[str, Any] = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5}
    words = [] if deepest >= first else [note(f"shown from {first} hidden layers on", **middle)]
    return {
        "data": [*ghosts, *bands, *lines],
        "layout": layout(
            xaxis=layer_axis, yaxis=axis(showgrid=True, **axis_words),
            annotations=[*axis_titles("layer", title), *words],
            margin=margin_for(map(arm_label, experiment.arms)), hovermode="x unified", meta={"axes": axes},
        ),
    }  # fmt: skip


def _at(layers: list[int], binding: Binding) -> Binding:
    """The part of a row that holds these layers, in one piece where they follow each other."""
    when = "first" if "first" in binding else "row"
    if not layers or layers[-1] - layers[0] + 1 == len(layers):
        return {when: binding[when], "from": binding["from"], "to": binding["to"]}
    return {"join": [{when: binding[when], "from": layer - 1, "to": layer} for layer in layers]}


def _band(arm: str, look: ArmLook, layers: list[int], low: Binding, high: Binding) -> Trace:
    """The seeds' range; a single layer gets some width, so that it can be seen."""
    if len(layers) != 1:
        return band(arm, look, {"values": layers}, low, high)
    sides = {"values": [layers[0] - 0.1, layers[0] + 0.1]}
    return band(arm, look, sides, {"join": [low, low]}, {"join": [high, high]})
