"""Where each nonlinearity is nearly flat: one row a word, which every floor reads and which needs no torch.

Nearly flat means: the slope is less than 0.19 of the steepest. That is the
usual rule for the two activations that have one, sigmoid outputs below 0.05 or
above 0.95 and tanh outputs beyond 0.9 either way, carried over to the others.
Each is flat below one input, above another, or both.
"""

from __future__ import annotations

import math
from typing import NamedTuple

FLAT_SLOPE, NEARLY_ALL = 0.19, 0.95


class Flat(NamedTuple):
    """The inputs at which an activation is nearly flat, and the share of them that makes a unit dead.

    A dead unit is flat on the whole probe; sigmoid and tanh units on more than 95% of it.
    """

    low: float = -math.inf  # flat at and below
    high: float = math.inf  # flat at and above
    dead: float = 1.0  # a unit is dead when at least this share of its inputs is flat


FLAT: dict[str, Flat] = {
    "sigmoid": Flat(-math.log(19), math.log(19), NEARLY_ALL),  # outputs below 0.05 or above 0.95
    "tanh": Flat(-math.atanh(0.9), math.atanh(0.9), NEARLY_ALL),  # outputs beyond 0.9
    "relu": Flat(low=0.0),  # slope 0: such a unit learns nothing, until the layers below move its inputs
    "leaky_relu": Flat(low=0.0),  # slope 0.01: it learns a hundred times slower
    "elu": Flat(low=math.log(FLAT_SLOPE)),  # slope e^x
    "gelu": Flat(low=-0.4107),
    "silu": Flat(low=-0.6661),
    "identity": Flat(),
}
"""Word of an activation to where it is flat; a line is nowhere."""
