"""Randomness made from the seed, one stream a purpose, never the global one.

Weights, data, batch order, dropout, wrong labels and noise draw from streams of
their own, so arms of one seed share them and a run does not depend on what else
trains beside it.
"""

from __future__ import annotations

import numpy as np
import torch

STREAMS = {"weights": 0, "data": 1, "batches": 2, "dropout": 3, "labels": 4, "noise": 5, "probe": 6}


def numpy_generator(seed: int, stream: str) -> np.random.Generator:
    """A fresh numpy generator: equal for equal (seed, stream), independent for different ones."""
    return np.random.default_rng(np.random.SeedSequence((seed, STREAMS[stream])))


def torch_generator(seed: int, stream: str, step: int = 0) -> torch.Generator:
    """A fresh torch generator: equal for equal (seed, stream, step), independent for different ones."""
    word = np.random.SeedSequence((seed, STREAMS[stream], step)).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(word >> 1))
