"""Where a stack's learned numbers live, and where their gradients land.

All parameters of all runs stand in one flat tensor, so that an optimizer is a
few operations; layers see their part of it as ``(runs, out, in)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from bnviz.engine.devices import CPU
from bnviz.engine.trace import Layer

NAMES = ("weight", "bias", "gamma", "beta")

Part = TypeVar("Part")


@dataclass(frozen=True)
class Parameter:
    """A learned tensor of every run, and where its gradient g lands (``optimizers``): ``keep * target + sign * g``."""

    value: Tensor
    target: Tensor
    keep: float
    sign: float

    @property
    def empty(self) -> bool:
        """Whether the gradient itself is wanted, and nothing that stood in its place before."""
        return self.keep == 0 and self.sign == 1

    def land(self, gradient: Tensor) -> None:
        if self.empty:
            if gradient is not self.target:
                self.target.copy_(gradient)
            return
        if self.keep != 1:
            self.target.mul_(self.keep)
        self.target.add_(gradient, alpha=self.sign)

    def land_sum(self, terms: Tensor) -> None:
        """Land the sum over the examples of these terms, ``(runs, out, examples)``."""
        if self.empty:
            torch.sum(terms, 2, keepdim=True, out=self.target)
        else:
            self.land(terms.sum(2, keepdim=True))

    def land_product(self, a: Tensor, b: Tensor) -> None:
        """Land ``a @ b`` of every run, straight from the matrix product."""
        if self.empty:
            torch.bmm(a, b, out=self.target)
        else:
            torch.baddbmm(self.target, a, b, beta=self.keep, alpha=self.sign, out=self.target)

    def place_like(self, gradient: Tensor) -> Tensor:
        """Where to compute a gradient: where it lands, if nothing else stands there, or in a new place."""
        return self.target if self.empty else torch.empty_like(gradient)


class Parameters:
    """The parameters of some runs of one shape: ``flat``, and the same numbers as ``layers``.

    ``starts`` are the untouched layers of each run (``inits.initial_layers``);
    ``largest`` is the number of weights in one run's largest layer.
    """

    def __init__(self, starts: Sequence[Sequence[Layer]], device: torch.device = CPU) -> None:
        self._sites = [(i, n) for i, layer in enumerate(starts[0]) for n in NAMES if getattr(layer, n) is not None]
        blocks = [torch.stack([getattr(start[i], name) for start in starts]) for i, name in self._sites]
        self._shapes = [block.shape for block in blocks]
        self.flat = torch.cat([block.reshape(-1) for block in blocks]).to(device)
        self.largest = max(math.prod(shape[1:]) for shape in self._shapes)
        self.layers = self._layers(self.flat)

    def on_cpu(self) -> tuple[Layer, ...]:
        """The layers, or where they are on a GPU a copy of them, to be read on the CPU."""
        return self.layers if self.flat.device == CPU else self._layers(self.flat.to(CPU))

    def spread(self, own: Tensor) -> Tensor:
        """One number a run, ``(runs, 1, 1)``, as one a parameter: flat."""
        return torch.cat([own.expand(shape).reshape(-1) for shape in self._shapes])

    def landing(self, target: Tensor, keep: float, sign: float) -> list[dict[str, Parameter]]:
        """For each layer its parameters by name, whose gradients land in the flat ``target``."""
        pairs = zip(self._cut(self.flat), self._cut(target), strict=True)
        return self._by_layer([Parameter(value, place, keep, sign) for value, place in pairs])

    def _layers(self, flat: Tensor) -> tuple[Layer, ...]:
        return tuple(Layer(**parts) for parts in self._by_layer(self._cut(flat)))

    def _cut(self, flat: Tensor) -> list[Tensor]:
        parts = torch.split_with_sizes(flat, [shape.numel() for shape in self._shapes])
        return [part.view(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def _by_layer(self, parts: Sequence[Part]) -> list[dict[str, Part]]:
        layers: list[dict[str, Part]] = [{} for _ in range(self._sites[-1][0] + 1)]
        for (index, name), part in zip(self._sites, parts, strict=True):
            layers[index][name] = part
        return layers
