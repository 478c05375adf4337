"""Convolutional and recurrent runs in PyTorch's own layers, for ``to_module``: the same initial weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bnviz.engine import convolution
from bnviz.engine.activations import MODULES
from bnviz.engine.trace import Layer
from bnviz.run import Run

Linear = TypeVar("Linear", nn.Linear, nn.Conv2d)


def linear(layer: Layer) -> nn.Linear:
    """A linear layer that holds these weights, and the bias where there is one."""
    outputs, inputs = layer.weight.shape
    module = nn.Linear(inputs, outputs, bias=layer.bias is not None, device="meta")  # draws nothing
    return _holding(module, layer.weight, layer.bias)


def convolutional(run: Run, layers: Sequence[Layer], pixels: int) -> nn.Sequential:
    """``(batch, pixels)`` to logits ``(batch, classes)`` through 3x3 convolutions, as ``convolution`` says."""
    sides = convolution.sides(pixels, run.depth)
    modules: list[nn.Module] = [nn.Unflatten(1, (1, sides[0], sides[0]))]
    for index, layer in enumerate(layers[:-1]):
        step = convolution.stride(sides[index], first=index == 0)
        normalize: list[nn.Module] = []
        if run.normalization == "batch":
            normalize = [nn.BatchNorm2d(run.width, eps=run.eps, momentum=run.bn_momentum, affine=run.affine)]
        elif run.normalization == "layer":
            normalize = [nn.GroupNorm(1, run.width, eps=run.eps, affine=run.affine)]
        nonlinearity = MODULES[run.activation]()
        modules.append(_convolution(layer, step))
        modules += [*normalize, nonlinearity] if run.placement == "before" else [nonlinearity, *normalize]
        if run.dropout:
            modules.append(nn.Dropout(run.dropout))
    return nn.Sequential(*modules, nn.Flatten(), linear(layers[-1]))


def recurrent(run: Run, layers: Sequence[Layer], pixels: int) -> nn.Sequential:
    """``(batch, pixels)`` to logits ``(batch, classes)``, read row by row, as ``recurrence`` says."""
    side = math.isqrt(pixels)
    modules: list[nn.Module] = [nn.Unflatten(1, (side, side))]
    for layer in layers[:-1]:
        modules.append(Recurrent(run, layer, side))
        if run.dropout:
            modules.append(nn.Dropout(run.dropout))
    return nn.Sequential(*modules, LastStep(), linear(layers[-1]))


class Recurrent(nn.Module):
    """One recurrent layer: ``(batch, steps, inputs)`` to ``(batch, steps, units)``.

    Every time step has a normalization of its own, with gamma and beta in
    common. Without ``run.per_step`` the running statistics of all time steps
    are averaged where they are used: in eval mode.
    """

    def __init__(self, run: Run, layer: Layer, steps: int) -> None:
        super().__init__()
        self.linear, self.nonlinearity = linear(layer), MODULES[run.activation]()
        self.placement, self.eps = run.placement, run.eps
        self.shared = run.normalization == "batch" and not run.per_step
        self.normalizations = nn.ModuleList(_normalization(run) for _ in range(steps))
        for each in self.normalizations[1:]:
            for name, parameter in self.normalizations[0].named_parameters():
                setattr(each, name, parameter)

    def forward(self, sequence: Tensor) -> Tensor:
        state, states = sequence.new_zeros(len(sequence), self.linear.out_features), []
        for time, x in enumerate(sequence.unbind(1)):
            z = self.linear(torch.cat([x, state], 1))
            if self.placement == "before":
                state = self.nonlinearity(self._normalize(z, time))
            else:
                state = self._normalize(self.nonlinearity(z), time)
            states.append(state)
        return torch.stack(states, 1)

    def _normalize(self, z: Tensor, time: int) -> Tensor:
        if self.training or not self.shared:
            normalized: Tensor = self.normalizations[time](z)
            return normalized
        mean, var = (self._average(name) for name in ("running_mean", "running_var"))
        gamma_beta = dict(self.normalizations[time].named_parameters())
        return F.batch_norm(z, mean, var, gamma_beta.get("weight"), gamma_beta.get("bias"), eps=self.eps)

    def _average(self, name: str) -> Tensor:
        return torch.stack([each.get_buffer(name) for each in self.normalizations]).mean(0)


class LastStep(nn.Module):
    """What a sequence ends with: ``(batch, steps, units)`` to ``(batch, units)``."""

    def forward(self, sequence: Tensor) -> Tensor:
        return sequence[:, -1]


NETWORK_MODULES: dict[str, Callable[[Run, Sequence[Layer], int], nn.Sequential]] = {
    "cnn": convolutional,
    "rnn": recurrent,
}
"""Network to the function that makes its module."""


def _convolution(layer: Layer, step: int) -> nn.Conv2d:
    maps, inputs = layer.weight.shape
    channels, kernel = inputs // convolution.KERNEL**2, convolution.KERNEL
    module = nn.Conv2d(channels, maps, kernel, step, padding=1, bias=layer.bias is not None, device="meta")
    return _holding(module, layer.weight.view(maps, channels, kernel, kernel), layer.bias)


def _normalization(run: Run) -> nn.Module:
    """A recurrent layer's normalization of one time step."""
    if run.normalization == "none":
        return nn.Identity()
    if run.normalization == "layer":
        return nn.LayerNorm(run.width, eps=run.eps, elementwise_affine=run.affine)
    return nn.BatchNorm1d(run.width, eps=run.eps, momentum=run.bn_momentum, affine=run.affine)


def _holding(module: Linear, weight: Tensor, bias: Tensor | None) -> Linear:
    module.weight = nn.Parameter(weight)
    if bias is not None:
        module.bias = nn.Parameter(bias[:, 0])
    return module
