"""The network as a pure function of its parameters: the readable reference, and what the probes differentiate.

``forward(run, layers, x)`` computes every run of a stack at once and returns
the whole ``Trace``. It draws no randomness, keeps no state and touches no
running statistics, so watching is a forward pass and nothing more. ``layers``
is a tuple, so that a mix of new and old parameters is ``new[:i] + old[i:]``.
Training itself takes the faster road of ``stack.py``, which tests compare with
this one.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.normalizations import NORMALIZATIONS, scale_and_shift
from bnviz.engine.trace import Layer, LayerTrace, Running, Trace
from bnviz.experiment import Run


def linear(layer: Layer, x: Tensor) -> Tensor:
    """``W x + b`` for every run: ``(runs, in, examples)`` to ``(runs, out, examples)``."""
    return torch.bmm(layer.weight, x) if layer.bias is None else torch.baddbmm(layer.bias, layer.weight, x)


def hidden(run: Run, layer: Layer, x: Tensor, running: Running | None = None) -> LayerTrace:
    """One hidden layer: linear map, normalization where ``run`` places it, nonlinearity.

    With ``running`` a batch-normalized layer is in eval mode and uses these
    statistics; without, it is in train mode and uses those of the examples
    in ``x``, ``(runs, in, examples)``.
    """

    def normalize(z: Tensor) -> Tensor:
        return scale_and_shift(NORMALIZATIONS[run.normalization](z, run.eps, running), layer.gamma, layer.beta)

    before, after = (run.normalization != "none" and run.placement == place for place in ("before", "after"))
    pre_activation = linear(layer, x)
    nonlinearity_input = normalize(pre_activation) if before else pre_activation
    post_activation = ACTIVATIONS[run.activation](nonlinearity_input)
    output = normalize(post_activation) if after else post_activation
    return LayerTrace(
        layer=layer,
        input=x,
        pre_activation=pre_activation,
        nonlinearity_input=nonlinearity_input,
        post_activation=post_activation,
        output=output,
        normalization_input=pre_activation if before else post_activation if after else None,
    )


def forward(run: Run, layers: Sequence[Layer], x: Tensor, running: Sequence[Running] = ()) -> Trace:
    """The forward pass of every run, without dropout.

    ``layers`` are the hidden layers and, last, the output layer. Train mode
    (batch statistics) unless ``running`` holds one entry a hidden layer. ``x``
    is ``(runs, features, examples)``.
    """
    traces: list[LayerTrace] = []
    statistics: Sequence[Running | None] = running or [None] * (len(layers) - 1)
    for layer, its_running in zip(layers[:-1], statistics, strict=True):
        traces.append(hidden(run, layer, x, its_running))
        x = traces[-1].output
    return Trace(tuple(traces), linear(layers[-1], x))


def losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Each run's mean cross-entropy in nats: logits ``(runs, classes, examples)``, labels ``(runs, examples)``."""
    log_probabilities = torch.log_softmax(logits, 1)
    return -log_probabilities.gather(1, labels[:, None]).mean((1, 2))
