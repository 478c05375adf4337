"""A product of weights and one gradient step on all of them at once: what was promised, and what came, order by order.

For a demonstration whose numbers a reader changes by hand: a network of one
unit a layer, without nonlinearity, on the input 1. Knows no training and no chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np


@dataclass(frozen=True)
class Step:
    """One step down the gradient of a product. ``orders`` add up to ``change``; the first is what a gradient sees."""

    before: float
    change: float
    orders: np.ndarray
    rate: float

    @property
    def after(self) -> float:
        """The product behind the step."""
        return self.before + self.change

    @property
    def velocity(self) -> float:
        """How fast the product changes as the step begins, in its length: ``-||g||^2``."""
        return self.promised / self.rate

    @property
    def acceleration(self) -> float:
        """How fast that velocity changes then: 0 for a single factor."""
        return float(self.orders[1:2].sum()) * 2 / self.rate**2

    @property
    def promised(self) -> float:
        """The change to first order: ``-eps ||g||^2``."""
        return float(self.orders[0])

    @property
    def kept(self) -> float:
        """The change as a share of the promised one: 1 is exact, below 0 the product grows instead."""
        return self.change / self.promised


def step(factors: int, weight: float, rate: float) -> Step:
    """Make ``y = w * w * ... * w`` smaller by one gradient step of length ``rate`` on each factor.

    Every factor has the gradient ``g = w^(l - 1)``, so that ``y`` becomes
    ``(w - rate g)^l``; the term of order k is ``C(l, k) w^(l - k) (-rate g)^k``.

    Source: Goodfellow, Bengio & Courville 2016, section 8.7.1.
    """
    gradient = weight ** (factors - 1)
    moved = -rate * gradient
    orders = [comb(factors, k) * weight ** (factors - k) * moved**k for k in range(1, factors + 1)]
    return Step(weight**factors, (weight + moved) ** factors - weight**factors, np.array(orders), rate)
