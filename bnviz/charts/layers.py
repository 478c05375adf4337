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


def signal(experiment: Experiment) -> Template:
    """How large the inputs of each layer's nonlinearity are."""
    rule = {"log": True, "least": [-1, 1], "decades": 12}
    return _by_layer(experiment, "pre_std", "deviation of the input, log", rule)


def distribution_shift(experiment: Experiment) -> Template:
    """How far the inputs of each layer's nonlinearity moved in 20 steps, in their own deviations."""
    rule = {"log": True, "least": [-2, 0], "decades": 5}
    return _by_layer(experiment, "distribution_shift", "deviations per 20 steps, log", rule)


def gradient_shift(experiment: Experiment) -> Template:
    """How much a layer's gradient changes when the layers below take their step; the first layer has none below."""
    rule = {"log": True, "least": [-2, 0], "decades": 5}
    return _by_layer(experiment, "gradient_shift", "change relative to the gradient, log", rule, first=2)


def weights(experiment: Experiment) -> Template:
    """Length of each layer's weights."""
    return _by_layer(experiment, "weight_norm", "weight norm", {"least": [0, 1]}, nticks=5)


def bias_norm(experiment: Experiment) -> Template:
    """Length of each layer's biases; none where batch normalization subtracts them."""
    return _by_layer(experiment, "bias_norm", "bias norm", {"least": [0, 1]}, nticks=5)


def variance_ratio(experiment: Experiment) -> Template:
    """Running variance over the variance that eval mode meets."""
    return _by_layer(experiment, "variance_ratio", "running variance over eval variance", {"least": [0, 2]}, nticks=5)


def jacobian_scale(experiment: Experiment) -> Template:
    """By how much each layer stretches small changes."""
    rule = {"log": True, "least": [-1, 1], "decades": 5}
    return _by_layer(experiment, "jacobian_scale", "stretch of small changes, log", rule)


def sample_cosine(experiment: Experiment) -> Template:
    """How alike different examples look behind each layer."""
    return _by_layer(
        experiment, "sample_cosine", "cosine between examples", None,
        range=[-0.1, 1.04], tickvals=[0, 0.25, 0.5, 0.75, 1],
    )  # fmt: skip


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
    scale = {"type": "log", "exponentformat": "e", "dtick": 1} if rule and rule.get("log") else {}
    start_range = rule["least"] if rule else [0, 1]
    layer_axis = axis(
        range=[first - 0.5, max(deepest, first) + 0.5], tick0=first, dtick=math.ceil(deepest / 10),
        tickformat="d", fixedrange=True, unifiedhovertitle={"text": "layer %{x}"},
    )  # fmt: skip
    words = [] if deepest >= first else [_sentence(f"shown from {first} hidden layers on")]
    return {
        "data": [*ghosts, *bands, *lines],
        "layout": layout(
            xaxis=layer_axis, yaxis=axis(showgrid=True, **{"range": start_range, **scale, **axis_words}),
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
