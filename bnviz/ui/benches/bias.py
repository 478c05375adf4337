"""A bias in front of the normalization: how far it moves what it is added to, and what comes out."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.transform import stages
from bnviz.lessons.arithmetic.mini_batch import back, transform
from bnviz.ui.benches.pieces import WIDTH, figure, table, text

KEY = "bench.bias"


@st.fragment
def show() -> None:
    """A slider for the bias, the mini-batch with it before and after the mean is subtracted, and its gradient."""
    bias = st.slider("Bias b", -20.0, 20.0, 5.0, 0.5, key=f"{KEY}.b", width=WIDTH)
    pre_activations, upstream = np.random.default_rng(1).normal(0.0, 2.0, (2, 8))
    plain, made = transform(pre_activations), transform(pre_activations + bias)
    columns = {"x": made.x, "x − mean": made.centred, "x̂": made.normalized}
    figure(stages(columns, {"x": "x + b", "x − mean": "minus its mean"}), f"{KEY}.figure")
    table({
        "quantity": ["mean of x + b", "largest change of x̂ against b = 0", "gradient in b: the sum of dx"],
        "value": [text(made.batch_mean), text(np.abs(made.output - plain.output).max()),
                  text(back(upstream, made).sum())],
    })  # fmt: skip
    st.caption("Eight random numbers as x, eight more as the gradient that arrives at the output.")
