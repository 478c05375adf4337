"""A gradient as a velocity: where it says that the output will be after a step, and where the output is."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.benches import motion
from bnviz.charts.panels import Numbers
from bnviz.lessons.arithmetic.products import Step, step
from bnviz.ui.benches.pieces import figure, table, text
from bnviz.wording import word

KEY = "bench.velocity"
START = 1.0


@st.fragment
def show() -> None:
    """Sliders for the layers and the time; the way of a product of weights beside that of a gamma behind BN."""
    left, right = st.columns(2, gap="large")
    layers: int = left.slider("Layers l", 1, 20, 5, key=f"{KEY}.layers")
    time: float = right.slider("Time t (length of the step)", 0.05, 0.5, 0.2, 0.05, key=f"{KEY}.time")
    product, gamma = step(layers, START, time), step(1, START, time)
    times = np.linspace(0, 2 * time, 81)
    ways: dict[str, Numbers] = {
        word("velocity"): START + product.velocity * times,
        word("product"): [step(layers, START, each).after for each in times],
        "γ, BN": [step(1, START, each).after for each in times],
    }
    figure(motion(times, ways, time), f"{KEY}.figure")
    table({
        "quantity": ["velocity", "acceleration", "y that the velocity promises", "y that comes"],
        "y = x · w₁ · … · wₗ": _described(product), "behind BN, y = γ x̂": _described(gamma),
    })  # fmt: skip
    st.caption(
        "y is the output for x = 1, the mini-batch −1 and 1; it is to become smaller. Every weight and γ are 1, no "
        "nonlinearity, and all that can be learned takes one step down the gradient. Behind BN x̂ is 1 for this example "
        "whatever the weights are, as long as their product keeps its sign: their gradients are 0, γ alone moves."
    )


def _described(made: Step) -> list[str]:
    return [text(value) for value in (made.velocity, made.acceleration, made.before + made.promised, made.after)]
