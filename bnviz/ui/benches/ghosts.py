"""One mini-batch of real examples, parted into ghost batches: their means and deviations beside those of all."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.benches import ghosts
from bnviz.charts.transform import size_law
from bnviz.close_ups import close_up
from bnviz.lessons.arithmetic.mini_batch import ghost_noise, parted
from bnviz.ui.benches.pieces import figure, text

KEY = "bench.ghosts"
EXAMPLES, MINI_BATCHES = 64, 2000
SIZES = (2, 4, 8, 16, 32)


@st.fragment
def show() -> None:
    """Choose how large the ghost batches are, or take another mini-batch; how far their means scatter."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = st.segmented_control(
            "Examples in a ghost batch", SIZES, default=8, key=f"{KEY}.size", required=True, width="content"
        ) or SIZES[0]  # fmt: skip
        st.button("Another mini-batch", key=f"{KEY}.again", on_click=_draw_again)
    which = st.session_state.setdefault(f"{KEY}.which", 0)
    batches = mini_batches(close_up("ghosts")["x"].astype(float))
    chosen = batches[which % MINI_BATCHES]
    means, deviations = parted(chosen, size).mean(1), parted(chosen, size).std(1)
    figure(ghosts(chosen, size), f"{KEY}.figure")
    st.markdown(
        f"The means of the {len(means)} ghost batches lie between {text(means.min(), 3)} and {text(means.max(), 3)}, "
        f"that of all {EXAMPLES} examples is {text(chosen.mean(), 3)}; the deviations between "
        f"{text(deviations.min(), 3)} and {text(deviations.max(), 3)}, of all {text(chosen.std(), 3)}."
    )
    scatter, variances = ghost_noise(batches, SIZES)
    figure(size_law(SIZES, scatter, variances), f"{KEY}.law")
    st.caption(
        f"Over {MINI_BATCHES:,} mini-batches the means of ghost batches of {size} scatter by "
        f"{text(scatter[SIZES.index(size)], 3)} of the unit’s deviation; 1/√{size} is {text(size**-0.5, 3)}. Recorded: "
        "the first unit of the first layer, BN, three ReLU layers, 300 steps, seed 0; every dot is a training digit."
    )


@st.cache_data
def mini_batches(x: np.ndarray) -> np.ndarray:
    """So many times 64 of the examples, none twice in one, ``(mini-batches, 64)``."""
    generator = np.random.default_rng(0)
    return np.stack([generator.choice(x, EXAMPLES, replace=False) for _ in range(MINI_BATCHES)])


def _draw_again() -> None:
    st.session_state[f"{KEY}.which"] += 1
