"""The nonlinearities: for each word the function, PyTorch's module, and the pair that trains it in place.

Defaults are PyTorch's: leaky_relu falls with slope 0.01, elu saturates at -1,
gelu is the exact one.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def identity(x: Tensor) -> Tensor:
    """No nonlinearity: a deep network of these is still one linear map."""
    return x


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "identity": identity,
}

MODULES: dict[str, Callable[[], nn.Module]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "identity": nn.Identity,
}

aten = torch.ops.aten

FORWARD: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "sigmoid": lambda x, y: torch.sigmoid(x, out=y),
    "tanh": lambda x, y: torch.tanh(x, out=y),
    "relu": lambda x, y: torch.clamp_min(x, 0, out=y),
    "leaky_relu": lambda x, y: aten.leaky_relu.out(x, 0.01, out=y),
    "elu": lambda x, y: aten.elu.out(x, out=y),
    "gelu": lambda x, y: aten.gelu.out(x, out=y),
    "silu": lambda x, y: aten.silu.out(x, out=y),
    "identity": lambda x, y: y,
}
"""``f(x)`` written to ``y``, which is ``x`` itself where the gradient can do without the input."""

KEEPS_INPUT = {"gelu", "silu"}

BACKWARD: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "sigmoid": lambda grad, x, y: aten.sigmoid_backward.grad_input(grad, y, grad_input=grad),
    "tanh": lambda grad, x, y: aten.tanh_backward.grad_input(grad, y, grad_input=grad),
    "relu": lambda grad, x, y: aten.threshold_backward.grad_input(grad, y, 0, grad_input=grad),
    "leaky_relu": lambda grad, x, y: aten.leaky_relu_backward.grad_input(grad, y, 0.01, True, grad_input=grad),
    "elu": lambda grad, x, y: aten.elu_backward.grad_input(grad, 1, 1, 1, True, y, grad_input=grad),
    "gelu": lambda grad, x, y: aten.gelu_backward.grad_input(grad, x, grad_input=grad),
    "silu": lambda grad, x, y: aten.silu_backward.grad_input(grad, x, grad_input=grad),
    "identity": lambda grad, x, y: grad,
}
"""The gradient in ``x``, written over the one in ``y``."""
