"""Where a nonlinearity is nearly flat, so that almost no gradient passes through it.

Nearly flat means: the slope is less than 0.19 of the steepest. That is the
usual rule for the two activations that have one, sigmoid outputs below 0.05
or above 0.95 and tanh outputs beyond 0.9 either way, carried over to the
others. Every activation here is flat below one input, above another, or both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

FLAT_SLOPE = 0.19


@dataclass(frozen=True)
class Flat:
    """The inputs at which an activation is flat, and the share of the probe that makes a unit flat there dead."""

    low: float = -math.inf  # flat at and below
    high: float = math.inf  # flat at and above
    dead: float = 1.0  # a unit is dead when at least this share of its inputs is flat


NEARLY_ALL = 0.95

FLAT: dict[str, Flat] = {
    "sigmoid": Flat(-math.log(19), math.log(19), NEARLY_ALL),  # outputs below 0.05 or above 0.95
    "tanh": Flat(-math.atanh(0.9), math.atanh(0.9), NEARLY_ALL),  # outputs beyond 0.9
    "relu": Flat(low=0.0),  # slope 0: such a unit cannot come back
    "leaky_relu": Flat(low=0.0),  # slope 0.01: it learns a hundred times slower
    "elu": Flat(low=math.log(FLAT_SLOPE)),  # slope e^x
    "gelu": Flat(low=-0.4107),
    "silu": Flat(low=-0.6661),
    "identity": Flat(),
}
"""Word to rule. A dead unit is flat on the whole probe; sigmoid and tanh units on more than 95% of it."""


def flat_share(activation: str, inputs: Tensor) -> Tensor:
    """For every unit the share of examples at which it is flat: ``(..., units, examples)`` to ``(..., units)``."""
    flat = FLAT[activation]
    if math.isinf(flat.low):
        return torch.zeros(inputs.shape[:-1])
    size, edge = (inputs.abs(), flat.high) if math.isfinite(flat.high) else (-inputs, -flat.low)
    return torch.ge(size, edge, out=torch.empty_like(size)).mean(-1)


def dead(activation: str, share: Tensor) -> Tensor:
    """Which units no longer learn, given their ``flat_share``: 1 or 0 each."""
    limit = FLAT[activation].dead
    return (share >= 1.0 if limit == 1.0 else share > limit).float()
