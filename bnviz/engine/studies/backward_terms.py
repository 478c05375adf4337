"""The backward pass of batch normalization on one mini-batch: the paper's lines, the engine's function, autograd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from bnviz.engine.batch_norm import batch_norm, batch_norm_backward
from bnviz.study import STUDIES
from bnviz.table import Table, Value


def backward_terms(
    batch: Sequence[float], upstream: Sequence[float], gamma: float, beta: float, eps: float
) -> Iterator[Table]:
    """One table, complete at once: every term three times, and how far they lie apart.

    All of it is float64. ``mean`` and ``var`` are the statistics, ``x_hat`` the
    normalized values.

    Source: Ioffe & Szegedy 2015, section 3.
    """
    x, d_y = (torch.tensor(numbers, dtype=torch.float64)[:, None] for numbers in (batch, upstream))
    scale, shift = (torch.tensor([number], dtype=torch.float64) for number in (gamma, beta))
    own = batch_norm_backward(d_y, batch_norm(x, scale, shift, eps), scale)
    engine = {"x": own.x, "gamma": own.gamma, "beta": own.beta}
    traced = by_autograd(x, d_y, scale, shift, eps)
    rows: list[Sequence[Value]] = []
    for term, values in by_the_paper(x, d_y, scale, eps).items():
        versions = [values, traced[term], *([engine[term]] if term in engine else [])]
        for place in range(values.numel()):
            paper, autograd, *ours = (float(version.reshape(-1)[place]) for version in versions)
            apart = max([paper, autograd, *ours]) - min([paper, autograd, *ours])
            example = place + 1 if values.numel() > 1 else None
            rows.append([term, example, paper, ours[0] if ours else None, autograd, apart])
    yield Table.of(STUDIES["backward_terms"].columns, rows)


def by_the_paper(x: Tensor, d_y: Tensor, gamma: Tensor, eps: float) -> Mapping[str, Tensor]:
    """The six equations as they are printed, with the powers written out: ``x`` and ``d_y`` are ``(examples, 1)``."""
    m, mean = len(x), x.mean(0)
    var = (x - mean).square().mean(0)
    d_x_hat = d_y * gamma
    d_var = (d_x_hat * (x - mean) * -0.5 * (var + eps) ** -1.5).sum(0)
    d_mean = (d_x_hat * -1 / (var + eps).sqrt()).sum(0) + d_var * (-2 * (x - mean)).sum(0) / m
    d_x = d_x_hat / (var + eps).sqrt() + d_var * 2 * (x - mean) / m + d_mean / m
    d_gamma = (d_y * (x - mean) / (var + eps).sqrt()).sum(0)
    return {"x_hat": d_x_hat, "var": d_var, "mean": d_mean, "x": d_x, "gamma": d_gamma, "beta": d_y.sum(0)}


def by_autograd(x: Tensor, d_y: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Mapping[str, Tensor]:
    """The same terms from PyTorch, which is shown the forward pass alone."""
    leaves = {"x": x.clone(), "gamma": gamma.clone(), "beta": beta.clone()}
    for leaf in leaves.values():
        leaf.requires_grad_()
    mean = leaves["x"].mean(0)
    var = (leaves["x"] - mean).square().mean(0)
    x_hat = (leaves["x"] - mean) / (var + eps).sqrt()
    wanted = {"x_hat": x_hat, "var": var, "mean": mean, **leaves}
    y = leaves["gamma"] * x_hat + leaves["beta"]
    return dict(zip(wanted, torch.autograd.grad(y, list(wanted.values()), d_y), strict=True))
