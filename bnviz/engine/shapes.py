"""How large the weight matrices of each kind of network are, and how many columns they are multiplied with."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from bnviz.engine.convolution import KERNEL, sides
from bnviz.run import Run


class Shape(NamedTuple):
    """One layer's ``(outputs, inputs)`` weights, and at how many places or time steps of an example it uses them."""

    outputs: int
    inputs: int
    uses: int = 1


def fully_connected(run: Run, features: int, classes: int) -> list[Shape]:
    """Every unit has a weight for every unit below."""
    sizes = [features, *[run.width] * run.depth, classes]
    return [Shape(outputs, inputs) for inputs, outputs in pairwise(sizes)]


def convolutional(run: Run, features: int, classes: int) -> list[Shape]:
    """Every feature map has 9 weights for every map below; the output layer sees all places of all maps."""
    channels = [1, *[run.width] * (run.depth - 1)]
    places = [side**2 for side in sides(features, run.depth)[1:]]
    hidden = [Shape(run.width, below * KERNEL**2, uses) for below, uses in zip(channels, places, strict=True)]
    return [*hidden, Shape(classes, run.width * places[-1])]


def recurrent(run: Run, features: int, classes: int) -> list[Shape]:
    """Every unit has a weight for every unit below (or pixel of a row), and for every unit of its own layer."""
    side = math.isqrt(features)
    inputs = [side, *[run.width] * (run.depth - 1)]
    return [*(Shape(run.width, below + run.width, side) for below in inputs), Shape(classes, run.width)]


SHAPES: dict[str, Callable[[Run, int, int], list[Shape]]] = {
    "mlp": fully_connected,
    "cnn": convolutional,
    "rnn": recurrent,
}
"""Network to the shapes of its layers, output layer last, from features and classes."""
