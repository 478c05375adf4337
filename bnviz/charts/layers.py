"""One number a layer, at one step: where in the network something happens."""

from __future__ import annotations

import math
from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.pieces import Trace, band, ghost, line, spread
from bnviz.charts.theme import SMALL, ArmLook, arm_looks, axis, axis_titles, layout, margin_for
from bnviz.experiment import Experiment, arm_label


def gradient_norms(experiment: Experiment) -> Template:
    """Length of the loss gradient in each layer's weights."""
    return _by_layer(experiment, "gradient_norm", "gradient norm, log", {"log": True, "least": [-2, 0]})


def distribution_shift(experiment: Experiment) -> Template:
    """How far the inputs of each layer's nonlinearity moved in 20 steps, in their own deviations."""
    rule = {"log": True, "least": [-2, 0], "decades": 5}
    return _by_layer(experiment, "distribution_shift", "deviations per 20 steps, log", rule)


def gradient_shift(experiment: Experiment) -> Template:
    """How much a layer's gradient changes when the layers below take their step; the first layer has none below."""
    rule = {"log": True, "least": [-2, 0], "decades": 5}
    return _by_layer(experiment, "gradient_shift", "change relative to the gradient, log", rule, first=2)


def saturation(experiment: Experiment) -> Template:
    """Share of flat activations, and of units that are flat on (nearly) every example."""
    template = _by_layer(
        experiment, "saturation", "saturated activations; ◇ dead units, %", None, hover="%{y:.1%}",
        range=[-0.02, 1.04], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1],
    )  # fmt: skip
    for arm, look in arm_looks(experiment).items():
        depth = experiment.arms[arm].depth
        mean, *_ = spread(f"{arm}.dead_units", **{"from": 0, "to": depth})
        dead = line(arm, look, _layers(1, depth), mean, hovertemplate="%{y:.1%} dead")
        dead["mode"], dead["line"]["width"], dead["line"]["dash"] = "lines+markers", 1, "2px,3px"
        dead["marker"] = {"symbol": "diamond-open", "size": 8, "color": look.colour}
        del dead["meta"]["label"]
        template["data"].append(dead)
    return template


def _layers(first: int, last: int) -> Binding:
    return {"values": list(range(first, last + 1))}


def _by_layer(
    experiment: Experiment, quantity: str, title: str, rule: dict[str, Any] | None, first: int = 1,
    hover: str = "%{y:.3~g}", **axis_words: Any,
) -> Template:  # fmt: skip
    ghosts, bands, lines, covers = [], [], [], []
    for arm, look in arm_looks(experiment).items():
        depth = experiment.arms[arm].depth
        mean, low, high = spread(f"{arm}.{quantity}", **{"from": first - 1, "to": depth})
        covers += [low, high]
        x = _layers(first, depth)
        start = {"first": mean["row"], "from": first - 1, "to": depth}
        ghosts.append(ghost(arm, x, start, line={"color": "ghost", "width": 1.5, "dash": look.dash, "simplify": False}))
        bands.append(_band(arm, look, first, depth, low, high))
        dots = {"size": 7 if depth <= 12 else 4, "color": look.colour}
        lines.append(line(arm, look, x, mean, mode="lines+markers", marker=dots, hovertemplate=hover))
    deepest = max(run.depth for run in experiment.arms.values())
    axes = {"yaxis": {"covers": covers, **rule}} if rule else {}
    scale = {"type": "log", "exponentformat": "e", "dtick": 1} if rule else {}
    layer_axis = axis(
        range=[first - 0.5, max(deepest, first) + 0.5], tick0=first, dtick=math.ceil(deepest / 10),
        tickformat="d", fixedrange=True, unifiedhovertitle={"text": "layer %{x}"},
    )  # fmt: skip
    words = [] if deepest >= first else [_sentence(f"shown from {first} hidden layers on")]
    return {
        "data": [*ghosts, *bands, *lines],
        "layout": layout(
            xaxis=layer_axis, yaxis=axis(showgrid=True, **{"range": [-2, 0], **scale, **axis_words}),
            annotations=[*axis_titles("layer", title), *words],
            margin=margin_for(map(arm_label, experiment.arms)), hovermode="x unified", meta={"axes": axes},
        ),
    }  # fmt: skip


def _band(arm: str, look: ArmLook, first: int, depth: int, low: Binding, high: Binding) -> Trace:
    """The seeds' range; a single layer gets some width, so that it can be seen."""
    if depth > first:
        return band(arm, look, _layers(first, depth), low, high)
    return band(arm, look, {"values": [depth - 0.1, depth + 0.1]}, {"join": [low, low]}, {"join": [high, high]})


def _sentence(text: str) -> dict[str, Any]:
    return {"text": text, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False,
            "font": {"size": SMALL, "color": "quiet"}}  # fmt: skip
