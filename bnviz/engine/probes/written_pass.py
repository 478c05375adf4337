"""One forward and one backward pass of a stack over the probe batch, by hand: half the time that autograd takes.

The same network as ``network.forward`` in train mode and without dropout;
tests hold every tensor and gradient to it and to autograd. Batch and layer
normalization are one formula here: they differ in the direction in which the
mean is taken, over the examples or over the units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.hidden import linear
from bnviz.engine.normalizations import mean
from bnviz.engine.trace import Layer
from bnviz.engine.vectors import outer_product
from bnviz.quantities import WATCHED_UNITS
from bnviz.run import Run

OVER = {"batch": 2, "layer": 1}


@dataclass(frozen=True)
class Standardized:
    """What normalizing a layer left behind: x-hat, the statistics, and 1 / deviation."""

    x_hat: Tensor
    mean: Tensor
    var: Tensor  # biased
    deviation_inverse: Tensor


@dataclass(frozen=True)
class LayerPass:
    """One hidden layer in one forward pass, ``(runs, features, examples)`` throughout."""

    layer: Layer
    x: Tensor
    nonlinearity_input: Tensor
    post_activation: Tensor
    output: Tensor
    normalized: Standardized | None
    unscaled: Tensor | None = None  # what gamma scales and beta shifts


def hidden(run: Run, layer: Layer, x: Tensor) -> LayerPass:
    """Linear map, nonlinearity, and before or after it what ``run`` places there."""
    normalized: Standardized | None = None
    unscaled: Tensor | None = None

    def passed(site: str, z: Tensor) -> Tensor:
        nonlocal normalized, unscaled
        if run.normalizes(site):
            normalized = normalize(run, z)
            z = normalized.x_hat
        if run.scales(site):
            unscaled = z
            z = _scale_and_shift(layer, z)
        return z

    inputs = passed("before", linear(layer, x))
    post_activation = ACTIVATIONS[run.activation].function(inputs)
    return LayerPass(layer, x, inputs, post_activation, passed("after", post_activation), normalized, unscaled)


def normalize(run: Run, x: Tensor) -> Standardized:
    """``(x - mean) / sqrt(var + eps)``, the statistics taken over the examples or, in layer norm, over the units."""
    over = OVER[run.normalization]
    centre = mean(x, over, run.eps)
    centred = x - centre
    var = (centred * centred).mean(over, keepdim=True)
    inverse = (var + run.eps).rsqrt_()
    return Standardized(centred.mul_(inverse), centre, var, inverse)


def forward(run: Run, layers: Sequence[Layer], x: Tensor) -> tuple[list[LayerPass], Tensor]:
    """The hidden layers in order, and the logits ``(runs, classes, examples)``; the output layer comes last."""
    passed = []
    for layer in layers[:-1]:
        passed.append(hidden(run, layer, x))
        x = passed[-1].output
    return passed, linear(layers[-1], x)


def watched_inputs(run: Run, layers: Sequence[Layer], x: Tensor) -> Tensor:
    """Only what the watched units' nonlinearities receive: ``(layers, runs, watched, examples)``."""
    found = []
    for index, layer in enumerate(layers[:-1], start=1):
        if index == run.depth and run.normalization != "layer":  # of the last layer only these units are needed
            layer = layer.map(lambda p: p[:, :WATCHED_UNITS])
        passed = hidden(run, layer, x)
        found.append(passed.nonlinearity_input[:, :WATCHED_UNITS])
        x = passed.output
    return torch.stack(found)


def logit_gradient(logits: Tensor, truth: Tensor) -> Tensor:
    """The gradient of each run's mean cross-entropy in its logits: ``(softmax(logits) - truth) / examples``.

    ``truth`` is 1 at the class that each example has and 0 elsewhere, ``(runs, classes, examples)``.
    """
    return torch.softmax(logits, 1).sub_(truth).div_(truth.shape[2])


def back_to_linear(run: Run, passed: LayerPass, gradient: Tensor) -> tuple[Tensor, Tensor | None]:
    """From the gradient in a hidden layer's output to that in its linear output, and in what ``gamma`` scales.

    The second is the gradient in ``gamma * z + beta``, None where there is
    none. ``gradient`` may be overwritten.
    """
    scaled: Tensor | None = None

    def back(site: str, gradient: Tensor) -> Tensor:
        nonlocal scaled
        gamma = passed.layer.gamma if run.scales(site) else None
        if gamma is not None:
            scaled = gradient
        if run.normalizes(site) and passed.normalized is not None:
            return _back_through_normalization(run, gamma, passed.normalized, gradient)
        return gradient if gamma is None else gradient * gamma

    gradient = back("after", gradient)
    gradient = ACTIVATIONS[run.activation].backward(gradient, passed.nonlinearity_input, passed.post_activation)
    return back("before", gradient), scaled


def _back_through_normalization(
    run: Run, gamma: Tensor | None, normalized: Standardized, gradient: Tensor
) -> Tensor:
    """``dx = (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / deviation`` with ``dx_hat = gamma dy``."""
    x_hat, inverse = normalized.x_hat, normalized.deviation_inverse
    if run.normalization == "batch":
        # PyTorch has it fused for a mean along the last direction; gamma is constant there and comes afterwards.
        rows = gradient.flatten(0, 1)
        kernel = torch.ops.aten.native_layer_norm_backward.default
        found: Tensor = kernel(
            rows, x_hat.flatten(0, 1), [rows.shape[1]], *_standard(len(rows)), None, None, [True, False, False]
        )[0]
        return found.view_as(gradient).mul_(inverse if gamma is None else inverse * gamma)
    x_hat_gradient = gradient if gamma is None else gradient * gamma
    along = (x_hat_gradient * x_hat).mean(1, keepdim=True)
    return (x_hat_gradient - x_hat_gradient.mean(1, keepdim=True)).sub_(x_hat * along).mul_(inverse)


@lru_cache(maxsize=16)
def _standard(rows: int) -> tuple[Tensor, Tensor]:
    """The mean 0 and deviation 1 of every row of x-hat, ``(rows, 1)`` each."""
    return torch.zeros(rows, 1), torch.ones(rows, 1)


def layer_gradients(passed: LayerPass, linear_gradient: Tensor, scaled_gradient: Tensor | None) -> Layer:
    """The gradients in a hidden layer's parameters, kept as a layer."""
    found = Layer(outer_product(linear_gradient, passed.x))
    if passed.layer.bias is not None:
        found = replace(found, bias=linear_gradient.sum(2, keepdim=True))
    if passed.unscaled is None or scaled_gradient is None:
        return found
    gamma = (scaled_gradient * passed.unscaled).sum(2, keepdim=True)
    return replace(found, gamma=gamma, beta=scaled_gradient.sum(2, keepdim=True))


def _scale_and_shift(layer: Layer, x_hat: Tensor) -> Tensor:
    # A product and a sum: torch's addcmul takes twice as long when it has to broadcast.
    return x_hat if layer.gamma is None or layer.beta is None else (x_hat * layer.gamma).add_(layer.beta)
