"""The smallest network that fails when its normalization stands outside the gradient: one bias. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

INPUTS = (0.0, 2.0, 4.0, 6.0)
WANTED = 1.0
"""Every target lies this much above its input less the mean, which no bias in front of the mean can reach."""


@dataclass(frozen=True)
class Drift:
    """The bias and the loss before each step and after the last one, ``(steps + 1,)`` each."""

    bias: np.ndarray
    loss: np.ndarray


def drift(steps: int, rate: float, through_mean: bool) -> Drift:
    """Train ``x = u + b``, ``x_hat = x - mean(x)`` on the squared error, by gradient descent on b.

    With ``through_mean`` the gradient knows that the mean contains b, and is
    0: b cannot change x-hat. Without, it takes the mean for a constant, and b
    takes a step of ``2 * rate * WANTED`` for ever, while x-hat and the loss,
    ``WANTED ** 2``, stay as they are.

    Source: Ioffe & Szegedy 2015, section 2.
    """
    inputs = np.array(INPUTS)
    targets = inputs - inputs.mean() + WANTED
    bias, biases, losses = 0.0, [], []
    for _ in range(steps + 1):
        x = inputs + bias
        error = x - x.mean() - targets
        biases.append(bias)
        losses.append(np.square(error).mean())
        upstream = 2 * error / len(error)
        bias -= rate * float((upstream - upstream.mean() if through_mean else upstream).sum())
    return Drift(np.array(biases), np.array(losses))
