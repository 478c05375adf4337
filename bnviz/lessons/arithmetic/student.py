"""Student's t: how many standard errors hold the mean of a few values. A closed form, so that no page loads a library
of statistics for one number."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin, sqrt, tan

HALVINGS = 60
"""So often the interval in which the angle lies is halved: down to the last bit."""


@lru_cache
def quantile(freedom: int, confidence: float) -> float:
    """The t within which a variable of so many degrees of freedom lies, on both sides, with this probability.

    Source: Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
    """
    low, high = 0.0, pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(freedom, middle) < confidence else (low, middle)
    return sqrt(freedom) * tan(low)


def _within(freedom: int, angle: float) -> float:
    """How often it lies within the t whose angle this is: t = sqrt(freedom) tan(angle)."""
    odd = freedom % 2
    term, series = cos(angle) ** odd, 0.0
    for power in range(odd, freedom - 1, 2):
        series += term
        term *= (power + 1) / (power + 2) * cos(angle) ** 2
    whole = sin(angle) * series
    return 2 / pi * (angle + whole) if odd else whole
