"""The gamma and beta that undo the normalization of one mini-batch, tried on another."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.transform import stages
from bnviz.lessons.arithmetic.mini_batch import Transform, transform, undoing
from bnviz.ui.benches.pieces import WIDTH, figure, text

KEY = "bench.recovery"
SIZES = (2, 4, 8, 16, 32, 64)
MEAN, DEVIATION = 5.0, 3.0
OTHERS = 1000


@st.fragment
def show() -> None:
    """Two mini-batches of one distribution through the same gamma and beta, which were made for the first."""
    size = st.select_slider("Examples in a mini-batch", SIZES, 16, key=f"{KEY}.size", width=WIDTH)
    draw = st.session_state.setdefault(f"{KEY}.draw", 0)
    generator = np.random.default_rng(draw)
    one, other = generator.normal(MEAN, DEVIATION, (2, size))
    gamma, beta = undoing(transform(one))
    others = transform(generator.normal(MEAN, DEVIATION, (size, OTHERS)), gamma, beta)
    places = {"The mini-batch they were made for": one, "Another mini-batch of the same distribution": other}
    for column, (name, batch) in zip(st.columns(2, gap="large"), places.items(), strict=True):
        made = transform(batch, gamma, beta)
        with column:
            st.markdown(f"**{name}**")
            figure(stages({"x": made.x, "y": made.output}), f"{KEY}.{name}")
            st.markdown(f"Mean {text(made.batch_mean)}, deviation {text(made.deviation)}.  \n{_distance(made)}")
    st.markdown(f"Over {OTHERS:,} other mini-batches. {_distance(others)}")
    st.caption(
        f"gamma = √(var + eps) = {text(gamma)}, beta = mean = {text(beta)}, of the left mini-batch. Both come from a "
        f"normal distribution with mean {MEAN:g} and deviation {DEVIATION:g}, draw {draw + 1}."
    )
    st.button("Draw both again", key=f"{KEY}.again", on_click=_draw_again)


def _distance(made: Transform) -> str:
    return f"Mean distance of y from x: **{text(np.abs(made.output - made.x).mean())}**."


def _draw_again() -> None:
    st.session_state[f"{KEY}.draw"] += 1
