"""Randomness made from the seed, one stream a purpose, never the global one.

Weights, data, batch order, dropout, wrong labels and noise draw from streams of
their own, so arms of one seed share them and a run does not depend on what else
trains beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Generator, Tensor

STREAMS = {"weights": 0, "data": 1, "batches": 2, "dropout": 3, "labels": 4, "noise": 5, "probe": 6}


def numpy_generator(seed: int, stream: str) -> np.random.Generator:
    """A fresh numpy generator: equal for equal (seed, stream), independent for different ones."""
    return np.random.default_rng(np.random.SeedSequence((seed, STREAMS[stream])))


def torch_generator(seed: int, stream: str, step: int = 0) -> Generator:
    """A fresh torch generator: equal for equal (seed, stream, step), independent for different ones."""
    word = np.random.SeedSequence((seed, STREAMS[stream], step)).generate_state(1, np.uint64)[0]
    return Generator().manual_seed(int(word >> 1))


def of_generators(generators: Sequence[Generator]) -> Tensor:
    """Where each generator stands, ``(generators, bytes)``."""
    states = [generator.get_state() for generator in generators]
    return torch.stack(states) if states else torch.empty(0, 0, dtype=torch.uint8)


def set_generators(generators: Sequence[Generator], states: Tensor) -> None:
    """Have each generator stand where ``of_generators`` found one."""
    for generator, state in zip(generators, states, strict=True):
        generator.set_state(state.clone())
