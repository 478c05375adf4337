"""Units that stop and come back: how many of a layer were dead at one time, and how many of them at least returned.

A history holds the share of dead units, not which they are. Where the share falls, so many units have come back.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bnviz.snapshot import History


def most_dead(history: History, arm: str, layer: int) -> np.ndarray:
    """The largest share of the layer's units that were dead at one time, ``(seeds,)``; ``layer`` as in ``value``."""
    return np.asarray(_shares(history, arm, layer).max(0))


def came_back(history: History, arm: str, layer: int) -> np.ndarray:
    """The share of the layer's units that came back at least, ``(seeds,)``: the deepest fall of the dead share."""
    shares = _shares(history, arm, layer)
    return np.asarray((np.maximum.accumulate(shares, axis=0) - shares).max(0))


def _shares(history: History, arm: str, layer: int) -> np.ndarray:
    """Dead units over time ``(steps, seeds)``; after a network diverged, as before."""
    shares = np.array(history.series(arm, "dead_units"), dtype=float)[:, :, layer - 1 if layer > 0 else layer]
    for before, after in pairwise(shares):
        after[:] = np.where(np.isnan(after), before, after)
    return np.asarray(np.nan_to_num(shares))
