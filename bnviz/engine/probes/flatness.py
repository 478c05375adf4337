"""Where a nonlinearity is nearly flat, so that almost no gradient passes through it.

Nearly flat means: the slope is less than 0.19 of the steepest. That is the
usual rule for the two activations that have one, sigmoid outputs below 0.05
or above 0.95 and tanh outputs beyond 0.9 either way, carried over to the
others. Every activation here is flat below one input, above another, or both
(``activations``). A dead unit is flat on the whole probe; sigmoid and tanh
units on more than 95% of it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS


def flat_share(activation: str, inputs: Tensor) -> Tensor:
    """For every unit the share of examples at which it is flat: ``(..., units, examples)`` to ``(..., units)``."""
    flat = ACTIVATIONS[activation].flat
    if math.isinf(flat.low):
        return torch.zeros(inputs.shape[:-1])
    size, edge = (inputs.abs(), flat.high) if math.isfinite(flat.high) else (-inputs, -flat.low)
    return torch.ge(size, edge, out=torch.empty_like(size)).mean(-1)


def dead(activation: str, share: Tensor) -> Tensor:
    """Which units no longer learn, given their ``flat_share``: 1 or 0 each."""
    limit = ACTIVATIONS[activation].flat.dead
    return (share >= 1.0 if limit == 1.0 else share > limit).float()
