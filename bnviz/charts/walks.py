"""The walks of two networks down their gradients, from the same loss: what each promises, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping

from bnviz.charts.bindings import Template
from bnviz.charts.panels import Numbers, Panel, dots, line, linear, together
from bnviz.charts.theme import DASHES, ArmLook
from bnviz.experiment import arm_label
from bnviz.quantities import WALK

ONE_STEP = int(WALK.tolist().index(1.0))
DOTTED = "2px,3px"


def walks(found: Mapping[str, tuple[Numbers, float]]) -> Template:
    """Arm to its loss at every place of the walk, and to what one step was promised to lower it."""
    panel, traces = Panel(0), []
    for arm, (along, promised) in found.items():
        look, name = ArmLook(arm, DASHES[arm]), arm_label(arm)
        straight = [along[0], max(0.0, along[0] - float(WALK[-1]) * promised)]
        end = (along[0] - straight[1]) / promised
        traces += [
            line(f"{name}, promised", ArmLook(look.role, DOTTED), panel, [0.0, end], straight, named=False),
            line(name, look, panel, WALK, along),
            dots(f"{name}, one step", look, panel, WALK[[ONE_STEP]], [along[ONE_STEP]], "circle", 9, named=False),
        ]
    highest = max(max(along[0], along[ONE_STEP]) for along, _ in found.values())
    x_axis = {"range": [0.0, float(WALK[-1])], "tickvals": [0, 0.5, 1, 1.5, 2]}
    part = panel.layout("steps down the gradient", "loss, nats", x_axis, linear([1.6 * highest]))
    return together(traces, [part])
