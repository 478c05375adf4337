"""Curves over the steps: one number a network, every seed in the band, the mean on top."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Template
from bnviz.charts.pieces import STEPS, band, flag, line, spread
from bnviz.charts.theme import arm_looks, axis, axis_titles, layout, margin_for
from bnviz.experiment import Experiment, arm_label

STEP_AXIS = {"tickformat": "~s", "nticks": 6, "rangemode": "tozero", "unifiedhovertitle": {"text": "step %{x:,}"}}


def loss(experiment: Experiment) -> Template:
    """Loss of each mini-batch before its update: the average over the seeds, and their range."""
    covers = [spread(f"{arm}.train_loss")[0] for arm in experiment.arms]
    rule = {"covers": covers, "least": [0, 1]}
    return _over_steps(experiment, "train_loss", "training loss, nats", rule, tickformat="~g", nticks=5)


def accuracy(experiment: Experiment) -> Template:
    """Share of the test examples that are named right."""
    return _over_steps(
        experiment, "test_accuracy", "test accuracy, % of examples", None, hover="%{y:.1%}",
        range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1],
    )  # fmt: skip


def _over_steps(
    experiment: Experiment, quantity: str, title: str, rule: dict[str, Any] | None, hover: str = "%{y:.3~g}",
    **axis_words: Any,
) -> Template:  # fmt: skip
    bands, lines, flags = [], [], []
    for arm, look in arm_looks(experiment).items():
        mean, low, high = spread(f"{arm}.{quantity}")
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
