"""Curves over the steps: one number a network, every seed in the band, the mean on top."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import shown_layers
from bnviz.charts.pieces import STEPS, band, flag, line, spread
from bnviz.charts.theme import arm_looks, axis, axis_titles, layout, margin_for
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import QUANTITIES
from bnviz.run import Run

STEP_AXIS = {"tickformat": "~s", "nticks": 6, "rangemode": "tozero", "unifiedhovertitle": {"text": "step %{x:,}"}}
SHARES: dict[str, Any] = {"range": [0, 1.02], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
DECADES: dict[str, Any] = {"type": "log", "range": [-2, 0], "exponentformat": "e", "dtick": 1}


def loss(experiment: Experiment) -> Template:
    """Loss of each mini-batch before its update: the average over the seeds, and their range."""
    covers = [spread(f"{arm}.train_loss")[0] for arm in experiment.arms]
    rule = {"covers": covers, "least": [0, 1], "most": 2.5}
    return _over_steps(experiment, "train_loss", "training loss, nats", rule, tickformat="~g", nticks=5)


def accuracy(experiment: Experiment) -> Template:
    """Share of the test examples that are named right."""
    return _shares(experiment, "test_accuracy", "test accuracy, % of examples")


def train_accuracy(experiment: Experiment) -> Template:
    """Share of training examples named as their labels say."""
    return _shares(experiment, "train_accuracy", "training accuracy, % of examples")


def mates(experiment: Experiment) -> Template:
    """Share of test examples that are named otherwise when normalized among seven others."""
    return _shares(experiment, "mates_disagree", "test examples named otherwise, %")


def population(experiment: Experiment) -> Template:
    """Test accuracy with running statistics, and, thin, with statistics recomputed from the training examples."""
    template = _shares(experiment, "test_accuracy", "test accuracy; thin: population statistics, %")
    for arm, look in arm_looks(experiment).items():
        mean, *_ = spread(f"{arm}.accuracy_population")
        thin = line(arm, look, STEPS, mean, hovertemplate="%{y:.1%} population")
        thin["line"] = {**thin["line"], "width": 1, "dash": "solid"}
        del thin["meta"]["label"]
        template["data"].append(thin)
    return template


def loss_range(experiment: Experiment) -> Template:
    """How far the loss varies along the gradient."""
    return _decades(experiment, "loss_range", "range of the loss, nats, log")


def gradient_change(experiment: Experiment) -> Template:
    """The most that the gradient changes along itself."""
    return _decades(experiment, "gradient_predictiveness", "change of the gradient, log")


def smoothness(experiment: Experiment) -> Template:
    """The most that the gradient changes along itself, for each unit of the way."""
    return _decades(experiment, "effective_smoothness", "change of the gradient per distance, log")


def fidelity(experiment: Experiment) -> Template:
    """What a step lowers the loss, as a share of what the gradient promised."""
    return _numbers(experiment, "fidelity", "decrease of the loss, share of the promised")


def gradient_growth(experiment: Experiment) -> Template:
    """By which factor the gradient grows from a layer to the one below."""
    return _numbers(experiment, "gradient_growth", "growth of the gradient per layer, factor")


def weight_growth(experiment: Experiment) -> Template:
    """Length of one layer's weights."""
    return _numbers(experiment, "weight_norm", "weight norm of one layer")


def layer_choices(experiment: Experiment) -> dict[str, list[int]]:
    """The layers that the reader may pick."""
    return {"layer": sorted({layer for run in experiment.arms.values() for layer in shown_layers(run.depth)})}


def _shares(experiment: Experiment, quantity: str, title: str) -> Template:
    return _over_steps(experiment, quantity, title, None, hover="%{y:.1%}", **SHARES)


def _decades(experiment: Experiment, quantity: str, title: str) -> Template:
    covers = [spread(f"{arm}.{quantity}")[0] for arm in experiment.arms]
    rule = {"covers": covers, "log": True, "least": [-2, 0], "decades": 5}
    return _over_steps(experiment, quantity, title, rule, **DECADES)


def _numbers(experiment: Experiment, quantity: str, title: str) -> Template:
    covers = [edge for arm, run in experiment.arms.items() for edge in _spread(arm, run, quantity)[:2]]
    rule = {"covers": covers, "least": [0, 1]}
    return _over_steps(experiment, quantity, title, rule, tickformat="~g", nticks=5)


def _spread(arm: str, run: Run, quantity: str) -> tuple[Binding, Binding, Binding]:
    """Mean, low and high of a quantity; of the layer that the reader picks, where each layer has its own."""
    every_layer = {"pick": {"layer": list(range(1, run.depth + 1))}}
    return spread(f"{arm}.{quantity}", **(every_layer if QUANTITIES[quantity].shape == "layer" else {}))


def _over_steps(
    experiment: Experiment, quantity: str, title: str, rule: dict[str, Any] | None, hover: str = "%{y:.3~g}",
    **axis_words: Any,
) -> Template:  # fmt: skip
    bands, lines, flags = [], [], []
    for arm, look in arm_looks(experiment).items():
        mean, low, high = _spread(arm, experiment.arms[arm], quantity)
        bands.append(band(arm, look, STEPS, low, high))
        lines.append(line(arm, look, STEPS, mean, hovertemplate=hover))
        flags.append(flag(arm, look, str(mean["series"])))
    axes: dict[str, Any] = {"xaxis": {"steps": True}} | ({"yaxis": rule} if rule else {})
    return {
        "data": [*bands, *lines, *flags],
        "layout": layout(
            xaxis=axis(range=[0, 100], **STEP_AXIS), yaxis=axis(showgrid=True, **{"range": [0, 1], **axis_words}),
            annotations=axis_titles("step", title),
            margin=margin_for(map(arm_label, experiment.arms)), hovermode="x unified", meta={"axes": axes},
        ),
    }  # fmt: skip
