"""The variance of the signal with depth in untrained networks: plain or residual, normalized or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt

import torch
from torch import Tensor

from bnviz.engine.generators import torch_generator
from bnviz.engine.normalizations import fused
from bnviz.study import STUDIES
from bnviz.table import Table, Value

Layer = Callable[[Tensor, Tensor], Tensor]

LAYERS: dict[str, Layer] = {
    "plain": lambda weight, x: torch.bmm(weight, x.relu()),
    "bn": lambda weight, x: fused(torch.bmm(weight, x.relu())).x_hat,
    "residual": lambda weight, x: x + torch.bmm(weight, x.relu()),
    "residual_bn": lambda weight, x: x + torch.bmm(weight, fused(x).x_hat.relu()),
}
"""Arm to what one layer does with the signal ``(runs, units, examples)`` that the layer below sends up."""


def residual_variance(depth: int, width: int, examples: int, seeds: int) -> Iterator[Table]:
    """Send Gaussian data of variance 1 up through He-initialized layers, the same in every arm.

    A He layer keeps the variance, so a residual block doubles it: skip path
    and branch both carry it. With batch normalization the branch always adds
    1: the variance grows with the depth, and the branch of block l weighs
    1 / (l + 1) in the sum.

    Source: De & Smith 2020, section 3.
    """
    generators = [torch_generator(seed, "weights") for seed in range(seeds)]
    data = [torch.randn(width, examples, generator=torch_generator(seed, "data")) for seed in range(seeds)]
    signals = dict.fromkeys(LAYERS, torch.stack(data).double())
    rows: list[list[Value]] = []
    for layer in range(depth + 1):
        if layer:
            drawn = [torch.randn(width, width, generator=generator) for generator in generators]
            weight = torch.stack(drawn).double() * sqrt(2 / width)
            signals = {arm: LAYERS[arm](weight, x) for arm, x in signals.items()}
        rows += [
            [arm, seed, layer, float(x[seed].var(correction=0))] for arm, x in signals.items() for seed in range(seeds)
        ]
        if layer % 10 == 0 or layer == depth:
            yield Table.of(STUDIES["residual_variance"].columns, rows, (layer + 1) / (depth + 1))
