"""Full whitening against batch normalization: what it costs, and whether a mini-batch is large enough for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from bnviz.engine.generators import torch_generator
from bnviz.study import STUDIES
from bnviz.table import Table, Value

EPS = 1e-5

ENOUGH = 1e-3
"""What whitening adds to the covariance, so that float32 can factor one that has not full rank."""


def whitening(widths: Sequence[int], shares: Sequence[float], repeats: int) -> Iterator[Table]:
    """Time whitening and batch normalization, forward and backward, for each number of features and of examples.

    Rank and condition are those of the covariance of the same Gaussian
    mini-batch in float64: with m examples its rank is at most m - 1, so a
    mini-batch no larger than the number of features cannot be whitened
    without something added to its covariance.

    Source: Ioffe & Szegedy 2015, section 2, on why they do not whiten.
    """
    sizes = sorted({(d, max(2, round(share * d))) for d in widths for share in shares})
    work, done = sum(_work(*size) for size in sizes), 0
    rows: list[list[Value]] = []
    for d, m in sizes:
        x = torch.randn(m, d, generator=torch_generator(d, "data"))
        upstream = torch.randn(m, d, generator=torch_generator(m, "data"))
        slow, quick = _milliseconds(whiten, x, upstream, repeats), _milliseconds(normalize, x, upstream, repeats)
        rows.append([d, m, slow / quick, slow, quick, *rank_and_condition(x.double())])
        done += _work(d, m)
        yield Table.of(STUDIES["whitening"].columns, rows, done / work)


def whiten(x: Tensor) -> Tensor:
    """Centred and decorrelated, ``L^-1 (x - mean)`` where ``L L^T`` is the covariance of ``(examples, features)``.

    The Cholesky factor is the cheapest root; the symmetric one, by eigenvectors, takes two to three times as long.
    """
    centred = x - x.mean(0)
    covariance = centred.T @ centred / len(x) + ENOUGH * torch.eye(x.shape[1])
    factor = torch.linalg.cholesky(covariance)
    whitened: Tensor = torch.linalg.solve_triangular(factor, centred.T, upper=False)
    return whitened.T


def normalize(x: Tensor) -> Tensor:
    """Batch normalization in PyTorch's fused kernel."""
    return F.batch_norm(x, None, None, training=True, eps=EPS)


def rank_and_condition(x: Tensor) -> tuple[int, float]:
    """Of the covariance of ``(examples, features)``; the condition is infinite where the rank is not full."""
    centred = x - x.mean(0)
    covariance = centred.T @ centred / len(x)
    rank = int(torch.linalg.matrix_rank(covariance, hermitian=True))
    return rank, float(torch.linalg.cond(covariance)) if rank == x.shape[1] else torch.inf


def _work(d: int, m: int) -> int:
    """Roughly how much a size costs, for the share that is done."""
    return d * d * (10 * d + m)


def _milliseconds(layer: Callable[[Tensor], Tensor], x: Tensor, upstream: Tensor, repeats: int) -> float:
    """The least of ``repeats``, after one that is not counted: whatever else the machine does only adds to it."""
    seconds = []
    for _ in range(repeats + 1):
        leaf = x.clone().requires_grad_()
        begun = time.perf_counter()
        layer(leaf).backward(upstream)  # type: ignore[no-untyped-call]
        seconds.append(time.perf_counter() - begun)
    return 1000 * min(seconds[1:])
