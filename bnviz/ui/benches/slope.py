"""A sigmoid and its slope, and what several slopes leave of a gradient."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.benches import slopes
from bnviz.lessons.arithmetic.sigmoid import left, sigmoid, slope
from bnviz.ui.benches.pieces import WIDTH, figure, table, text

KEY = "bench.slope"
INPUTS = np.linspace(-8, 8, 161)


@st.fragment
def show() -> None:
    """Sliders for x and for the number of layers; the curve, its slope, and what is left of a gradient."""
    first, second = st.columns(2, gap="large")
    with first:
        x = st.slider("Input x of the sigmoid", -8.0, 8.0, 2.0, 0.5, key=f"{KEY}.x", width=WIDTH)
    with second:
        layers = st.slider("Sigmoid layers", 1, 20, 5, key=f"{KEY}.layers", width=WIDTH)
    figure(slopes(INPUTS, sigmoid(INPUTS), slope(INPUTS), (x, float(slope(x)))), f"{KEY}.figure")
    table({
        "quantity": ["sigmoid at x", "slope at x", f"left of a gradient after {layers} of them",
                     "at most, all of them at 0"],
        "value": [text(sigmoid(x)), text(slope(x)), text(left(x, layers)), text(left(0.0, layers))],
    })  # fmt: skip
    st.caption("Weights aside: they can make up for it, which is what a larger start does.")
