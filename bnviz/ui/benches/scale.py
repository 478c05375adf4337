"""One unit whose weights are made a times as long: its output, its gradient, and where epsilon ends the law."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.transform import scale_law
from bnviz.lessons.arithmetic.mini_batch import scaled
from bnviz.ui.benches.pieces import epsilon, figure, table, text

KEY = "bench.scale"
SCALES = tuple(10.0**power for power in range(-3, 4))
CURVE = np.geomspace(1e-3, 1e3, 61)
EXAMPLES, INPUTS = 64, 16


@st.fragment
def show() -> None:
    """Sliders for a and epsilon; the gradient over a beside 1/a, and the numbers at this a."""
    left, right = st.columns(2, gap="large")
    with left:
        scale: float = st.select_slider("Scale a of the weights", SCALES, 1.0, key=f"{KEY}.a", format_func=text)
    with right:
        eps = epsilon(f"{KEY}.eps")
    generator = np.random.default_rng(0)
    weights = generator.normal(size=INPUTS) / INPUTS**0.5
    unit = generator.normal(size=(EXAMPLES, INPUTS)), weights, generator.normal(size=EXAMPLES)
    here = scaled(*unit, scale, eps)
    ratios = [scaled(*unit, each, eps).weight_gradient for each in CURVE]
    figure(scale_law(CURVE, ratios, scale, here.weight_gradient), f"{KEY}.figure")
    table({
        "quantity": ["largest change of the output", "length of the gradient, 1 at a = 1", "1/a",
             "cosine of the weights and their gradient"],
        "value": [text(here.output_change), text(here.weight_gradient), text(1 / scale), text(here.cosine)],
    })  # fmt: skip
    st.caption(f"A unit with {INPUTS} random weights on a mini-batch of {EXAMPLES} random examples.")
