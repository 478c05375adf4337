"""What an instrument may look at: the stack at rest, and three sets of examples. Nothing here is written to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from bnviz.engine.autograd_road import batch_statistics
from bnviz.engine.network import forward
from bnviz.engine.trace import Running, Watched
from bnviz.run import Run


class Examples(NamedTuple):
    """Some examples of every run: ``x`` ``(runs, features, examples)``, ``labels`` ``(runs, examples)``."""

    x: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Sight:
    """A stack at rest, the probe batch, test examples, and up to 1024 training examples with the labels it learns."""

    watched: Watched
    probe: Examples
    test: Examples
    train: Examples

    @cached_property
    def undivided(self) -> Run:
        """The run without ghost batches: batch statistics are those of all examples that are shown."""
        return self.watched.run.replace(ghost_size=None)

    def logits(self, x: Tensor, running: tuple[Running, ...] = ()) -> Tensor:
        """Logits ``(runs, classes, examples)``: with these statistics, or without any with the examples' own."""
        return forward(self.undivided, self.watched.layers, x, running).logits

    def population(self, x: Tensor) -> tuple[Running, ...]:
        """The statistics of these examples in every layer, as if they were all there are; empty without any."""
        if not self.undivided.uses_batch:
            return ()
        trace = forward(self.undivided, self.watched.layers, x)
        return tuple(batch_statistics(self.undivided, layer) for layer in trace.layers)


def share_right(logits: Tensor, labels: Tensor) -> Tensor:
    """The share of examples named right, ``(runs,)``; NaN for a network that became infinite."""
    return share(logits.argmax(1) == labels, logits)


def share(holds: Tensor, *logits: Tensor) -> Tensor:
    """The share of examples at which something holds, ``(runs, examples)`` to ``(runs,)``; NaN by infinite logits."""
    finite = torch.stack([each.isfinite().all(2).all(1) for each in logits]).all(0)
    return holds.float().mean(1).masked_fill(~finite, torch.nan)
