"""Figures of a step down the gradient of a product of weights: the way, and what is kept of the promise by depth.

Numbers in, a figure that stands still out. Nothing here knows how they were made.
"""

from __future__ import annotations

from bnviz.charts.bindings import Template
from bnviz.charts.panels import Numbers, Panel, dots, line, together
from bnviz.charts.theme import DASHES, ArmLook

CAME, PROMISED = (ArmLook(role, DASHES[role]) for role in ("plain", "third"))
REACH = 1.5
"""Both panels show so much to either side of 0; what lies beyond is cut off."""


def product(
    factors: Numbers, kept: Numbers, here: tuple[int, float], rates: Numbers, came: Numbers, promised: Numbers,
    rate: float,
) -> Template:  # fmt: skip
    """Left the share of the promise that is kept, over the number of factors; right the product along the step.

    ``here`` is the reader's number of factors and what is kept there; ``came``
    and ``promised`` are the product over that at the start, at each of ``rates``.
    """
    left, right = Panel(0, 2), Panel(1, 2)
    traces = [
        line("exact", PROMISED, left, [factors[0], factors[-1]], [1.0, 1.0]),
        line("kept", CAME, left, factors, kept),
        dots("here", CAME, left, [here[0]], [here[1]], "circle", 11) | {"cliponaxis": True},
        line("promised", PROMISED, right, rates, promised),
        line("product", CAME, right, rates, came),
        line("the step", PROMISED, right, [rate, rate], [-REACH, REACH]) | {"hoverinfo": "skip", "hovertemplate": None},
    ]
    traces[-1]["line"] = {"color": "ghost", "width": 2}
    del traces[-1]["meta"]["label"]
    y_axis = {"range": [-REACH, REACH], "nticks": 7}
    parts = [
        left.layout("factors", "decrease kept, of promised", {"range": [factors[0], factors[-1]]}, y_axis),
        right.layout("step length", "product, 1 before the step", {"range": [0, rates[-1]], "nticks": 5}, y_axis),
    ]
    return together(traces, parts)
