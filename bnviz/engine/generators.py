"""Randomness made from the seed, one stream a purpose, never the global one.

Weights, data, batch order, dropout, wrong labels and noise draw from streams of
their own, so arms of one seed share them and a run does not depend on what else
trains beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Generator, Tensor

from bnviz.streams import STREAMS


def numpy_generator(seed: int, stream: str) -> np.random.Generator:
    """A fresh numpy generator: equal for equal (seed, stream), independent for different ones."""
    return np.random.default_rng(np.random.SeedSequence((seed, STREAMS[stream])))


def torch_generator(seed: int, stream: str, step: int = 0) -> Generator:
    """A fresh torch generator: equal for equal (seed, stream, step), independent for different ones."""
    word = np.random.SeedSequence((seed, STREAMS[stream], step)).generate_state(1, np.uint64)[0]
    return Generator().manual_seed(int(word >> 1))


class Generators(list[Generator]):
    """One generator a seed, and where each stood before what was drawn last, so that this can be drawn again."""

    def __init__(self, seeds: Iterable[int], stream: str) -> None:
        super().__init__(torch_generator(seed, stream) for seed in seeds)
        self._before = self._states()

    def mark(self) -> None:
        """Something is about to be drawn."""
        if self:
            self._before = self._states()

    def state(self, drawn: bool) -> Tensor:
        """Where each stands, ``(generators, bytes)``; or, of what is ``drawn`` for a step to come, where it stood."""
        return self._before if drawn else self._states()

    def load(self, states: Tensor) -> None:
        """Stand there again."""
        for generator, state in zip(self, states, strict=True):
            generator.set_state(state.clone())

    def _states(self) -> Tensor:
        states = [generator.get_state() for generator in self]
        return torch.stack(states) if states else torch.empty(0, 0, dtype=torch.uint8)
