"""The transform on one mini-batch, in numpy: every stage by its name, the way back, and what it does to a shape.

For demonstrations whose numbers a reader changes by hand. Knows no network, no
training and no chart; ``bnviz.engine.batch_norm`` is the same arithmetic in
torch. Everything is ``(examples,)`` or ``(examples, features)``, in float64.
The variance that normalizes is biased (divided by m), the one that is kept for
eval mode is not (divided by m - 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Numbers = np.ndarray | Sequence[float] | Sequence[Sequence[float]]


@dataclass(frozen=True)
class Transform:
    """What algorithm 1 computes on its way, in the order of the paper, with the gamma, beta and eps it was given."""

    x: np.ndarray
    batch_mean: np.ndarray
    centred: np.ndarray
    batch_var: np.ndarray
    deviation: np.ndarray
    normalized: np.ndarray
    output: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray
    eps: float


@dataclass(frozen=True)
class Scaled:
    """One unit whose weights were made a times as long, beside the unit as it was."""

    output_change: float
    weight_gradient: float
    """Its length over that at a = 1: 1/a, were there no eps."""
    cosine: float
    """Between the weights and their gradient: 0, were there no eps."""


def transform(x: Numbers, gamma: Numbers | float = 1.0, beta: Numbers | float = 0.0, eps: float = 1e-5) -> Transform:
    """Subtract each feature's mean over the mini-batch, divide by its deviation, then scale and shift.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``. Where the deviation is
    0 (equal values and no eps), x-hat is not a number. The mean is taken twice,
    the second time of what the first one left, so that of equal values it is
    exactly theirs.

    Source: Ioffe & Szegedy 2015, algorithm 1.
    """
    values, scale, shift = (np.asarray(numbers, dtype=float) for numbers in (x, gamma, beta))
    rounded = values.mean(0)
    batch_mean = rounded + (values - rounded).mean(0)
    centred = values - batch_mean
    batch_var = np.square(centred).mean(0)
    deviation = np.sqrt(batch_var + eps)
    with np.errstate(invalid="ignore", divide="ignore"):
        normalized = centred / deviation
    output = scale * normalized + shift
    return Transform(values, batch_mean, centred, batch_var, deviation, normalized, output, scale, shift, eps)


def undoing(made: Transform) -> tuple[np.ndarray, np.ndarray]:
    """The gamma and beta that give this mini-batch back: ``sqrt(var + eps)`` and the mean.

    They give back this mini-batch and no other: the next one is normalized
    with a mean and a variance of its own.

    Source: Ioffe & Szegedy 2015, section 3.
    """
    return made.deviation, made.batch_mean


def back(upstream: Numbers, made: Transform) -> np.ndarray:
    """The gradient in x when the output's is ``upstream``, in one line.

    ``dx = gamma / deviation * (dy - mean(dy) - xhat * mean(dy * xhat))``: what
    all outputs want alike is taken away, since the mean takes it away again.
    Where x-hat is not a number, neither is this.

    Source: the lines of Ioffe & Szegedy 2015, section 3, put together.
    """
    d_output = np.asarray(upstream, dtype=float)
    along = made.normalized * (d_output * made.normalized).mean(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(made.gamma / made.deviation * (d_output - d_output.mean(0) - along))


def running(
    made: Transform, mean: float = 0.0, var: float = 1.0, momentum: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """The moving averages after this mini-batch: ``(1 - momentum) * old + momentum * new``, with the unbiased variance.

    Raises:
        ValueError: a mini-batch of one example, which has no unbiased variance.
    """
    m = len(made.x)
    if m < 2:
        raise ValueError("The mini-batch had 1 example; its unbiased variance divides by m - 1 = 0: take 2 or more.")
    new_var = made.batch_var * m / (m - 1)
    return (1 - momentum) * mean + momentum * made.batch_mean, (1 - momentum) * var + momentum * new_var


def scaled(inputs: Numbers, weights: Numbers, upstream: Numbers, scale: float, eps: float = 1e-5) -> Scaled:
    """Make one unit's weights ``scale`` times as long: what becomes of its output and its gradient.

    ``inputs`` are ``(examples, features)``, ``weights`` ``(features,)``,
    ``upstream`` ``(examples,)``. ``BN((aw)u) = BN(wu)`` and the gradient in
    the weights is 1/a of what it was, as long as the variance of ``(aw)u`` is
    large beside eps.

    Source: Ioffe & Szegedy 2015, section 3.3.
    """
    u, w = np.asarray(inputs, dtype=float), np.asarray(weights, dtype=float)
    before, after = transform(u @ w, eps=eps), transform(u @ (scale * w), eps=eps)
    d_before, d_after = (u.T @ back(upstream, made) for made in (before, after))
    length = float(np.linalg.norm(d_after))
    return Scaled(
        float(np.abs(after.output - before.output).max()),
        length / float(np.linalg.norm(d_before)),
        float(w @ d_after) / (float(np.linalg.norm(w)) * length),
    )


def batch_noise(sizes: Sequence[int], draws: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """How much the statistics of mini-batches differ: the sd of their means and the mean of their biased variances.

    So many mini-batches of each size from one normal distribution of variance
    1. The laws are ``1 / sqrt(m)`` and ``(m - 1) / m``.
    """
    made = [transform(generator.standard_normal((size, draws))) for size in sizes]
    return np.array([each.batch_mean.std() for each in made]), np.array([each.batch_var.mean() for each in made])


def parted(x: np.ndarray, size: int) -> np.ndarray:
    """Ghost batches: consecutive examples by so many, ``(..., examples)`` to ``(..., parts, size)``.

    What is left over at the end is left out.
    """
    parts = x.shape[-1] // size
    return x[..., : parts * size].reshape(*x.shape[:-1], parts, size)


def ghost_noise(batches: np.ndarray, sizes: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """How much the statistics of ghost batches differ: the sd of their means and the mean of their biased variances.

    Of mini-batches ``(batches, examples)``, each divided into parts of every
    size, in deviations and variances of all that was drawn: the laws are those
    of ``batch_noise``.
    """
    made = [parted(batches, size) for size in sizes]
    means = [each.mean(-1).std() / batches.std() for each in made]
    return np.array(means), np.array([each.var(-1).mean() / batches.var() for each in made])


def among_mates(value: float, size: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """x-hat of one example of this value, each time in a mini-batch with ``size - 1`` others, ``(draws,)``.

    The others come from a normal distribution of mean 0 and variance 1, so
    that in a very large mini-batch x-hat is the value itself. Alone it is 0;
    with one mate it is 1 or -1, whichever of the two is larger.

    Raises:
        ValueError: a mini-batch of no example.
    """
    if size < 1:
        raise ValueError(f"size was {size}; allowed is 1 or more: the example itself is one.")
    batches = generator.standard_normal((size, draws))
    batches[0] = value
    return np.asarray(transform(batches).normalized[0])


def skew(values: Numbers) -> float:
    """How lopsided: the mean cube of the deviations, in standard deviations. 0 is symmetric."""
    return _moment(values, 3)


def kurtosis(values: Numbers) -> float:
    """How heavy the tails: the mean fourth power of the deviations, in standard deviations. 3 is a normal curve."""
    return _moment(values, 4)


def correlation(first: Numbers, second: Numbers) -> float:
    """How much two features move together, from -1 to 1."""
    a, b = (transform(values, eps=0.0).normalized for values in (first, second))
    return float((a * b).mean())


def _moment(values: Numbers, power: int) -> float:
    return float((transform(values, eps=0.0).normalized ** power).mean())
