"""Distributions of mean 0 and variance 1 that differ in everything else. Knows no training and no chart."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist

import numpy as np

from bnviz.lessons.arithmetic.mini_batch import transform
from bnviz.wording import word

QUANTILES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "Gaussian": lambda share: np.array([NormalDist().inv_cdf(each) for each in share]),
    "two points": lambda share: np.where(share < 0.5, -1.0, 1.0),
    word("uniform"): lambda share: sqrt(3) * (2 * share - 1),
    word("exponential"): lambda share: -np.log1p(-share) - 1,
}
"""A distribution's name to the number below which a share of it lies; the exponential one is shifted by its mean."""


def values(name: str, count: int) -> np.ndarray:
    """So many values, evenly spread over the distribution, that have mean 0 and variance 1 to the last digits.

    ``x-hat`` of the quantiles at 1/2, 3/2, ... of ``count``: no chance is in them.
    """
    return transform(QUANTILES[name]((np.arange(count) + 0.5) / count), eps=0.0).normalized
