"""How Gaussian single units are: what a layer receives, u, beside what its linear map makes of it, Wu + b."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.stack import Stack
from bnviz.engine.trace import Layer
from bnviz.run import Run
from bnviz.study import STUDIES
from bnviz.table import Table, Value

RUN = Run(depth=3, width=64, batch_size=64, init="he", learning_rate=0.1)
OWN: dict[str, dict[str, object]] = {
    "sigmoid": {"init": "xavier", "learning_rate": 1.0},
    "tanh": {"init": "xavier"},
    "identity": {"init": "xavier"},
}
"""Activations whose initial weights and rate are not those of the others."""

CHUNK = 100


def gaussianity(steps: int, seeds: int) -> Iterator[Table]:
    """Train a plain network of every activation on digits, and look at its units before the first step and after.

    Of every layer but the first, since that one receives pixels: u is what
    the nonlinearity below gives. A unit's values are those on all training
    examples; the median over the units stands for a network.

    Source: Ioffe & Szegedy 2015, section 3.2, on the place of the normalization.
    """
    columns = STUDIES["gaussianity"].columns
    rows: list[list[Value]] = []
    for place, activation in enumerate(ACTIVATIONS):
        run = RUN.replace(activation=activation, **OWN.get(activation, {}))
        data = [load(run, seed) for seed in range(seeds)]
        stack = Stack([run] * seeds, range(seeds), data)
        x = torch.stack([each.x(each.train).T for each in data])
        rows += [[activation, 0, *row] for row in found(run, stack.at_rest().layers, x)]
        while stack.step < steps:
            stack.advance(min(CHUNK, steps - stack.step))
            yield Table.of(columns, rows, (place + stack.step / (steps + 1)) / len(ACTIVATIONS))
        rows += [[activation, steps, *row] for row in found(run, stack.at_rest().layers, x)]
        yield Table.of(columns, rows, (place + 1) / len(ACTIVATIONS))


def found(run: Run, layers: tuple[Layer, ...], x: Tensor) -> Iterator[list[Value]]:
    """Seed, signal, distance from a Gaussian and skew: the medians over the units that tell examples apart."""
    with torch.inference_mode():
        above = forward(run, layers, x).layers[1:]
        signals = {"u": [layer.input for layer in above], "Wu + b": [layer.pre_activation for layer in above]}
        for signal, parts in signals.items():
            units = standardized(torch.cat(parts, 1))
            far, lopsided = (values.nanmedian(1).values for values in (distance(units), skew(units)))
            for seed in range(len(x)):
                yield [seed, signal, float(far[seed]), float(lopsided[seed])]


def standardized(values: Tensor) -> Tensor:
    """Mean 0 and variance 1 over the examples, ``(..., examples)``; NaN where all are equal."""
    centred = values - values.mean(-1, keepdim=True)
    return centred / centred.square().mean(-1, keepdim=True).sqrt()


def skew(standard: Tensor) -> Tensor:
    """How lopsided, whichever way: the mean cube, without its sign."""
    return standard.pow(3).mean(-1).abs()


def distance(standard: Tensor) -> Tensor:
    """How far values of mean 0 and variance 1 are from a Gaussian, ``(..., examples)`` to ``(...)``; NaN stays NaN.

    ``max_x |share of values up to x - Phi(x)|``, the Kolmogorov-Smirnov
    distance: 0 for a Gaussian, 0.057 for a uniform distribution, 0.253 for a
    Gaussian behind a ReLU, 0.341 for two values that are equally frequent.
    """
    expected = torch.special.ndtr(standard.sort(-1).values)
    shares = torch.linspace(0, 1, standard.shape[-1] + 1, dtype=standard.dtype)
    return torch.maximum(shares[1:] - expected, expected - shares[:-1]).amax(-1)
