"""One example in mini-batches of every size, each time with other mates: how much of its x-hat is its own."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.benches import company
from bnviz.lessons.arithmetic.mini_batch import among_mates
from bnviz.ui.benches.pieces import WIDTH, figure, table, text

KEY = "bench.noise"
SIZES = (1, 2, 4, 8, 16, 64, 256)
DRAWS = 100


@st.fragment
def show() -> None:
    """A slider for the example's value; a hundred mini-batches of each size, and another hundred on request."""
    value = st.slider("Value of the example", -3.0, 3.0, 1.5, 0.1, key=f"{KEY}.value", width=WIDTH)
    seed = st.session_state.setdefault(f"{KEY}.seed", 0)
    generator = np.random.default_rng(seed)
    found = {size: among_mates(value, size, DRAWS, generator) for size in SIZES}
    figure(company(found, value), f"{KEY}.figure")
    table({
        "examples in the mini-batch": [*map(str, SIZES)],
        "mean of x̂": [text(x_hats.mean(), 3) for x_hats in found.values()],
        "deviation of x̂": [text(x_hats.std(), 3) for x_hats in found.values()],
    })  # fmt: skip
    st.caption(
        f"{DRAWS} mini-batches of each size; the mates come from a normal distribution of mean 0 and variance 1, "
        f"seed {seed}."
    )
    st.button("Other mates", key=f"{KEY}.again", on_click=_draw_again)


def _draw_again() -> None:
    st.session_state[f"{KEY}.seed"] += 1
