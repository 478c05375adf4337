"""Promise and outcome: every so many steps the loss down its gradient, and the straight line that the gradient
promised."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.curves import STEP_AXIS
from bnviz.charts.pieces import Trace, line, thin
from bnviz.charts.stacked import GAP, height, stacked
from bnviz.charts.theme import ArmLook, arm_looks, axis, axis_titles, layout, margin_for, nth
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import WALK
from bnviz.wording import parted

WIDE = 0.86
"""How much of the way to the next ridge a ridge takes."""

TALL, LEAST, ALL = 168, 104, 280
"""Pixels of a single arm's row, of the lowest row, and of all rows together unless they are many."""

FAR = float(WALK[-1])
ONE_STEP = int(WALK.tolist().index(1.0))
PLACES = [round(WIDE * place / FAR, 4) for place in WALK.tolist()]
TICKS: dict[str, Any] = {"tickvals": [-2, -1, 0, 1], "ticktext": ["−2", "−1", "0", "+1"]}


def promises(experiment: Experiment) -> Template:
    """Arms below each other, ridges side by side: the promise, the outcome, what lies between, where a step lands."""
    arms = arm_looks(experiment)
    row = min(TALL, max(LEAST, ALL // len(arms)))
    data = [trace for index, (arm, look) in enumerate(arms.items()) for trace in _ridges(arm, look, nth("y", index))]
    return {
        "data": data,
        "layout": layout(
            height(len(arms), row),
            xaxis=axis(range=[0, 100], anchor=nth("y", len(arms) - 1), fixedrange=True, **STEP_AXIS),
            **stacked(len(arms), row, GAP, range=[-FAR - 0.1, 1.4], showgrid=True, fixedrange=True, **TICKS),
            annotations=axis_titles("step", "loss, in what one step promises"),
            margin=margin_for(map(arm_label, arms)), hovermode=False,
            meta={"axes": {"xaxis": {"steps": True, "ridges": True}}, "caption": _caption(experiment)},
        ),
    }  # fmt: skip


def _ridges(arm: str, look: ArmLook, y: str) -> list[Trace]:
    column = f"{arm}.loss_along"
    promise: Binding = {"ridges": column, "from": 0, "to": 0, "then": [0, -FAR]}
    broken: Binding = {"ridges": column, "then": [-FAR, 0]}
    words: dict[str, Any] = {"yaxis": y, "hoverinfo": "skip"}
    between = thin(arm, look, _steps([*PLACES, WIDE, 0]), broken, **words, fill="toself", fillcolor=look.band)
    between["line"] = {"width": 0, "color": look.band, "simplify": False}
    straight = thin(arm, look, _steps([0, WIDE]), promise, dash="2px,3px", **words)
    straight["line"]["color"] = "quiet"
    outcome = line(arm, look, _steps(PLACES), {"ridges": column}, **words)
    outcome["line"]["dash"] = "solid"
    outcome["meta"]["beside"] = "middle"
    landed = thin(
        arm, look, _steps([PLACES[ONE_STEP]]), {"ridges": column, "from": ONE_STEP, "to": ONE_STEP + 1},
        **words, mode="markers", marker={"color": look.colour, "size": 8, "line": {"color": "card", "width": 1.5}},
    )  # fmt: skip
    return [between, straight, outcome, landed]


def _steps(at: list[float]) -> Binding:
    return {"ridges": "step", "at": at}


def _caption(experiment: Experiment) -> list[str | Binding]:
    """What one step at the cursor promises, and how much of that is kept, over all seeds."""
    said: list[str | Binding] = ["One step at the cursor keeps, of the decrease that was promised: "]
    for arm in experiment.arms:
        kept, low, high, promised = (
            {"row": f"{arm}.{column}"}
            for column in ("fidelity.mean", "fidelity.low", "fidelity.high", "promised_decrease.mean")
        )
        said += parted("{arm} {kept} of {promised} nats (seeds: {low} to {high})", arm=arm_label(arm), kept=kept,
                       promised=promised, low=low, high=high)  # fmt: skip
        said.append("; ")
    return [*said[:-1], "."]
