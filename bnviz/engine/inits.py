"""How weights are drawn before the first step: one word, one function.

All draw from the seed's own stream of weights, layer by layer from the input
up, so runs of one seed and one shape start from the same linear weights, and
``init_scale`` only stretches them. Biases start at 0, gamma at 1, beta at 0;
the output layer follows the same rule as the others. A convolution is drawn as
the matrix that its patches are multiplied with, a recurrent layer as one matrix
for its input and its own last output. What is drawn is float32 whatever the
network computes with; it is stretched in the network's own numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Generator, Tensor, nn

from bnviz.engine.generators import torch_generator
from bnviz.engine.network import NETWORKS
from bnviz.engine.trace import Layer
from bnviz.run import Run


def he(outputs: int, inputs: int, generator: Generator) -> Tensor:
    """N(0, 2 / inputs), which keeps the size of signals through ReLU layers. Source: He et al. 2015, eq. 10."""
    return _normal(outputs, inputs, generator) * math.sqrt(2 / inputs)


def xavier(outputs: int, inputs: int, generator: Generator) -> Tensor:
    """N(0, 2 / (inputs + outputs)), a compromise between signals and gradients. Source: Glorot & Bengio 2010."""
    return _normal(outputs, inputs, generator) * math.sqrt(2 / (inputs + outputs))


def lecun(outputs: int, inputs: int, generator: Generator) -> Tensor:
    """N(0, 1 / inputs), which keeps the size of signals through linear layers. Source: LeCun et al. 1998."""
    return _normal(outputs, inputs, generator) * math.sqrt(1 / inputs)


def orthogonal(outputs: int, inputs: int, generator: Generator) -> Tensor:
    """A random rotation: rows (or columns) of length 1 at right angles. Source: Saxe et al. 2014."""
    return nn.init.orthogonal_(torch.empty(outputs, inputs, dtype=torch.float32), generator=generator)


def gaussian(outputs: int, inputs: int, generator: Generator) -> Tensor:
    """N(0, 1), whatever the shape; ``init_scale`` is then the standard deviation."""
    return _normal(outputs, inputs, generator)


def _normal(outputs: int, inputs: int, generator: Generator) -> Tensor:
    return torch.randn(outputs, inputs, generator=generator, dtype=torch.float32)


INITS: dict[str, Callable[[int, int, Generator], Tensor]] = {
    "he": he,
    "xavier": xavier,
    "lecun": lecun,
    "orthogonal": orthogonal,
    "gaussian": gaussian,
}


@lru_cache(maxsize=16)
def _drawn(init: str, shapes: tuple[tuple[int, int], ...], seed: int) -> list[Tensor]:
    """The weights before they are stretched: of a thousand networks of one seed and shape drawn once."""
    generator = torch_generator(seed, "weights")
    return [INITS[init](outputs, inputs, generator) for outputs, inputs in shapes]


def initial_layers(run: Run, seed: int, features: int, classes: int) -> tuple[Layer, ...]:
    """One run's untouched parameters, hidden layers first, output layer last: ``(out, in)`` and ``(out, 1)`` each."""
    shapes = [(outputs, inputs) for outputs, inputs, _ in NETWORKS[run.network].shapes(run, features, classes)]
    drawn = _drawn(run.init, tuple(shapes), seed)
    weights = [weight.to(torch.get_default_dtype()) * run.initial_scale for weight in drawn]
    affine = run.normalization != "none" and run.affine
    hidden = [
        Layer(
            weight,
            bias=torch.zeros(run.width, 1) if run.has_bias else None,
            gamma=torch.ones(run.width, 1) if affine else None,
            beta=torch.zeros(run.width, 1) if affine else None,
        )
        for weight in weights[:-1]
    ]
    return (*hidden, Layer(weights[-1], bias=torch.zeros(classes, 1)))
