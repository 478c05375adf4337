"""One unit of a network that is trained in view, its real mini-batch on the way through the transform."""

from __future__ import annotations

import streamlit as st

from bnviz.study import Study
from bnviz.ui.study import show_study
from bnviz.wording import written

KEY = "bench.one_unit"
STEPS = (0, 50, 100, 200, 500, 1000, 2000, 3000)


def show() -> None:
    """Choose when to stop, and whom to follow; the study trains that far and shows the mini-batch."""
    allowed = Study("one_unit").words.arguments
    first, second, third = st.columns(3, gap="large")
    step = first.select_slider("Step", STEPS, 500, key=f"{KEY}.step", format_func=lambda step: written(step, ","))
    layer, unit = (
        column.number_input(
            allowed[name].label, int(allowed[name].low), int(allowed[name].high), value, key=f"{KEY}.{name}",
            help=allowed[name].meaning,
        )
        for column, name, value in ((second, "layer", 3), (third, "unit", 1))
    )  # fmt: skip
    show_study(Study("one_unit", step=step, layer=layer, unit=unit))
