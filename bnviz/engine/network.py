"""The network as a pure function of its parameters: the readable reference, and what the probes differentiate.

``forward(run, layers, x)`` computes every run of a stack at once and returns
the whole ``Trace``. It draws no randomness, keeps no state and touches no
running statistics, so watching is a forward pass and nothing more. ``layers``
is a tuple, so that a mix of new and old parameters is ``new[:i] + old[i:]``.
Training takes a faster road where there is one (``wiring``), which tests
compare with this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bnviz.engine import convolution, recurrence
from bnviz.engine.chance import NO_CHANCE, Chance, dropped
from bnviz.engine.hidden import Hidden, hidden, linear
from bnviz.engine.trace import Layer, LayerTrace, Running, Trace
from bnviz.run import Run


def fully_connected(run: Run, below: Hidden, x: Tensor) -> tuple[list[LayerTrace], Tensor]:
    """Layer upon layer, each fed by all units of the one below."""
    traces: list[LayerTrace] = []
    for layer, running, chance in below:
        traces.append(dropped(hidden(run, layer, x, running, chance=chance), chance))
        x = traces[-1].output
    return traces, x


NETWORKS: dict[str, Callable[[Run, Hidden, Tensor], tuple[list[LayerTrace], Tensor]]] = {
    "mlp": fully_connected,
    "cnn": convolution.convolutional,
    "rnn": recurrence.recurrent,
}
"""Word to how the hidden layers follow each other: their traces, and what the output layer receives."""


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
    traces, top = NETWORKS[run.network](run, zip(below, running or train_mode, chances or no_chance, strict=True), x)
    return Trace(tuple(traces), linear(output, top))


def losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Each run's mean cross-entropy in nats: logits ``(runs, classes, examples)``, labels ``(runs, examples)``."""
    log_probabilities = torch.log_softmax(logits, 1)
    return -log_probabilities.gather(1, labels[:, None]).mean((1, 2))
