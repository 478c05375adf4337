"""Longer weights in front of batch normalization: the same output, and a gradient as much shorter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from bnviz.engine.batch_norm import batch_norm
from bnviz.engine.generators import torch_generator
from bnviz.study import STUDIES
from bnviz.table import Table, Value


def scale_invariance(
    scales: Sequence[float], epsilons: Sequence[float], examples: int, width: int
) -> Iterator[Table]:
    """Compare ``BN((aW)u)`` with ``BN(Wu)``, and their gradients under one random upstream gradient, in float64.

    ``BN((aW)u) = BN(Wu)``, ``dBN/du`` stays, ``dBN/d(aW) = (1/a) dBN/dW``:
    exactly so without eps, and nearly so while the variance of ``(aW)u`` is
    large beside it.

    Source: Ioffe & Szegedy 2015, section 3.3.
    """
    generator = torch_generator(0, "weights")
    weight = torch.randn(width, width, generator=generator, dtype=torch.float64) / width**0.5
    u, upstream = torch.randn(2, examples, width, generator=generator, dtype=torch.float64)
    rows: list[list[Value]] = []
    for eps in epsilons:
        y, d_u, d_weight = _layer(weight, u, upstream, eps)
        for scale in scales:
            scaled, d_u_scaled, d_weight_scaled = _layer(scale * weight, u, upstream, eps)
            rows.append([
                eps, scale, float((scaled - y).abs().max()), float(d_u_scaled.norm() / d_u.norm()),
                float(d_weight_scaled.norm() / d_weight.norm()),
            ])  # fmt: skip
    yield Table.of(STUDIES["scale_invariance"].columns, rows)


def _layer(weight: Tensor, u: Tensor, upstream: Tensor, eps: float) -> tuple[Tensor, Tensor, Tensor]:
    """``BN(Wu)`` and its gradients in u and W."""
    u, weight = u.clone().requires_grad_(), weight.clone().requires_grad_()
    ones = torch.ones(len(weight), dtype=torch.float64)
    y = batch_norm(u @ weight.T, ones, torch.zeros_like(ones), eps).output
    d_u, d_weight = torch.autograd.grad(y, (u, weight), upstream)
    return y.detach(), d_u, d_weight
