"""The nonlinearities as curves, for pictures: word to function of an array. The engine trains with its own."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from bnviz.own_functions import OwnActivation, WithOwn, at_hand

Curve = Callable[[np.ndarray], np.ndarray]

_erf = np.vectorize(math.erf)


def _own(word: str) -> Curve:
    """Of a function of one's own that is not at hand nobody knows the curve: it is NaN, and nothing is drawn."""
    part: OwnActivation | None = at_hand(word)
    return part.curve if part else lambda x: np.full_like(x, np.nan)


NONLINEARITIES = WithOwn[Curve]({
    "sigmoid": lambda x: 0.5 + 0.5 * np.tanh(x / 2),
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0.0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0.0))),
    "gelu": lambda x: x * (1 + _erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x * (0.5 + 0.5 * np.tanh(x / 2)),
    "identity": lambda x: x,
}, _own)  # fmt: skip


def slope_of(curve: Curve) -> Curve:
    """Its slope, between neighbours so near each other that a picture shows no difference."""
    return lambda x: (curve(x + 1e-5) - curve(x - 1e-5)) / 2e-5
