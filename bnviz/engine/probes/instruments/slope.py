"""The loss and its gradient in every parameter of every run, by autograd and in double precision."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from bnviz.engine.network import forward, losses
from bnviz.engine.probes.instruments.sight import Examples
from bnviz.engine.probes.passes import each
from bnviz.engine.trace import Layer
from bnviz.run import Run


def slope(run: Run, layers: Sequence[Layer], examples: Examples) -> tuple[Tensor, list[Layer]]:
    """Each run's loss ``(runs,)`` in train mode, and its gradient, kept as layers; float64 both.

    In float32 the decrease of a loss on a plateau, and the squared gradients
    of a deep network, would drown in rounding.
    """
    learned = [each(layer, lambda p: p.detach().double().requires_grad_()) for layer in layers]
    loss = losses(forward(run, learned, examples.x.double()).logits, examples.labels)
    found = iter(torch.autograd.grad(loss.sum(), [p for layer in learned for p in layer.tensors()]))
    return loss.detach(), [each(layer, lambda _: next(found)) for layer in learned]


def flat(layers: Sequence[Layer]) -> Tensor:
    """All parameters of every run side by side: ``(runs, parameters)``."""
    return torch.cat([p.flatten(1) for layer in layers for p in layer.tensors()], 1)
