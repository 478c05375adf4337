"""An axis for a few numbers: round ends that hold all of them, and where each stands on it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

WIDE = 50
"""An axis whose largest value is so many times its smallest counts in powers of ten."""

PARTS = 4
"""An axis has about so many parts between its ticks."""

ROUND = (1, 2, 2.5, 5, 10)
"""What the distance of two ticks may be, times a power of ten."""

ROUNDED = 1e-9


@dataclass(frozen=True)
class Scale:
    """The ticks of an axis, which begins and ends with one; ``powers``: it counts in powers of ten."""

    ticks: tuple[float, ...]
    powers: bool = False

    def place(self, value: float) -> float:
        """How far along the axis a value stands, in percent."""
        low, high, here = (math.log10(each) if self.powers else each for each in (*self._ends, value))
        return round(100 * (here - low) / (high - low), 2)

    @property
    def _ends(self) -> tuple[float, float]:
        return self.ticks[0], self.ticks[-1]


def scale_for(values: Iterable[float]) -> Scale:
    """An axis that holds all of these that are finite; from 0 to 1 where none is."""
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if low > 0 and high / low > WIDE:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        every = math.ceil((last - first) / PARTS)
        first = last - every * math.ceil((last - first) / every)
        return Scale(tuple(10.0**power for power in range(first, last + 1, every)), powers=True)
    largest = max(abs(low), abs(high))
    part = (high - low if high - low > ROUNDED * largest else largest or 1.0) / PARTS
    power = 10.0 ** math.floor(math.log10(part))
    size = next(power * each for each in ROUND if power * each >= part * (1 - ROUNDED))
    first, last = math.floor(low / size + ROUNDED), math.ceil(high / size - ROUNDED)
    return Scale(tuple(size * each for each in range(first, max(last, first + 1) + 1)))
