"""What an instrument reads: the stack at rest and three sets of examples, and the loss and its gradient there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from bnviz.engine.autograd_gradients import batch_statistics
from bnviz.engine.network import forward, losses
from bnviz.engine.trace import Layer, Running, StackView
from bnviz.run import Run


class Examples(NamedTuple):
    """Some examples of every run: ``x`` ``(runs, features, examples)``, ``labels`` ``(runs, examples)``."""

    x: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Context:
    """A stack at rest, the probe batch, test examples, and up to 1024 training examples with the labels it learns.

    ``first`` are the rows of the first seed, of which some things are read that are too many for all.
    """

    stack: StackView
    probe: Examples
    test: Examples
    train: Examples
    first: Sequence[int] = (0,)

    @cached_property
    def undivided(self) -> Run:
        """The run without ghost batches: batch statistics are those of all examples that are shown."""
        return self.stack.run.replace(ghost_size=None)

    def logits(self, x: Tensor, running: tuple[Running, ...] = ()) -> Tensor:
        """Logits ``(runs, classes, examples)``: with these statistics, or without any with the examples' own."""
        return forward(self.undivided, self.stack.layers, x, running).logits

    def population(self, x: Tensor) -> tuple[Running, ...]:
        """The statistics of these examples in every layer, as if they were all there are; empty without any."""
        if not self.undivided.uses_batch:
            return ()
        trace = forward(self.undivided, self.stack.layers, x)
        return tuple(batch_statistics(self.undivided, layer) for layer in trace.layers)


def share_right(logits: Tensor, labels: Tensor) -> Tensor:
    """The share of examples named right, ``(runs,)``; NaN for a network that became infinite."""
    return share(logits.argmax(1) == labels, logits)


def share(holds: Tensor, *logits: Tensor) -> Tensor:
    """The share of examples at which something holds, ``(runs, examples)`` to ``(runs,)``; NaN by infinite logits."""
    finite = torch.stack([each.isfinite().all(2).all(1) for each in logits]).all(0)
    return holds.float().mean(1).masked_fill(~finite, torch.nan)


def loss_and_gradient(run: Run, layers: Sequence[Layer], examples: Examples) -> tuple[Tensor, list[Layer]]:
    """Each run's loss ``(runs,)`` in train mode, and its gradient by autograd, kept as layers; float64 both.

    In float32 the decrease of a loss on a plateau, and the squared gradients
    of a deep network, would drown in rounding.
    """
    learned = [layer.map(lambda p: p.detach().double().requires_grad_()) for layer in layers]
    loss = losses(forward(run, learned, examples.x.double()).logits, examples.labels)
    found = iter(torch.autograd.grad(loss.sum(), [p for layer in learned for p in layer.tensors()]))
    return loss.detach(), [layer.map(lambda _: next(found)) for layer in learned]


def flat(layers: Sequence[Layer]) -> Tensor:
    """All parameters of every run side by side: ``(runs, parameters)``."""
    return torch.cat([p.flatten(1) for layer in layers for p in layer.tensors()], 1)
