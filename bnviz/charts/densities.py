"""Inputs over time: for every layer a density map, the step across, what the nonlinearity receives up."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import BINS, shown_layers
from bnviz.charts.curves import STEP_AXIS
from bnviz.charts.pieces import STEPS, Trace
from bnviz.charts.stacked import REACH, height, layer_titles, place, stacked
from bnviz.charts.tables import inputs_table
from bnviz.charts.theme import ArmLook, arm_looks, axis, axis_titles, layout, margin_for, nth
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import HISTOGRAM_EDGES
from bnviz.wording import parted

LAST = float(HISTOGRAM_EDGES[-1])
EDGE = REACH - LAST
"""Height of the rows that hold what lies beyond ±6, in units of the input: three times that of a bin."""

POWER = 0.7
"""How strong a colour is: the share of inputs, in shares of its step's largest, to this power. Below 1 tails show."""

HEIGHTS: Binding = {"values": [-REACH, *HISTOGRAM_EDGES.round(3).tolist(), REACH]}
TICKS: dict[str, Any] = {
    "tickvals": [-REACH + EDGE / 2, -3, 0, 3, REACH - EDGE / 2], "ticktext": ["< −6", "−3", "0", "3", "> 6"]
}  # fmt: skip
TALL, LEAST, ALL = 200, 84, 272
"""Pixels of a single arm's row, of the lowest row, and of all rows together unless they are many."""


def inputs_over_time(experiment: Experiment) -> Template:
    """What every layer receives at every step: layers side by side, arms below each other, the same axes for all."""
    arms = arm_looks(experiment)
    deepest = shown_layers(max(run.depth for run in experiment.arms.values()))
    row, columns = min(TALL, max(LEAST, ALL // len(arms))), len(deepest)
    data = []
    for index, (arm, look) in enumerate(arms.items()):
        layers = len(shown_layers(experiment.arms[arm].depth))
        maps = [_density(arm, look, k, index) for k in range(layers)]
        maps[-1]["meta"] |= {"label": arm_label(arm), "beside": "middle"}
        data += maps
    return {
        "data": data,
        "layout": layout(
            height(len(arms), row),
            **{nth("xaxis", k): _steps(k, columns, len(arms)) for k in range(columns)},
            **stacked(len(arms), row, range=[-REACH, REACH], fixedrange=True, **TICKS),
            annotations=[
                *axis_titles("step", "input of the nonlinearity; strong colour: many inputs"), *layer_titles(deepest),
            ],
            shapes=[_hairline(k, index, at) for k in range(columns) for index in range(len(arms))
                    for at in (-LAST, 0, LAST)],
            margin=margin_for(map(arm_label, experiment.arms)), hovermode=False,
            meta={"axes": {nth("xaxis", k): {"steps": True} for k in range(columns)}, "panels": columns,
                  "caption": _caption(experiment), "table": inputs_table(experiment)},
        ),
    }  # fmt: skip


def _density(arm: str, look: ArmLook, column: int, row: int) -> Trace:
    shares = {"rows": f"{arm}.pre_histogram", "from": column * BINS, "to": (column + 1) * BINS, "power": POWER}
    return {
        "type": "heatmap", "name": arm_label(arm), "colorscale": f"ramp:{look.role}", "zmin": 0, "zmax": 1,
        "zsmooth": "best", "showscale": False, "hoverinfo": "skip", "xaxis": nth("x", column), "yaxis": nth("y", row),
        "meta": {"arm": arm, "role": look.role, "x": STEPS, "y": HEIGHTS, "z": shares},
    }  # fmt: skip


def _steps(column: int, columns: int, rows: int) -> dict[str, Any]:
    """The step axis of a layer's column; it is as wide as ±6.6 of the histograms below."""
    domain = [place(column, columns, end) for end in (-REACH, REACH)]
    return axis(
        domain=domain, anchor=nth("y", rows - 1), range=[0, 100], fixedrange=True, **{**STEP_AXIS, "nticks": 4}
    )


def _hairline(column: int, row: int, at: float) -> dict[str, Any]:
    """A line across a panel: solid at 0, dotted where the rows begin that hold what lies beyond."""
    across = {"xref": f"{nth('x', column)} domain", "yref": nth("y", row), "x0": 0, "x1": 1, "y0": at, "y1": at}
    dash = {"dash": "2px,3px"} if at else {}
    return {"type": "line", "layer": "above", "line": {"color": "grid", "width": 1, **dash}, **across}


def _caption(experiment: Experiment) -> list[str | Binding]:
    """Between which numbers the middle 70% of the last layer's inputs lie, at the cursor and at step 0."""
    said: list[str | Binding] = ["Middle 70% of the last layer’s inputs: "]
    for arm, run in experiment.arms.items():
        last = len(shown_layers(run.depth)) - 1
        ends: list[list[Binding]] = [
            [{when: f"{arm}.pre_histogram.{part}", "from": last, "to": last + 1} for part in ("p15", "p85")]
            for when in ("row", "first")
        ]
        (low, high), (first_low, first_high) = ends
        said += parted(
            "{arm} {low} to {high} (step 0: {first_low} to {first_high})", arm=arm_label(arm), low=low, high=high,
            first_low=first_low, first_high=first_high,
        )  # fmt: skip
        said.append("; ")
    return [*said[:-1], "."]
