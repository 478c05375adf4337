"""The nonlinearities, a row each: the function, PyTorch's module, and the pair that trains it.

Defaults are PyTorch's: leaky_relu falls with slope 0.01, elu saturates at -1,
gelu is the exact one. Where each is nearly flat, ``bnviz.flat`` says.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bnviz.engine.vectors import VECTOR, in_whole_vectors
from bnviz.flat import FLAT
from bnviz.own_functions import OwnActivation, WithOwn, needed

aten = torch.ops.aten


class Activation(NamedTuple):
    """A nonlinearity, as a function and a module, and written out in place.

    ``forward(x, y)`` writes ``f(x)`` to ``y``, which is ``x`` itself unless
    ``keeps_input``: there the gradient needs it. ``backward(grad, x, y)``
    writes the gradient in ``x`` over ``grad``, the one in ``y``.
    """

    function: Callable[[Tensor], Tensor]
    module: Callable[[], nn.Module]
    forward: Callable[[Tensor, Tensor], Tensor]
    backward: Callable[[Tensor, Tensor, Tensor], Tensor]
    keeps_input: bool = False

    def over(self, x: Tensor) -> Tensor:
        """``function(x)``, written over ``x`` where that fills whole vectors: not in rows cut out of wider ones."""
        if x.numel() % VECTOR or not x.is_contiguous():
            return self.function(x)
        self.forward(x, x)
        return x


class Elementwise(nn.Module):
    """A function of each number by itself, as a module."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


def own(word: str) -> Activation:
    """A function of one's own: ``dx = f'(x) dy`` by autograd, which takes the function a second time."""
    part: OwnActivation = needed(word)
    function = in_whole_vectors(part.function)

    def backward(grad: Tensor, x: Tensor, y: Tensor) -> Tensor:
        with torch.inference_mode(False), torch.enable_grad():
            at = x.clone().requires_grad_()
            (found,) = torch.autograd.grad(function(at), at, grad.clone())
        return grad.copy_(found)

    return Activation(
        function, lambda: Elementwise(function), lambda x, y: y.copy_(function(x)), backward, keeps_input=True
    )


ACTIVATIONS = WithOwn({
    "sigmoid": Activation(
        in_whole_vectors(torch.sigmoid), nn.Sigmoid,
        lambda x, y: torch.sigmoid(x, out=y),
        lambda grad, x, y: aten.sigmoid_backward.grad_input(grad, y, grad_input=grad),
    ),
    "tanh": Activation(
        in_whole_vectors(torch.tanh), nn.Tanh,
        lambda x, y: torch.tanh(x, out=y),
        lambda grad, x, y: aten.tanh_backward.grad_input(grad, y, grad_input=grad),
    ),
    "relu": Activation(
        torch.relu, nn.ReLU,
        lambda x, y: torch.clamp_min(x, 0, out=y),
        lambda grad, x, y: aten.threshold_backward.grad_input(grad, y, 0, grad_input=grad),
    ),
    "leaky_relu": Activation(
        F.leaky_relu, nn.LeakyReLU,
        lambda x, y: aten.leaky_relu.out(x, 0.01, out=y),
        lambda grad, x, y: aten.leaky_relu_backward.grad_input(grad, y, 0.01, True, grad_input=grad),
    ),
    "elu": Activation(
        in_whole_vectors(F.elu), nn.ELU,
        lambda x, y: aten.elu.out(x, out=y),
        lambda grad, x, y: aten.elu_backward.grad_input(grad, 1, 1, 1, True, y, grad_input=grad),
    ),
    "gelu": Activation(
        in_whole_vectors(F.gelu), nn.GELU,
        lambda x, y: aten.gelu.out(x, out=y),
        lambda grad, x, y: aten.gelu_backward.grad_input(grad, x, grad_input=grad),
        keeps_input=True,
    ),
    "silu": Activation(
        in_whole_vectors(F.silu), nn.SiLU,
        lambda x, y: aten.silu.out(x, out=y),
        lambda grad, x, y: aten.silu_backward.grad_input(grad, x, grad_input=grad),
        keeps_input=True,
    ),
    "identity": Activation(lambda x: x, nn.Identity, lambda x, y: y, lambda grad, x, y: grad),
}, own)  # fmt: skip
"""Word to row; without a nonlinearity (``identity``) a deep network is still one linear map."""


def flat_share(activation: str, inputs: Tensor) -> Tensor:
    """For every unit the share of examples at which it is flat: ``(..., units, examples)`` to ``(..., units)``."""
    flat = FLAT[activation]
    if math.isinf(flat.low) and math.isinf(flat.high):
        return torch.zeros(inputs.shape[:-1])
    if math.isfinite(flat.high) and flat.high != -flat.low:
        return ((inputs <= flat.low) | (inputs >= flat.high)).float().mean(-1)
    size, edge = (inputs.abs(), flat.high) if math.isfinite(flat.high) else (-inputs, -flat.low)
    return torch.ge(size, edge, out=torch.empty_like(size)).mean(-1)


def dead(activation: str, share: Tensor) -> Tensor:
    """Which units no longer learn, given their ``flat_share``: 1 or 0 each."""
    limit = FLAT[activation].dead
    return (share >= 1.0 if limit == 1.0 else share > limit).float()
