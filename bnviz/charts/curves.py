"""Curves over the steps: one number a network, every seed in the band, the mean on top."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import shown_layers
from bnviz.charts.pieces import STEPS, band, flag, line, spread, thin
from bnviz.charts.theme import arm_looks, axis, axis_titles, layout, margin_for
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import QUANTITIES
from bnviz.run import Run

STEP_AXIS = {"tickformat": "~s", "nticks": 6, "rangemode": "tozero", "unifiedhovertitle": {"text": "step %{x:,}"}}
SHARES: dict[str, Any] = {"range": [0, 1.02], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
DECADES: dict[str, Any] = {"type": "log", "range": [-2, 0], "exponentformat": "e", "dtick": 1}


def shares(experiment: Experiment, quantity: str, title: str) -> Template:
    """A share of examples, from none to all."""
    return _over_steps(experiment, quantity, title, None, hover="%{y:.1%}", **SHARES)


def numbers(experiment: Experiment, quantity: str, title: str, edges: int = 2, **rule: float) -> Template:
    """Numbers from 0 on; the axis covers every mean and, with 2 ``edges``, the lowest seed; ``rule`` adds to that."""
    covers = [edge for arm, run in experiment.arms.items() for edge in _spread(arm, run, quantity)[:edges]]
    extent = {"covers": covers, "least": [0, 1], **rule}
    return _over_steps(experiment, quantity, title, extent, tickformat="~g", nticks=5)


def decades(experiment: Experiment, quantity: str, title: str) -> Template:
    """Numbers of any size, in powers of ten."""
    covers = [spread(f"{arm}.{quantity}")[0] for arm in experiment.arms]
    rule = {"covers": covers, "log": True, "least": [-2, 0], "decades": 5}
    return _over_steps(experiment, quantity, title, rule, **DECADES)


def population(experiment: Experiment) -> Template:
    """Test accuracy with running statistics, and, thin, with statistics recomputed from the training examples."""
    template = shares(experiment, "test_accuracy", "accuracy; thin: population statistics, %")
    for arm, look in arm_looks(experiment).items():
        mean, *_ = spread(f"{arm}.accuracy_population")
        template["data"].append(thin(arm, look, STEPS, mean, hovertemplate="%{y:.1%} population"))
    return template


def layer_choices(experiment: Experiment) -> dict[str, list[int]]:
    """The layers that the reader may pick."""
    return {"layer": sorted({layer for run in experiment.arms.values() for layer in shown_layers(run.depth)})}


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
