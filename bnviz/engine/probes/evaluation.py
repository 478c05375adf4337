"""The network as it would be used: eval mode, on test examples and all over the plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.hidden import linear
from bnviz.engine.network import forward, losses
from bnviz.engine.trace import Layer, Running
from bnviz.engine.vectors import product
from bnviz.own_functions import is_function
from bnviz.quantities import DECISION_EXTENT, DECISION_GRID, DECISION_LEVELS
from bnviz.run import Run

Hear = Callable[[int, Tensor], None]
"""Told the number of a hidden layer, from 1, and its outputs, which it must not keep: they may be written over."""

NOT_FINITE = 255
"""What a decision map holds where a network that became infinite says nothing."""


def evaluate(
    run: Run, layers: Sequence[Layer], running: Sequence[Running], x: Tensor, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """Each run's test loss (nats) and accuracy (share), ``(runs,)`` each, in eval mode; NaN for an infinite network."""
    return judged(eval_logits(run, layers, running, x), labels)


def judged(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Loss and accuracy of logits ``(runs, classes, examples)``."""
    loss = losses(logits, labels)
    right = (logits.max(1).indices == labels).float().mean(1)
    return loss, right.masked_fill(~loss.isfinite(), torch.nan)


def eval_logits(
    run: Run, layers: Sequence[Layer], running: Sequence[Running], x: Tensor, hear: Hear | None = None
) -> Tensor:
    """The logits in eval mode, ``(runs, classes, examples)``, with batch normalization folded away.

    What comes out of each hidden layer's nonlinearities is told to ``hear`` on the way.
    """
    if run.network != "mlp" or not folds(run):
        trace = forward(run, layers, x, running)
        for number, passed in enumerate(trace.layers, start=1):
            if hear:
                hear(number, passed.post_activation)
        return trace.logits
    *below, output = folded(run, layers, running) if running else layers
    for number, layer in enumerate(below, start=1):
        x = linear(layer, x)
        x = ACTIVATIONS[run.activation].over(x)
        if hear:
            hear(number, x)
    return linear(output, x)


def folds(run: Run) -> bool:
    """Whether what normalizes is the same scale and shift for all examples in eval mode, or nothing."""
    return run.normalization not in ("layer", "group") and not is_function(run.normalization)


def folded(run: Run, layers: Sequence[Layer], running: Sequence[Running]) -> list[Layer]:
    """The same network in eval mode without batch normalization: it has become part of the linear layers.

    With fixed statistics batch normalization is ``y = scale * x + shift`` of each
    unit, and so are gamma and beta by themselves. Placed before the nonlinearity
    it joins the linear layer it follows, ``(scale W) x + (scale b + shift)``;
    placed after, the one it precedes, ``(W scale) x + (b + W shift)``.

    Source: Ioffe & Szegedy 2015, section 3.1.
    """
    result = [Layer(layer.weight, layer.bias) for layer in layers]
    for index, (layer, statistics) in enumerate(zip(layers[:-1], running, strict=True)):
        if placed := fixed(run, "before", layer, statistics):
            scale, shift = placed
            below = result[index]
            bias = shift if below.bias is None else torch.addcmul(shift, scale, below.bias)
            result[index] = Layer(scale * below.weight, bias)
        if placed := fixed(run, "after", layer, statistics):
            scale, shift = placed
            above = result[index + 1]
            moved = product(above.weight, shift)
            result[index + 1] = Layer(
                above.weight * scale.transpose(1, 2), moved if above.bias is None else moved + above.bias
            )
    return result


def fixed(run: Run, site: str, layer: Layer, statistics: Running) -> tuple[Tensor, Tensor] | None:
    """Scale and shift of each unit at a site, ``before`` or ``after`` the nonlinearity; None where nothing stands."""
    gamma, beta = (layer.gamma, layer.beta) if run.scales(site) else (None, None)
    if not run.normalizes(site):
        return None if gamma is None or beta is None else (gamma, beta)
    scale = torch.rsqrt(statistics.var + run.eps)
    scale = scale if gamma is None else scale * gamma
    shift = -scale * statistics.mean
    return scale, shift if beta is None else shift + beta


def plane() -> Tensor:
    """The points of a decision map, ``(2, grid * grid)``: the first feature grows along a row, the second with rows."""
    side = torch.linspace(-DECISION_EXTENT, DECISION_EXTENT, DECISION_GRID)
    rows, columns = torch.meshgrid(side, side, indexing="ij")
    return torch.stack([columns.flatten(), rows.flatten()])


def decision_map(logits: Tensor) -> Tensor:
    """What a network says at every point of the plane, as ``50 * class + 49 * confidence``.

    ``(runs, classes, grid * grid)`` logits to ``(runs, grid, grid)`` uint8.
    Confidence is how far the largest probability p lies between a mere guess
    and certainty, ``(p - 1/classes) / (1 - 1/classes)``; 255 marks an infinite
    network.
    """
    guess = 1 / logits.shape[1]
    p, named = torch.softmax(logits, 1).max(1)
    confidence = ((p - guess) / (1 - guess)).clamp(0, 1)
    code = named * DECISION_LEVELS + (confidence * (DECISION_LEVELS - 1)).round()
    code = code.masked_fill(~p.isfinite(), NOT_FINITE)
    return code.to(torch.uint8).view(-1, DECISION_GRID, DECISION_GRID)
