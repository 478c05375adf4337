"""How much the mean and the variance of a mini-batch depend on which examples are in it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.transform import size_law
from bnviz.lessons.arithmetic.mini_batch import batch_noise
from bnviz.ui.benches.pieces import WIDTH, figure
from bnviz.wording import written

KEY = "bench.size"
SIZES = (2, 4, 8, 16, 32, 64, 128)
DRAWS = (10, 100, 1000, 10_000)


@st.fragment
def show() -> None:
    """Draw mini-batches of every size and compare their statistics with the laws."""
    draws = st.select_slider(
        "Mini-batches of each size", DRAWS, 100, key=f"{KEY}.draws", format_func=lambda draws: written(draws, ","),
        width=WIDTH,
    )  # fmt: skip
    means, variances = batch_noise(SIZES, draws, np.random.default_rng(0))
    figure(size_law(SIZES, means, variances), f"{KEY}.figure")
    st.caption(
        f"{draws:,} mini-batches of each size from a normal distribution of variance 1. The laws are 1/√m for the "
        "spread of the mean and (m − 1)/m for the biased variance."
    )
