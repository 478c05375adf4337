"""The normalizations: one word, one function, written for reading and for autograd.

Conventions, said once, and the same as PyTorch's: the variance that
normalizes is biased (divided by m), the running variance is unbiased (divided
by m - 1), and ``momentum`` weighs the *new* value. gamma and beta are learned
per unit. Signals are ``(runs, features, examples)``.

Those of the batch subtract each unit's mean over the mini-batch and divide by
a scale taken there; its square stands where the variance stands, so that all
of them share the running statistics and eval mode. Nothing here draws a
number (``chance``) or changes running statistics (``autograd_gradients``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from bnviz.engine.own_normalization import over_runs
from bnviz.engine.trace import Running
from bnviz.own_functions import OwnNormalization, WithOwn, called, is_of_the_batch, needed
from bnviz.run import Run


@dataclass(frozen=True)
class Normalized:
    """x-hat and, where they were taken over the batch, the statistics it was made with, ``(runs, features, parts)``."""

    x_hat: Tensor
    mean: Tensor | None = None
    var: Tensor | None = None


Normalize = Callable[[Tensor, Run, Running | None], Normalized]


def batch(x: Tensor, run: Run, running: Running | None) -> Normalized:
    """Each unit minus its mean, over its deviation, across the mini-batch.

    ``x_hat = (x - mean) / sqrt(var + eps)`` with the statistics of this
    mini-batch, or, where ``running`` is given (eval mode), with the running
    ones.

    Source: Ioffe & Szegedy 2015, algorithm 1.
    """
    if running is None and run.eps:  # PyTorch's kernel refuses an eps of 0, and takes no mean twice
        return fused(x, run.eps, ghosts(run, x.shape[2]))
    return standardized(x, run, running or statistics(x, run, mean_square))


def l1(x: Tensor, run: Run, running: Running | None) -> Normalized:
    """Batch normalization by the mean distance from the mean, which needs no squares.

    ``scale = sqrt(pi / 2) mean|x - mean|``, the deviation where x is Gaussian.

    Source: Hoffer et al. 2018, section 4.1.
    """
    return standardized(x, run, running or statistics(x, run, mean_size_squared))


def linf(x: Tensor, run: Run, running: Running | None) -> Normalized:
    """Batch normalization by the largest distance from the mean.

    ``scale = max|x - mean| / sqrt(2 ln m)`` over m examples, about the
    deviation where x is Gaussian.

    Source: Hoffer et al. 2018, section 4.2.
    """
    return standardized(x, run, running or statistics(x, run, largest_square))


def detached(x: Tensor, run: Run, running: Running | None) -> Normalized:
    """Batch normalization whose gradient takes mean and variance for constants, as if they did not depend on x.

    The same numbers forward; backward, two of three terms are missing.

    Source: Ioffe & Szegedy 2015, section 2, on what goes wrong then.
    """
    return standardized(x, run, running or statistics(x.detach(), run, mean_square))


def layer(x: Tensor, run: Run, running: Running | None) -> Normalized:
    """Each example minus its mean over the units, over its deviation; the same in train and eval mode.

    Source: Ba, Kiros & Hinton 2016, section 3.
    """
    centred = x - mean(x, 1, run.eps)
    return Normalized(centred * torch.rsqrt(centred.square().mean(1, keepdim=True) + run.eps))


def group(x: Tensor, run: Run, running: Running | None) -> Normalized:
    """Layer normalization of each group of an example's units by itself.

    Source: Wu & He 2018, section 3.
    """
    groups = x.reshape(-1, x.shape[1] // run.groups, x.shape[2])
    return Normalized(layer(groups, run, running).x_hat.view_as(x))


def own(word: str) -> Normalize:
    """A function of one's own; of the batch with the statistics of what it receives, which eval mode uses."""
    part: OwnNormalization = needed(word)
    name, mixes = called(word), is_of_the_batch(word)

    def normalize(x: Tensor, run: Run, running: Running | None) -> Normalized:
        if running is not None and part.evaluate:
            return Normalized(over_runs(name, part.evaluate, x, running.mean[..., 0], running.var[..., 0]))
        parts = torch.chunk(x, ghosts(run, x.shape[2]), 2) if mixes else (x,)
        x_hat = torch.cat([over_runs(name, part.function, each) for each in parts], 2)
        if not mixes:
            return Normalized(x_hat)
        met = statistics(x, run, mean_square)
        return Normalized(x_hat, met.mean, met.var)

    return normalize


NORMALIZATIONS = WithOwn[Normalize]({
    "batch": batch,
    "layer": layer,
    "group": group,
    "noisy": batch,
    "l1": l1,
    "linf": linf,
    "detached": detached,
}, own)  # fmt: skip
"""Word to ``normalize(x, run, running)``; ``none`` has no entry, and the noise of ``noisy`` comes from ``chance``."""


def statistics(x: Tensor, run: Run, squared_scale: Callable[[Tensor], Tensor]) -> Running:
    """Mean and squared scale of every unit over each ghost batch, or over all examples: ``(runs, features, parts)``.

    Source: Hoffer, Hubara & Soudry 2017, algorithm 1, on ghost batches.
    """
    parts = x.reshape(*x.shape[:2], ghosts(run, x.shape[2]), -1)
    centre = mean(parts, 3, run.eps)
    return Running(centre[..., 0], squared_scale(parts - centre))


def mean(x: Tensor, over: int, eps: float) -> Tensor:
    """The mean along one direction, which stays; without eps taken twice, so that of equal numbers it is theirs.

    Where rounding left a distance between them and their mean, nothing but
    that would be normalized, to numbers of size 1; so it is 0 / 0, no number.
    """
    rounded = x.mean(over, keepdim=True)
    return rounded if eps else rounded + (x - rounded).mean(over, keepdim=True)


def ghosts(run: Run, examples: int) -> int:
    """How many ghost batches there are: as many equal ones, of at least ``ghost_size`` examples, as there can be."""
    most = max(1, examples // (run.ghost_size or examples))
    return next(parts for parts in range(most, 0, -1) if examples % parts == 0)


def mean_square(centred: Tensor) -> Tensor:
    """The (biased) variance, over the last direction."""
    return centred.square().mean(-1)


def mean_size_squared(centred: Tensor) -> Tensor:
    """The square of the mean distance from the mean, times pi / 2."""
    return math.pi / 2 * centred.abs().mean(-1).square()


def largest_square(centred: Tensor) -> Tensor:
    """The largest squared distance from the mean, over ``2 ln m``."""
    return centred.square().amax(-1) / (2 * math.log(centred.shape[-1]))


def standardized(x: Tensor, run: Run, by: Running) -> Normalized:
    """``(x - mean) / sqrt(var + eps)``, each part of the examples by its own statistics."""
    parts = x.reshape(*x.shape[:2], by.mean.shape[2], -1)
    x_hat = (parts - by.mean[..., None]) * torch.rsqrt(by.var + run.eps)[..., None]
    return Normalized(x_hat.flatten(2), by.mean, by.var)


def fused(x: Tensor, eps: float = 1e-5, parts: int = 1) -> Normalized:
    """Batch normalization in train mode as one kernel of PyTorch's: every unit of every run and part is a channel."""
    channels = x.reshape(1, -1, x.shape[2] // parts)
    centre, var = x.new_zeros(2, channels.shape[1])
    # With momentum 1 the running values are those of this batch.
    x_hat = torch.batch_norm(channels, None, None, centre, var, True, 1.0, eps, False)
    biased = var * ((channels.shape[2] - 1) / channels.shape[2])
    return Normalized(x_hat.view_as(x), *(each.view(*x.shape[:2], parts) for each in (centre, biased)))


def scale_and_shift(normalized: Tensor, gamma: Tensor | None, beta: Tensor | None) -> Tensor:
    """``gamma * x_hat + beta``: the network may undo the normalization, unit by unit."""
    return normalized if gamma is None or beta is None else gamma * normalized + beta
