"""Where each nonlinearity is nearly flat: one row a word, which every floor reads and which needs no torch.

Nearly flat means: the slope is less than 0.19 of the steepest. That is the
usual rule for the two activations that have one, sigmoid outputs below 0.05 or
above 0.95 and tanh outputs beyond 0.9 either way, carried over to the others.
Each is flat below one input, above another, or both.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bnviz.own_functions import OwnActivation, WithOwn, at_hand

FLAT_SLOPE, NEARLY_ALL = 0.19, 0.95


class Flat(NamedTuple):
    """The inputs at which an activation is nearly flat, and the share of them that makes a unit dead.

    A dead unit is flat on the whole probe; sigmoid and tanh units on more than 95% of it.
    """

    low: float = -math.inf  # flat at and below
    high: float = math.inf  # flat at and above
    dead: float = 1.0  # a unit is dead when at least this share of its inputs is flat

    def spans(self, reach: float) -> list[tuple[float, float]]:
        """The flat parts of an axis that reaches so far to both sides of 0."""
        return [(-reach, self.low)] * math.isfinite(self.low) + [(self.high, reach)] * math.isfinite(self.high)


def measured(inputs: np.ndarray, slopes: np.ndarray) -> Flat:
    """Where a curve with these slopes is flat at its two ends; what is flat in between stays out of it."""
    steep = np.flatnonzero(np.abs(slopes) >= FLAT_SLOPE * np.abs(slopes).max())
    low = inputs[steep[0] - 1] if steep[0] else -math.inf
    high = inputs[steep[-1] + 1] if steep[-1] + 1 < len(inputs) else math.inf
    return Flat(float(low), float(high), NEARLY_ALL if math.isfinite(low) and math.isfinite(high) else 1.0)


def _own(word: str) -> Flat:
    part: OwnActivation | None = at_hand(word)
    return part.flat if part else Flat()


FLAT = WithOwn({
    "sigmoid": Flat(-math.log(19), math.log(19), NEARLY_ALL),  # outputs below 0.05 or above 0.95
    "tanh": Flat(-math.atanh(0.9), math.atanh(0.9), NEARLY_ALL),  # outputs beyond 0.9
    "relu": Flat(low=0.0),  # slope 0: such a unit learns nothing, until the layers below move its inputs
    "leaky_relu": Flat(low=0.0),  # slope 0.01: it learns a hundred times slower
    "elu": Flat(low=math.log(FLAT_SLOPE)),  # slope e^x
    "gelu": Flat(low=-0.4107),
    "silu": Flat(low=-0.6661),
    "identity": Flat(),
}, _own)  # fmt: skip
"""Word of an activation to where it is flat; a line is nowhere, and of a function of one's own that is not at hand
nobody knows."""
