"""The network as a pure function of its parameters: the readable reference, and what the probes differentiate.

``forward(run, layers, x)`` computes every run of a stack at once and returns
the whole ``Trace``. It draws no randomness, keeps no state and touches no
running statistics, so watching is a forward pass and nothing more. ``layers``
is a tuple, so that a mix of new and old parameters is ``new[:i] + old[i:]``.
Where the same is written out with its gradients (``written_gradients``), training
takes that, which tests compare with this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from bnviz.engine import convolution, recurrence
from bnviz.engine.chance import NO_CHANCE, Chance, dropped
from bnviz.engine.hidden import Hidden, Shape, hidden, linear
from bnviz.engine.trace import Layer, LayerTrace, Running, Trace
from bnviz.run import Run


def fully_connected(run: Run, below: Hidden, x: Tensor) -> tuple[list[LayerTrace], Tensor]:
    """Layer upon layer, each receives all units of the one below."""
    traces: list[LayerTrace] = []
    for layer, running, chance in below:
        traces.append(dropped(hidden(run, layer, x, running, chance=chance), chance))
        x = traces[-1].output
    return traces, x


def fully_connected_shapes(run: Run, features: int, classes: int) -> list[Shape]:
    """Every unit has a weight for every unit below."""
    sizes = [features, *[run.width] * run.depth, classes]
    return [Shape(outputs, inputs) for inputs, outputs in pairwise(sizes)]


class Kind(NamedTuple):
    """A kind of network.

    ``hidden`` is how its hidden layers follow each other: their traces, and
    what the output layer receives. ``shapes`` are those of its layers, the
    output layer last, from the numbers of features and classes.
    """

    hidden: Callable[[Run, Hidden, Tensor], tuple[list[LayerTrace], Tensor]]
    shapes: Callable[[Run, int, int], list[Shape]]


NETWORKS: dict[str, Kind] = {
    "mlp": Kind(fully_connected, fully_connected_shapes),
    "cnn": Kind(convolution.convolutional, convolution.shapes),
    "rnn": Kind(recurrence.recurrent, recurrence.shapes),
}


def forward(
    run: Run, layers: Sequence[Layer], x: Tensor, running: Sequence[Running] = (), chances: Sequence[Chance] = ()
) -> Trace:
    """The forward pass of every run; without noise and dropout, unless ``chances`` has one entry a hidden layer.

    ``layers`` are the hidden layers and, last, the output layer. Train mode
    (batch statistics) unless ``running`` holds one entry a hidden layer. ``x``
    is ``(runs, features, examples)``.
    """
    *below, output = layers
    train_mode, no_chance = [None] * len(below), [NO_CHANCE] * len(below)
    each = zip(below, running or train_mode, chances or no_chance, strict=True)
    traces, top = NETWORKS[run.network].hidden(run, each, x)
    return Trace(tuple(traces), linear(output, top))


def losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Each run's mean cross-entropy in nats: logits ``(runs, classes, examples)``, labels ``(runs, examples)``."""
    log_probabilities = torch.log_softmax(logits, 1)
    return -log_probabilities.gather(1, labels[:, None]).mean((1, 2))
