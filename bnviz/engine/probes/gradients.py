"""A layer's gradient, and how the step of the layers below it would change it.

Santurkar et al. 2018 measure internal covariate shift in the optimizer's own
terms: how much the gradient that a layer was given still fits once the layers
below have taken their step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import torch
from torch import Tensor

from bnviz.engine.probes.written_pass import (
    LayerPass,
    back_to_linear,
    forward,
    hidden,
    layer_gradients,
    logit_gradient,
)
from bnviz.engine.trace import Layer
from bnviz.engine.vectors import outer_product, product
from bnviz.quantities import layers_moved
from bnviz.run import Run

SAFE_NORMS = (1e-12, 1e12)
"""Beyond these the squares may leave float32, as in deep networks whose gradients vanish, and float64 is taken."""


def read_gradients(
    run: Run, layers: Sequence[Layer], passed: Sequence[LayerPass], logits: Tensor, truth: Tensor, rate: Tensor,
    dear: bool = True,
) -> dict[str, Tensor]:
    """``gradient_norm``, ``gradient_shift`` and ``gradient_cosine``: ``(layers, runs)``, NaN where not defined or read.

    ``passed`` and ``logits`` are the forward pass over some examples, ``truth``
    ``(runs, classes, examples)`` is 1 at the class that each of them has.
    Momentum and Adam would step elsewhere than ``rate * gradient``; the
    definition takes that step whatever the optimizer, so that readings
    compare. The first hidden layer has no layer below it that could move. What is
    not ``dear`` is the norm alone.

    Source: Santurkar et al. 2018, definition 2.1 (there without the division).
    """
    gradients = backward(run, layers, passed, logits, truth)
    if not dear:
        return compared([gradient.weight for gradient in gradients], {})
    moved = [step(layer, by, rate) for layer, by in zip(layers[: run.depth - 1], gradients, strict=False)]
    after = gradients_after_the_step_below(run, layers, moved, passed[0].x, truth)
    return compared([gradient.weight for gradient in gradients], after)


def compared(before: Sequence[Tensor], after: Mapping[int, Tensor]) -> dict[str, Tensor]:
    """The readings of every layer's weight gradient, and of what it became after the step of the layers below."""
    lengths = norms(before)
    shift = cosine = torch.full_like(lengths, torch.nan)
    if after:
        read = torch.tensor(list(after))
        found = shift_and_cosine([before[index] for index in after], list(after.values()))
        shift, cosine = (shift.index_copy(0, read, values) for values in found)
    return {"gradient_norm": lengths, "gradient_shift": shift, "gradient_cosine": cosine}


def backward(
    run: Run, layers: Sequence[Layer], passed: Sequence[LayerPass], logits: Tensor, truth: Tensor
) -> list[Layer]:
    """The gradient of every run's loss in the parameters of every hidden layer, from the first to the last."""
    gradient, above, found = logit_gradient(logits, truth), layers[-1], []
    for layer in reversed(passed):
        below, scaled = back_to_linear(run, layer, product(above.weight.transpose(1, 2), gradient))
        found.append(layer_gradients(layer, below, scaled))
        gradient, above = below, layer.layer
    return found[::-1]


def step(layer: Layer, gradient: Layer, rate: Tensor) -> Layer:
    """The layer after one plain step: ``p - rate * gradient`` with ``rate`` ``(runs, 1, 1)``."""
    slopes = iter(gradient.tensors())
    return layer.map(lambda p: p - next(slopes) * rate)


@lru_cache(maxsize=64)
def moved_layers(depth: int) -> tuple[int, ...]:
    """``layers_moved``, counted from 0."""
    return tuple(layer - 1 for layer in layers_moved(depth))


def gradients_after_the_step_below(
    run: Run, layers: Sequence[Layer], moved: Sequence[Layer], x: Tensor, truth: Tensor
) -> dict[int, Tensor]:
    """For each of ``moved_layers`` its weight gradient when only the layers below it have moved.

    Layer i and all above it keep their old parameters, so what is needed is
    the gradient of the network that begins with layer i and receives what the
    moved layers send it.
    """
    found = {}
    for index in range(1, run.depth):
        x = hidden(run, moved[index - 1], x).output
        if index in moved_layers(run.depth):
            found[index] = first_weight_gradient(run, layers[index:], x, truth)
    return found


def first_weight_gradient(run: Run, layers: Sequence[Layer], x: Tensor, truth: Tensor) -> Tensor:
    """The loss gradient in the first layer's weights, ``(runs, out, in)``, and in no others."""
    passed, logits = forward(run, layers, x)
    gradient, above = logit_gradient(logits, truth), layers[-1]
    for layer in reversed(passed):
        gradient, _ = back_to_linear(run, layer, product(above.weight.transpose(1, 2), gradient))
        above = layer.layer
    return outer_product(gradient, x)


def shift_and_cosine(before: Sequence[Tensor], after: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """``||G - G'|| / ||G||`` and ``<G, G'> / (||G|| ||G'||)`` of ``(runs, out, in)`` gradients: ``(layers, runs)``."""
    differences = [old - new for old, new in zip(before, after, strict=True)]
    old, new, difference = norms([*before, *after, *differences]).chunk(3)
    # The law of cosines spares a pass over both gradients in float64.
    return difference / old, (old**2 + new**2 - difference**2) / (2 * old * new)


def norms(gradients: Sequence[Tensor]) -> Tensor:
    """Euclidean norm of each layer's and run's gradient, ``(layers, runs)`` float64."""
    lengths = torch.stack([torch.linalg.vector_norm(gradient, dim=(1, 2)) for gradient in gradients]).double()
    safe = (lengths > SAFE_NORMS[0]) & (lengths < SAFE_NORMS[1])
    if bool(safe.all()):
        return lengths
    exact = [torch.linalg.vector_norm(gradient, dim=(1, 2), dtype=torch.float64) for gradient in gradients]
    return torch.where(safe, lengths, torch.stack(exact))
