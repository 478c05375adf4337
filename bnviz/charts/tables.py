"""A picture's numbers as a table, where its lines do not say them: names of rows, and columns with bindings."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding
from bnviz.charts.columns import shown_layers, watched_units
from bnviz.experiment import Experiment, arm_label


def inputs_table(experiment: Experiment) -> dict[str, Any]:
    """Between which numbers the middle 70% of each layer's inputs lie, at the step and at step 0."""
    deepest = shown_layers(max(run.depth for run in experiment.arms.values()))
    columns: list[tuple[str, Binding]] = [
        (_percentile(arm_label(arm), part[1:], when == "first"), {when: f"{arm}.pre_histogram.{part}"})
        for arm in experiment.arms for when in ("row", "first") for part in ("p15", "p85")
    ]  # fmt: skip
    return {"title": "layer", "rows": [str(layer) for layer in deepest], "columns": columns}


def _percentile(arm: str, which: str, at_first: bool) -> str:
    return f"{arm}, {which}th percentile at step 0" if at_first else f"{arm}, {which}th percentile"


def units_table(experiment: Experiment) -> dict[str, Any]:
    """Each watched unit's percentiles, and whether it sits still."""
    layers = shown_layers(max(run.depth for run in experiment.arms.values()))
    most = max(len(watched_units(run)) for run in experiment.arms.values())
    columns: list[tuple[str, Binding]] = []
    for arm, run in experiment.arms.items():
        count = len(watched_units(run))
        gap: Binding = {"values": [None] * (most - count)}
        for part, words in (("p15", "15th"), ("p50", "median"), ("p85", "85th"), ("dead", "still (1: yes)")):
            own = [{"row": f"{arm}.unit_{part}", "from": k * count, "to": (k + 1) * count}
                   for k in range(len(shown_layers(run.depth)))]  # fmt: skip
            columns.append((f"{arm_label(arm)}, {words}", {"join": [each for one in own for each in (one, gap)]}))
    rows = [f"layer {layer}, unit {unit + 1}" for layer in layers for unit in range(most)]
    return {"title": "unit", "rows": rows, "columns": columns}
