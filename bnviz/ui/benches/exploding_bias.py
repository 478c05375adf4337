"""One bias in front of a mean that is subtracted: trained with the mean as a constant, and through the mean."""

from __future__ import annotations

import streamlit as st

from bnviz.charts.benches import drifts
from bnviz.lessons.arithmetic.drift import INPUTS, WANTED, drift
from bnviz.ui.benches.pieces import figure, table, text
from bnviz.wording import word, written

KEY = "bench.exploding_bias"
NAMES = {word("constant"): False, word("through"): True}
"""How the gradient takes the mean, as the lines are called, and whether it goes through it."""


@st.fragment
def show() -> None:
    """Sliders for the steps and the rate; both biases and both losses, step by step and at the end."""
    left, right = st.columns(2, gap="large")
    steps: int = left.slider("Steps", 50, 1000, 250, 50, key=f"{KEY}.steps")
    rate: float = right.select_slider("Learning rate", (0.01, 0.03, 0.1, 0.3), 0.1, key=f"{KEY}.rate")
    made = {name: drift(steps, rate, through) for name, through in NAMES.items()}
    figure(
        drifts({name: each.bias for name, each in made.items()}, {name: each.loss for name, each in made.items()}),
        f"{KEY}.figure",
    )
    table({
        "the gradient": ["takes the mean for a constant", "goes through the mean"],
        f"b after {steps:,} steps": [text(each.bias[-1]) for each in made.values()],
        "loss before": [text(each.loss[0]) for each in made.values()],
        "loss after": [text(each.loss[-1]) for each in made.values()],
    })  # fmt: skip
    inputs = ", ".join(written(value, "g") for value in INPUTS)
    st.caption(f"Inputs {inputs}; every target is {WANTED:g} more than the input less the mean. Squared error.")
