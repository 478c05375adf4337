"""A stack: runs of one shape that train as one program.

Weights are ``(runs, out, in)`` and signals ``(runs, features, batch)``, so one
matrix product serves every run. Learning rate, weight decay, dropout share,
initial weights and seed are each run's own. This is the fast road: operations
wired together once (``wiring``), no autograd. What it computes is written for
reading in ``network``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from bnviz.engine.batches import Feed
from bnviz.engine.conditions import one_thread_without_denormals
from bnviz.engine.datasets import Data
from bnviz.engine.generators import torch_generator
from bnviz.engine.inits import initial_layers
from bnviz.engine.normalizations import Statistics
from bnviz.engine.operations import CrossEntropy, Dropout, Signal, fast_width
from bnviz.engine.optimizers import OPTIMIZERS
from bnviz.engine.parameters import Parameters
from bnviz.engine.trace import Watched
from bnviz.engine.wiring import wire
from bnviz.experiment import Run


class Stack:
    """Some runs of one shape, their parameters, and the step that trains them all.

    ``runs``, ``seeds`` and ``data`` have one entry a run. A run trains alike
    whatever else stands beside it: to the same bits where its sizes fill whole
    vectors, and otherwise but for the last ones.
    """

    def __init__(self, runs: Sequence[Run], seeds: Sequence[int], data: Sequence[Data]) -> None:
        self.run, self.step = runs[0], 0
        self.diverged_at = torch.full((len(runs),), torch.nan)
        self._feed = Feed(self.run.batch_size, data, seeds, fast_width(self.run.batch_size))
        self._parameters = Parameters(
            [initial_layers(run, seed, d.features, d.classes) for run, seed, d in zip(runs, seeds, data, strict=True)]
        )
        self._rates, decays = _own(run.learning_rate for run in runs), _own(run.weight_decay for run in runs)
        self._rule = OPTIMIZERS[self.run.optimizer](self.run, self._parameters, self._rates, decays)
        self._statistics = Statistics(self.run, len(runs))
        self._dropouts: list[Dropout] = []
        shares, generators = _own(run.dropout for run in runs), [torch_generator(seed, "dropout") for seed in seeds]

        def dropout(x: Signal) -> Dropout:
            self._dropouts.append(Dropout(x, shares, generators))
            return self._dropouts[-1]

        self._chain = wire(
            self.run, Signal(self._feed.x, torch.empty(0), self.run.batch_size),
            self._parameters.landing(self._rule.target, self._rule.keep, self._rule.sign),
            self._statistics, dropout if self.run.dropout else None,
        )
        self._cross_entropy = CrossEntropy(self._chain[-1].y, self._feed.y, self._rule.loss_scale)
        self._loss: Tensor | None = None
        self._fed = False

    @property
    def per_epoch(self) -> int:
        """Mini-batches in one epoch."""
        return self._feed.per_epoch

    @property
    def loss(self) -> Tensor:
        """Every run's mini-batch loss before the newest update, ``(runs,)``; before any, that of the first batch."""
        if self._loss is None:
            with one_thread_without_denormals(), torch.inference_mode():
                self._loss = self._forward()
        return self._loss

    def advance(self, steps: int) -> None:
        """Train ``steps`` steps, and note the step at which a run's loss stopped being finite."""
        losses = torch.empty(steps, len(self.diverged_at))
        with one_thread_without_denormals(), torch.inference_mode():
            for index in range(steps):
                losses[index] = self._forward()
                self._backward()
        lost = ~losses.isfinite()
        fresh = lost.any(0) & self.diverged_at.isnan()
        self.diverged_at[fresh] = (self.step + 1.0 + lost.float().argmax(0))[fresh]
        self.step += steps
        self._loss = losses[-1]

    def _forward(self) -> Tensor:
        """The losses of the next mini-batch: the same one until it was learned from."""
        if not self._fed:
            self._feed.next()
            for dropout in self._dropouts:
                dropout.draw()
            self._fed = True
        for operation in self._chain:
            operation.forward()
        return self._cross_entropy.forward()

    def _backward(self) -> None:
        """Learn from the mini-batch that went forward."""
        self._cross_entropy.backward()
        for operation in reversed(self._chain):
            operation.backward()
        self._rule.update()
        self._statistics.update()
        self._fed = False

    def set_learning_rate(self, rate: float, rows: Sequence[int]) -> None:
        """Give the runs in these rows another learning rate, from the next step on."""
        self._rates[list(rows)] = rate
        self._rule.set_rate(self._rates)

    def watched(self) -> Watched:
        """The stack at rest, for the probes."""
        return Watched(self.run, self.step, self._parameters.layers, self._statistics.running(), self._rates)


def _own(values: Iterable[float]) -> Tensor:
    """One number a run, ``(runs, 1, 1)``."""
    return torch.tensor(list(values)).view(-1, 1, 1)
