"""The colours of a map: for every quantity of a trained network its scale, viridis, and what has no place on it.

Nothing here knows an arm, an axis or a page; the figure that stands still and
the canvas of the map page both take their colours from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

VIRIDIS = (
    "#440154", "#482878", "#3E4A89", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725",
)  # fmt: skip
"""From dark to bright, as evenly to the eye in grey as in colour."""

WITHOUT_A_PLACE = ("#C9C3B8", "#4A505A")
"""The quiet colour, light and dark, of a network that has no place on the scale: it diverged, or did not."""

SPIKES = 0.02
"""The share of values at either end that lie beyond the scale, so that one network does not take all colours."""


@dataclass(frozen=True)
class Shade:
    """How a quantity becomes a colour: the title of the scale, whether it counts in powers of ten, which end shines.

    ``bright_low`` is for quantities of which less is better; ``ends`` are fixed limits.
    """

    title: str
    log: bool = False
    bright_low: bool = False
    ends: tuple[float, float] | None = None
    percent: bool = False

    @property
    def stops(self) -> tuple[str, ...]:
        """The colours from the low end of the scale to the high one."""
        return VIRIDIS[::-1] if self.bright_low else VIRIDIS

    def limits(self, values: Iterable[float] | np.ndarray) -> tuple[float, float]:
        """The ends of the scale: fixed ones, or round numbers around all values but the farthest."""
        if self.ends:
            return self.ends
        known = np.fromiter(values, float) if not isinstance(values, np.ndarray) else values
        known = np.sort(known[np.isfinite(known) & ((known > 0) | (not self.log))])
        if not len(known):
            return (1e-2, 1.0) if self.log else (0.0, 1.0)
        last = len(known) - 1
        low, high = float(known[round(SPIKES * last)]), float(known[round((1 - SPIKES) * last)])
        if self.log:
            powers = math.floor(2 * math.log10(low)) / 2, math.ceil(2 * math.log10(high)) / 2
            return 10.0 ** powers[0], 10.0 ** max(powers[1], powers[0] + 0.5)
        return min(0.0, low), high if high > min(0.0, low) else min(0.0, low) + 1.0


SHADES: dict[str, Shade] = {
    "test_accuracy": Shade("test accuracy, % of examples", ends=(0.0, 1.0), percent=True),
    "test_loss": Shade("test loss, nats, log", log=True, bright_low=True),
    "train_loss": Shade("training loss, nats, log", log=True, bright_low=True),
    "diverged_at": Shade("step of divergence, log", log=True),
    "gradient_norm": Shade("gradient norm, mean of the layers, log", log=True),
    "distribution_shift": Shade("distribution shift, mean of the layers, log", log=True),
}
"""What a map or a sweep can show of a trained network."""


def shade_of(quantity: str) -> Shade:
    """The row of ``SHADES``. Raises ValueError with the allowed names."""
    if quantity not in SHADES:
        raise ValueError(f"quantity was {quantity!r:.60}; allowed are {', '.join(SHADES)}.")
    return SHADES[quantity]
