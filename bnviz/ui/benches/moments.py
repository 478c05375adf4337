"""Four distributions that share mean and variance, and what a nonlinearity passes on of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from bnviz.charts.transform import passed_on
from bnviz.lessons.arithmetic.moments import QUANTILES, values
from bnviz.lessons.arithmetic.sigmoid import sigmoid
from bnviz.ui.benches.pieces import figure, table, text

KEY = "bench.moments"
SHOWN, COUNTED = 400, 20_000
"""So many values are drawn of each distribution; its mean and variance are those of more."""

NONLINEARITIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ReLU": lambda x: np.maximum(x, 0.0), "Sigmoid": sigmoid, "Tanh": np.tanh, "None": lambda x: x,
}  # fmt: skip


@st.fragment
def show() -> None:
    """Choose the nonlinearity: the distributions in front of it and behind, and their means and variances."""
    chosen = st.segmented_control(
        "Nonlinearity", list(NONLINEARITIES), default="ReLU", key=f"{KEY}.nonlinearity", required=True
    )
    nonlinearity = NONLINEARITIES[chosen]
    shown, counted = ({name: values(name, count) for name in QUANTILES} for count in (SHOWN, COUNTED))
    figure(passed_on(shown, {name: nonlinearity(x_hat) for name, x_hat in shown.items()}), f"{KEY}.figure")
    read = [(*_described(x_hat), *_described(nonlinearity(x_hat))) for x_hat in counted.values()]
    names = "mean of x̂", "its variance", "mean behind", "variance behind"
    table({"distribution": [*QUANTILES]} | dict(zip(names, map(list, zip(*read, strict=True)), strict=True)))
    st.caption(f"{SHOWN} values, spread evenly over each distribution; bars are means. The table has {COUNTED:,}.")


def _described(numbers: np.ndarray) -> list[str]:
    return [text(round(value, 9), 3) for value in (numbers.mean(), numbers.var())]
