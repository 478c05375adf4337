"""The matrix products that no training step can do without, and nothing else: the floor under its CPU-seconds.

Every product is done in the fastest way that is found for it: operands stored
either way, the result or its transpose, written to a new place, over an old one
or added to it, the batch as it is or filled up to eights. Then it is repeated
alone, its operands warm in the cache, which no real step can have.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

Way = Callable[[], object]

SECONDS = 0.02
TINY = 1e-9
"""A factor that keeps what is added up thousands of times finite."""


@functools.cache
def bare_products(sizes: tuple[int, ...], batch: int, stacks: tuple[int, ...]) -> Callable[[int], None]:
    """The products of ``steps`` steps, forward and backward, of stacks with so many runs each.

    ``sizes`` are the features of every layer, from the data to the classes. The
    gradient in the data is not among them: nobody needs it.
    """
    fastest = {runs: [min(ways, key=_seconds) for ways in _step(sizes, batch, runs)] for runs in set(stacks)}
    products = [way for runs in stacks for way in fastest[runs]]

    def multiply(steps: int) -> None:
        for way in products:
            for _ in range(steps):
                way()

    return multiply


def _step(sizes: tuple[int, ...], batch: int, runs: int) -> Iterator[Iterator[Way]]:
    """For every product of a step, all ways to do it: ``y = W x``, ``dW = dy x'`` and ``dx = W' dy``."""
    widths = sorted({batch, max(16, -(-batch // 8) * 8)})
    for index, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        yield (way for width in widths for way in _ways(runs, outputs, inputs, width))
        yield (way for width in widths for way in _ways(runs, outputs, width, inputs))
        if index:
            yield (way for width in widths for way in _ways(runs, inputs, outputs, width))


def _ways(runs: int, rows: int, inner: int, columns: int) -> Iterator[Way]:
    """All ways to multiply ``(runs, rows, inner)`` by ``(runs, inner, columns)``."""
    for left in _stored(runs, rows, inner):
        for right in _stored(runs, inner, columns):
            for a, b in ((left, right), (right.mT, left.mT)):
                yield from _written(a, b, torch.zeros(runs, a.shape[1], b.shape[2]))


def _stored(runs: int, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """A matrix a run, kept row by row and column by column."""
    return torch.rand(runs, rows, columns), torch.rand(runs, columns, rows).mT


def _written(a: Tensor, b: Tensor, y: Tensor) -> list[Way]:
    return [
        lambda: torch.bmm(a, b),
        lambda: torch.bmm(a, b, out=y),
        lambda: y.baddbmm_(a, b, beta=0),
        lambda: y.baddbmm_(a, b, alpha=TINY),
    ]


def _seconds(way: Way) -> float:
    """CPU-seconds of one of many calls, the best of three tries."""
    way()
    start = time.process_time()
    way()
    calls = max(1, int(SECONDS / 3 / max(time.process_time() - start, 1e-5)))
    return min(_each(way, calls) for _ in range(3))


def _each(way: Way, calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        way()
    return (time.process_time() - start) / calls
