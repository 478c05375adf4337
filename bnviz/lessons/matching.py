"""Arms compared where it is fair: a run's typical value and its largest, and both arms at the same loss."""

from __future__ import annotations

import numpy as np

from bnviz.lessons.judging import logs
from bnviz.snapshot import History

SAME_LOSS = 0.2
"""Two losses count as equal when they differ by no more than this share."""

OFF_THE_PLATEAU = 1.0
"""Nats. Losses are matched below this, so that a plateau is not compared with a network before its first step."""


def typical(history: History, arm: str, quantity: str, last: int) -> np.ndarray:
    """The median over the steps from the first to ``last``, one number a seed; what is not finite is left out.

    Every snapshot stands for the steps since the one before it, so that it
    does not matter how often one has looked, and when.
    """
    chosen = (history.steps > 0) & (history.steps <= last)
    weights = np.diff(history.steps, prepend=0)[chosen]
    values = np.asarray(history.series(arm, quantity), dtype=float)[chosen]
    return np.array([_weighted_median(seed, weights) for seed in values.T])


def largest(history: History, arm: str, quantity: str, last: int) -> np.ndarray:
    """The largest value seen up to step ``last``, one number a seed: of what is bounded, the bound is no less."""
    values = np.asarray(history.series(arm, quantity), dtype=float)[history.steps <= last]
    return np.asarray(np.where(np.isfinite(values), values, -np.inf).max(0))


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values)
    values, weights = values[order], np.where(np.isfinite(values), weights, 0)[order]
    if not weights.any():
        return np.nan
    return float(values[np.searchsorted(weights.cumsum(), weights.sum() / 2)])


def at_equal_loss(history: History, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """The quantity of plain and BN where both have learned and have the same training loss, ``(seeds,)`` each.

    Every snapshot is matched with the one of the other network, same seed,
    whose loss is nearest, and left out if that is not near enough; then the
    median over the pairs. NaN where there are none.
    """
    losses, values = (
        [np.asarray(history.series(arm, of), dtype=float)[history.steps > 0].T for arm in ("plain", "bn")]
        for of in ("train_loss", quantity)
    )
    found = [_matched(*seed) for seed in zip(*losses, *values, strict=True)]
    plain, bn = zip(*found, strict=True)
    return np.array(plain), np.array(bn)


def walk_at_loss(history: History, arm: str, loss: float) -> int | None:
    """The step at which the first seed's walk down its gradient begins nearest to this loss; None where none is near
    enough to count as equal."""
    starts = np.asarray(history.series(arm, "loss_along"), dtype=float)[:, 0]
    apart = np.nan_to_num(np.abs(logs(starts) - np.log(loss)), nan=np.inf)
    nearest = int(apart.argmin())
    return int(history.steps[nearest]) if apart[nearest] <= np.log1p(SAME_LOSS) else None


def _matched(plain_loss: np.ndarray, bn_loss: np.ndarray, plain: np.ndarray, bn: np.ndarray) -> tuple[float, float]:
    apart = np.abs(logs(plain_loss)[:, None] - logs(bn_loss)[None])
    known = (plain_loss < OFF_THE_PLATEAU) & np.isfinite(plain), (bn_loss < OFF_THE_PLATEAU) & np.isfinite(bn)
    apart = np.where(np.isfinite(apart) & known[0][:, None] & known[1][None], apart, np.inf)
    pairs = {*enumerate(apart.argmin(1)), *((first, second) for second, first in enumerate(apart.argmin(0)))}
    near = [pair for pair in sorted(pairs) if apart[pair] <= np.log1p(SAME_LOSS)]
    if not near:
        return np.nan, np.nan
    of_plain, of_bn = zip(*near, strict=True)
    return float(np.median(plain[list(of_plain)])), float(np.median(bn[list(of_bn)]))
