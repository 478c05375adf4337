"""Batch normalization written out for reading, forward and backward, as in the paper that introduced it.

Training takes the fused kernel (``normalizations.py``); this is the same
arithmetic, one line a formula, and tests hold both to PyTorch's.

The conventions, which are PyTorch's: the variance that normalizes is biased
(divided by m), the variance that is kept for eval mode is unbiased (divided by
m - 1), and ``momentum`` weighs the *new* value.

Everything is ``(examples, features)``; gamma, beta and the statistics are
``(features,)``. Source: Ioffe & Szegedy 2015, algorithms 1 and 2, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from bnviz.engine.trace import Running


@dataclass(frozen=True)
class Forward:
    """What algorithm 1 computes on its way, in the order of the paper."""

    centred: Tensor  # x - mean
    batch_mean: Tensor
    batch_var: Tensor  # biased
    deviation: Tensor  # sqrt(var + eps)
    normalized: Tensor  # x-hat
    output: Tensor  # y


@dataclass(frozen=True)
class Gradients:
    """How the loss changes with the input, with gamma and with beta."""

    x: Tensor
    gamma: Tensor
    beta: Tensor


def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5) -> Forward:
    """Subtract each feature's mean over the mini-batch, divide by its deviation, then scale and shift.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``. The output has mean
    ``beta`` and variance ``gamma^2 * var / (var + eps)`` whatever x was. A
    mini-batch of one gives ``beta``, a mini-batch of two keeps only which
    of the two was larger.

    Source: Ioffe & Szegedy 2015, algorithm 1.
    """
    rounded = x.mean(0)
    batch_mean = rounded + (x - rounded).mean(0)  # of equal values exactly theirs
    centred = x - batch_mean
    batch_var = (centred**2).mean(0)
    deviation = (batch_var + eps).sqrt()
    normalized = centred / deviation
    return Forward(centred, batch_mean, batch_var, deviation, normalized, gamma * normalized + beta)


def batch_norm_backward(d_output: Tensor, forward: Forward, gamma: Tensor) -> Gradients:
    """The chain rule back through ``batch_norm``, and so through the mean and the variance themselves.

    Every example moved the statistics, so every example's gradient reaches
    every other's: the columns of ``dx`` add up to 0. Treating mean and
    variance as constants instead would let biases grow for ever.

    Source: Ioffe & Szegedy 2015, section 3, the six lines before algorithm 2.
    """
    m = d_output.shape[0]
    centred, deviation = forward.centred, forward.deviation
    d_normalized = d_output * gamma
    d_var = (d_normalized * centred).sum(0) * -0.5 / deviation**3
    d_mean = -(d_normalized / deviation).sum(0) + d_var * (-2 * centred).sum(0) / m
    d_x = d_normalized / deviation + d_var * 2 * centred / m + d_mean / m
    return Gradients(d_x, (d_output * forward.normalized).sum(0), d_output.sum(0))


def update_running(running: Running, forward: Forward, momentum: float = 0.1) -> Running:
    """The moving averages after one more mini-batch: ``(1 - momentum) * old + momentum * new``.

    No gradient flows into them: a running mean that kept its graph would grow for ever.

    Raises:
        ValueError: a mini-batch of one example, which has no unbiased variance.
    """
    m = forward.normalized.shape[0]
    if m < 2:
        raise ValueError("The mini-batch had 1 example; its unbiased variance divides by m - 1 = 0: take 2 or more.")
    return Running(
        (1 - momentum) * running.mean + momentum * forward.batch_mean.detach(),
        (1 - momentum) * running.var + momentum * forward.batch_var.detach() * m / (m - 1),
    )


def batch_norm_eval(
    x: Tensor, running: Running, gamma: Tensor, beta: Tensor, eps: float = 1e-5
) -> Tensor:
    """Eval mode: the same line with the moving averages, so that an example no longer depends on its batch mates.

    Source: Ioffe & Szegedy 2015, algorithm 2, step 11.
    """
    return gamma * (x - running.mean) / (running.var + eps).sqrt() + beta
