"""A run as a plain ``torch.nn.Module``: the same initial weights, for whoever wants to train it in the usual loop.

Everything is PyTorch's own but what it does not have: the variants of batch
normalization, the noise, and a recurrent layer that normalizes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.chance import disturbed, noise
from bnviz.engine.datasets import load
from bnviz.engine.inits import initial_layers
from bnviz.engine.normalizations import mean
from bnviz.engine.trace import Layer
from bnviz.fields import InvalidChoice
from bnviz.own_functions import called, is_function
from bnviz.run import Run
from bnviz.strides import KERNEL, sides, strides

Linear = TypeVar("Linear", nn.Linear, nn.Conv2d)


def to_module(run: Run, seed: int) -> nn.Sequential:
    """The network of ``run`` in PyTorch's own layers, with the initial weights of this seed.

    Called on ``(batch, features)`` it gives logits ``(batch, classes)``. It
    draws dropout and noise from PyTorch's global generator, so with these the
    losses of a run and of its module agree only on average.
    """
    data = load(run, seed)
    *below, output = initial_layers(run, seed, data.features, data.classes)
    return nn.Sequential(*HIDDEN[run.network](run, below, data.features), linear(output))


def fully_connected(run: Run, layers: Sequence[Layer], features: int) -> list[nn.Module]:
    """``(batch, features)`` to ``(batch, units)``."""
    return [module for layer in layers for module in _sites(run, linear(layer))]


def _sites(run: Run, linear_map: nn.Module, of_maps: bool = False) -> list[nn.Module]:
    """A hidden layer in the order in which its sites follow each other."""
    before, after = (_placed(run, site, of_maps) for site in ("before", "after"))
    return [linear_map, *before, ACTIVATIONS[run.activation].module(), *after, *_dropout(run)]


def _placed(run: Run, site: str, of_maps: bool = False) -> list[nn.Module]:
    """What stands ``before`` or ``after`` the nonlinearity."""
    if run.normalizes(site):
        return [normalization(run, of_maps)]
    return [GammaAndBeta(run.width)] if run.scales(site) else []


def _dropout(run: Run) -> list[nn.Module]:
    return [nn.Dropout(run.dropout)] if run.dropout else []


def convolutional(run: Run, layers: Sequence[Layer], pixels: int) -> list[nn.Module]:
    """``(batch, pixels)`` to ``(batch, maps * places)`` through 3x3 convolutions, as ``convolution`` says."""
    side = sides(pixels, run.depth)[0]
    modules: list[nn.Module] = [nn.Unflatten(1, (1, side, side))]
    for layer, moves in zip(layers, strides(pixels, run.depth), strict=True):
        modules += _sites(run, _convolution(layer, moves), of_maps=True)
    return [*modules, nn.Flatten()]


def recurrent(run: Run, layers: Sequence[Layer], pixels: int) -> list[nn.Module]:
    """``(batch, pixels)`` to ``(batch, units)``, read row by row, as ``recurrence`` says."""
    side = math.isqrt(pixels)
    modules = [module for layer in layers for module in (Recurrent(run, layer, side), *_dropout(run))]
    return [nn.Unflatten(1, (side, side)), *modules, LastStep()]


HIDDEN: dict[str, Callable[[Run, Sequence[Layer], int], list[nn.Module]]] = {
    "mlp": fully_connected,
    "cnn": convolutional,
    "rnn": recurrent,
}
"""Network to the modules below its output layer."""


class Recurrent(nn.Module):
    """One recurrent layer: ``(batch, steps, inputs)`` to ``(batch, steps, units)``.

    Every time step has a normalization of its own, with gamma and beta in
    common. Without ``run.per_step`` the running statistics of all time steps
    are averaged where they are used: in eval mode.
    """

    def __init__(self, run: Run, layer: Layer, steps: int) -> None:
        super().__init__()
        self.linear, self.nonlinearity = linear(layer), ACTIVATIONS[run.activation].module()
        self.before, self.eps = run.normalizes("before"), run.eps
        self.shared = run.normalization == "batch" and not run.per_step
        self.normalizations = nn.ModuleList(normalization(run) for _ in range(steps))
        for each in self.normalizations[1:]:
            for name, parameter in self.normalizations[0].named_parameters():
                setattr(each, name, parameter)
        self.behind = nn.Sequential(*(_placed(run, "after") if self.before else []))

    def forward(self, sequence: Tensor) -> Tensor:
        state, states = sequence.new_zeros(len(sequence), self.linear.out_features), []
        for time, x in enumerate(sequence.unbind(1)):
            z = self.linear(torch.cat([x, state], 1))
            if self.before:
                state = self.behind(self.nonlinearity(self._normalize(z, time)))
            else:
                state = self._normalize(self.nonlinearity(z), time)
            states.append(state)
        return torch.stack(states, 1)

    def _normalize(self, z: Tensor, time: int) -> Tensor:
        if self.training or not self.shared:
            normalized: Tensor = self.normalizations[time](z)
            return normalized
        kept = ([each.get_buffer(name) for each in self.normalizations] for name in ("running_mean", "running_var"))
        centre, var = (torch.stack(each).mean(0) for each in kept)
        gamma_beta = dict(self.normalizations[time].named_parameters())
        return F.batch_norm(z, centre, var, gamma_beta.get("weight"), gamma_beta.get("bias"), eps=self.eps)


class LastStep(nn.Module):
    """What a sequence ends with: ``(batch, steps, units)`` to ``(batch, units)``."""

    def forward(self, sequence: Tensor) -> Tensor:
        return sequence[:, -1]


def normalization(run: Run, of_maps: bool = False) -> nn.Module:
    """The normalization of one site: of units, ``(batch, units)``, or of maps, ``(batch, maps, side, side)``."""
    if run.normalization == "none":
        return nn.Identity()
    if is_function(run.normalization):
        raise InvalidChoice(
            f"normalization was {called(run.normalization)}, a function of one's own, of which there is no module; "
            "allowed are the words of bnviz: call the function in a module of your own."
        )
    if run.normalization == "layer" and not of_maps:
        return nn.LayerNorm(run.width, run.eps, _has_its_own(run))
    if run.normalization in ("layer", "group"):
        return nn.GroupNorm(1 if of_maps else run.groups, run.width, run.eps, _has_its_own(run))
    if run.normalization == "batch" and run.ghost_size is None and run.eps:  # PyTorch's refuses an eps of 0
        kind = nn.BatchNorm2d if of_maps else nn.BatchNorm1d
        return kind(run.width, run.eps, run.bn_momentum, _has_its_own(run))
    variant = BatchVariant(run)
    return nn.Sequential(variant, AddedNoise()) if run.normalization == "noisy" else variant


def _has_its_own(run: Run) -> bool:
    """Whether gamma and beta are the normalization's own: no nonlinearity stands between."""
    return run.affine and run.placement != "around"


class GammaAndBeta(nn.Module):
    """``gamma * x + beta`` of each unit, ``(batch, units)``, or of each map, ``(batch, maps, side, side)``."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(units)), nn.Parameter(torch.zeros(units))

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = (each.view(-1, *[1] * (x.dim() - 2)) for each in (self.weight, self.bias))
        return x * weight + bias


class BatchVariant(nn.BatchNorm1d):
    """``gamma * (x - mean) / sqrt(square + eps) + beta`` with the mean and a squared scale of each ghost batch.

    ``run.ghost_size`` examples that follow each other share statistics; None
    means all. ``detached`` ones are constants to the gradient. Eval mode is
    that of ``nn.BatchNorm1d``: ``running_var`` holds the square. Of maps,
    ``(batch, maps, side, side)``, every place is an example.

    Raises:
        ValueError: a mini-batch that has no batch statistics; the running ones stay as they were.
    """

    def __init__(self, run: Run) -> None:
        super().__init__(run.width, run.eps, run.bn_momentum, _has_its_own(run))
        self.run = run

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        examples = x.movedim(1, -1)
        return self._train(examples.reshape(-1, self.num_features)).view_as(examples).movedim(-1, 1)

    def _train(self, x: Tensor) -> Tensor:
        ghosts = self._in_ghosts(x)
        source = ghosts.detach() if self.run.normalization == "detached" else ghosts
        centre = mean(source, 1, self.eps)
        centred = source - centre
        squared = SQUARES.get(self.run.normalization)
        square = squared(centred) if squared else (centred**2).mean(1, keepdim=True)
        with torch.no_grad():
            unbiased = square.mean((0, 1)) * ghosts.shape[1] / (ghosts.shape[1] - 1)
            self.get_buffer("running_mean").lerp_(centre.mean((0, 1)), self.run.bn_momentum)
            self.get_buffer("running_var").lerp_(unbiased, self.run.bn_momentum)
        x_hat = ((ghosts - centre) / torch.sqrt(square + self.eps)).view_as(x)
        return x_hat * self.weight + self.bias if self.affine else x_hat

    def _in_ghosts(self, x: Tensor) -> Tensor:
        size, examples = self.run.ghost_size, len(x)
        if size and examples % size:
            raise ValueError(
                f"Examples in the mini-batch were {examples}; allowed in training is a multiple of the ghost size "
                f"{size}: leave the last, smaller mini-batch out, or call eval() first."
            )
        if examples < 2:
            raise ValueError(
                f"Examples in the mini-batch were {examples}; allowed in training is 2 or more, because one example "
                "minus its own mean is always 0: leave a last, smaller mini-batch out, or call eval() first."
            )
        return x.view(-1, size or examples, self.num_features)


SQUARES: dict[str, Callable[[Tensor], Tensor]] = {
    "l1": lambda centred: math.pi / 2 * centred.abs().mean(1, keepdim=True) ** 2,
    "linf": lambda centred: centred.abs().max(1, keepdim=True).values ** 2 / (2 * math.log(centred.shape[1])),
}
"""Word to squared scale, ``(ghosts, examples, features)`` to ``(ghosts, 1, features)``; others take the variance."""


class AddedNoise(nn.Module):
    """The ``noise`` behind a normalization, in train mode only; drawn from the global generator."""

    def forward(self, y: Tensor) -> Tensor:
        if not self.training:
            return y
        return disturbed(y.T[None], noise([torch.default_generator], y.shape[1], len(y)))[0].T


def linear(layer: Layer) -> nn.Linear:
    """A linear layer that holds these weights, and the bias where there is one."""
    outputs, inputs = layer.weight.shape
    module = nn.Linear(inputs, outputs, layer.bias is not None, device="meta")  # draws nothing
    return _holding(module, layer.weight, layer.bias)


def _convolution(layer: Layer, moves: int) -> nn.Conv2d:
    maps, inputs = layer.weight.shape
    channels = inputs // KERNEL**2
    module = nn.Conv2d(channels, maps, KERNEL, moves, padding=1, bias=layer.bias is not None, device="meta")
    return _holding(module, layer.weight.view(maps, channels, KERNEL, KERNEL), layer.bias)


def _holding(module: Linear, weight: Tensor, bias: Tensor | None) -> Linear:
    module.weight = nn.Parameter(weight)
    if bias is not None:
        module.bias = nn.Parameter(bias[:, 0])
    return module
