"""Distributions with a shape of their own, before and after: what a shift and a scale cannot change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from bnviz.charts.transform import pairs, shapes
from bnviz.lessons.arithmetic.mini_batch import correlation, kurtosis, skew, transform
from bnviz.ui.benches.pieces import figure, table, text
from bnviz.wording import word

KEY = "bench.shapes"
EXAMPLES = 2000


def _skewed(generator: np.random.Generator) -> np.ndarray:
    return generator.exponential(2.0, EXAMPLES)


def _two_humps(generator: np.random.Generator) -> np.ndarray:
    humps = generator.choice([-3.0, 2.0], EXAMPLES, p=[0.3, 0.7])
    return np.asarray(humps + 0.7 * generator.standard_normal(EXAMPLES) + 4)


def _correlated(generator: np.random.Generator) -> np.ndarray:
    covariance = [[4.0, 1.8], [1.8, 1.0]]
    return generator.multivariate_normal([6.0, -2.0], covariance, EXAMPLES)


SHAPES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "Skewed": _skewed, "Two humps": _two_humps, "A correlated pair": _correlated,
}  # fmt: skip


@st.fragment
def show() -> None:
    """One of the shapes through the transform: its figure, and the numbers that say how much of the shape is left."""
    chosen = st.segmented_control("Shape", list(SHAPES), default="Skewed", key=f"{KEY}.shape", required=True)
    made = transform(SHAPES[chosen](np.random.default_rng(0)))
    paired = made.x.ndim == 2
    figure((pairs if paired else shapes)(made.x, made.normalized), f"{KEY}.{chosen}")
    described = _of_two if paired else _of_one
    before, after = described(made.x), described(made.normalized)
    table({"property": [*before], "x": _texts(before), "x̂": _texts(after)})
    st.caption(f"{EXAMPLES:,} random numbers, the same each time. The normalization has no gamma and beta here.")


def _of_one(values: np.ndarray) -> dict[str, float]:
    return {
        word("mean"): values.mean(), word("variance"): values.var(), word("skew"): skew(values),
        "kurtosis (3 in a normal curve)": kurtosis(values),
    }  # fmt: skip


def _of_two(values: np.ndarray) -> dict[str, float]:
    (first_mean, second_mean), (first_var, second_var) = values.mean(0), values.var(0)
    return {
        "mean of the first": first_mean, "mean of the second": second_mean, "variance of the first": first_var,
        "variance of the second": second_var, word("correlation"): correlation(*values.T),
    }  # fmt: skip


def _texts(described: dict[str, float]) -> list[str]:
    return [text(round(value, 9)) for value in described.values()]
