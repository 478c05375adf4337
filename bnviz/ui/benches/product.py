"""A network of one unit a layer: how much of a gradient step's promise a product of weights keeps."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.benches import product
from bnviz.lessons.arithmetic.products import Step, step
from bnviz.ui.benches.pieces import figure, table, text

KEY = "bench.product"
MOST = 50


@st.fragment
def show() -> None:
    """Sliders for the number of factors, their value and the step; the promise beside what comes of it."""
    left, middle, right = st.columns(3, gap="large")
    factors = left.slider("Factors l (layers)", 1, MOST, 20, key=f"{KEY}.factors")
    weight = middle.slider("Each weight w", 0.8, 1.2, 1.0, 0.05, key=f"{KEY}.weight")
    rate = right.slider("Step length eps", 0.01, 0.3, 0.1, 0.01, key=f"{KEY}.rate")
    made, lengths = step(factors, weight, rate), np.linspace(0, 2 * rate, 81)
    way = [step(factors, weight, each) for each in lengths]
    came, promised = ([1 + change / made.before for change in changes] for changes in
                      ([each.change for each in way], [each.promised for each in way]))  # fmt: skip
    counts = [*range(1, MOST + 1)]
    kept = [step(count, weight, rate).kept for count in counts]
    figure(product(counts, kept, (factors, made.kept), lengths, came, promised, rate), f"{KEY}.figure")
    table({
        "quantity": ["product before the step", "promised change (first order)", "second order", "change that comes",
             "share of the promise kept"],
        "value": [text(value) for value in
                  (made.before, made.promised, made.orders[1] if factors > 1 else 0.0, made.change, made.kept)],
    })  # fmt: skip
    st.markdown(_finding(made))
    st.caption("y = w · w · … · w, input 1, no nonlinearity; every factor takes the step w − eps · dy/dw at once.")


def _finding(made: Step) -> str:
    """What became of the promise, in a sentence."""
    if made.change > 0:
        return "The slope points down, and the product *grows*: the terms of higher order outweigh the first."
    if made.kept > 1:
        return "The product falls by more than was promised."
    return f"The product falls, by {made.kept:.0%} of what the slope promised."
