"""A stack: runs of one shape that train as one program.

Weights are ``(runs, out, in)`` and signals ``(runs, features, batch)``, so one
matrix product serves every run. Learning rate, weight decay, dropout share,
initial weights and seed are each run's own. Gradients are written out, as
operations joined once (``written_gradients``), which is fast, or, of networks
that have none written out, left to autograd (``autograd_gradients``). What
both compute is written for reading in ``network``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

from bnviz.engine.autograd_gradients import AutogradGradients
from bnviz.engine.batches import MiniBatches
from bnviz.engine.chance import Chance, Chances
from bnviz.engine.datasets import Data
from bnviz.engine.devices import CPU, Captured, device_for, made_on, numbers_of, one_thread_without_denormals
from bnviz.engine.inits import initial_layers
from bnviz.engine.network import NETWORKS
from bnviz.engine.optimizers import OPTIMIZERS
from bnviz.engine.parameters import Parameters
from bnviz.engine.states import State, beneath, under
from bnviz.engine.trace import Layer, Running, StackView
from bnviz.engine.written_gradients import WrittenGradients
from bnviz.run import Run
from bnviz.streams import fast_width, is_written_out

CACHE = 4 * 2**20
"""Bytes of one stack's weights and signals: more of them fall out of the processor's cache between two uses."""

OWN_TO_A_RUN = {"learning_rate", "weight_decay", "dropout", "init", "init_scale", "label_noise"}
"""What each run of a stack may have for itself; everything else is the stack's shape."""


class Stack:
    """Some runs of one shape, their parameters, and the step that trains them all.

    ``runs``, ``seeds`` and ``data`` have one entry a run. On one processor a run
    trains to the same bits whatever else stands beside it (``vectors``). With a
    ``dtype`` of float64 it draws the same numbers and computes with 16 digits;
    probes see it in float32.
    """

    def __init__(
        self, runs: Sequence[Run], seeds: Sequence[int], data: Sequence[Data], dtype: torch.dtype = torch.float32
    ) -> None:
        self.run, self.step, self._seeds = runs[0], 0, tuple(seeds)
        self.diverged_at = torch.full((len(runs),), torch.nan)
        self._dtype = dtype
        self._loss: Tensor | None = None
        self._ready = False
        with numbers_of(dtype):
            self._build(runs, seeds, data)

    def _build(self, runs: Sequence[Run], seeds: Sequence[int], data: Sequence[Data]) -> None:
        members = zip(runs, seeds, data, strict=True)
        starts = [initial_layers(run, seed, own.features, own.classes) for run, seed, own in members]
        dropout = _own(run.dropout for run in runs)
        self._device = device_for(self.run.batch_size * _weights(starts))
        self._batches = MiniBatches(
            self.run.batch_size, data, seeds, fast_width(self.run.batch_size), self.run.shuffle, self._device
        )
        self._parameters = Parameters(starts, self._device)
        with made_on(self._device):
            self._rates, decays = _own(run.learning_rate for run in runs), _own(run.weight_decay for run in runs)
            self._rule = OPTIMIZERS[self.run.optimizer](self.run, self._parameters, self._rates, decays)
            self._gradients = self._gradients_with(dropout)
        steady = self._device != CPU and self._rule.steady and isinstance(self._gradients, WrittenGradients)
        steady = steady and not self.run.functions  # of which nobody knows what a graph would repeat
        self._captured = Captured() if steady else None

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        with numbers_of(self._dtype), one_thread_without_denormals(), torch.inference_mode():
            yield

    def _gradients_with(self, dropout: Tensor) -> WrittenGradients | AutogradGradients:
        run, x, labels = self.run, self._batches.x, self._batches.y
        if is_written_out(run):
            return WrittenGradients(run, self._seeds, x, labels, self._parameters, self._rule, dropout)
        chances = Chances(run, self._seeds, dropout, self._device)
        return AutogradGradients(run, x[..., : run.batch_size], labels, self._parameters, self._rule, chances)

    @property
    def per_epoch(self) -> int:
        """Mini-batches in one epoch."""
        return self._batches.per_epoch

    @property
    def loss(self) -> Tensor:
        """Every run's mini-batch loss before the newest update, ``(runs,)``; before any, that of the first batch."""
        if self._loss is None:
            with self._at_work():
                self._prepare()
                self._loss = self._gradients.forward().to(CPU)
        return self._loss

    def advance(self, steps: int) -> None:
        """Train ``steps`` steps, and note the step at which a run's loss stopped being finite."""
        each = []
        with self._at_work():
            for index in range(steps):
                self._prepare()
                if self.run.rate_moves:
                    self._rule.set_rate(self._rates_at(self.step + index))
                each.append(self._captured(self._learn).clone() if self._captured else self._learn())
                self._ready = False
            losses = torch.stack(each).to(CPU)
        lost = ~losses.isfinite()
        fresh = lost.any(0) & self.diverged_at.isnan()
        self.diverged_at[fresh] = (self.step + 1.0 + lost.float().argmax(0))[fresh]
        self.step += steps
        self._loss = losses[-1]

    def _prepare(self) -> None:
        """Have the next mini-batch ready: the same one until it was learned from."""
        if not self._ready:
            self._batches.next()
            self._gradients.draw()
            self._ready = True

    def _learn(self) -> Tensor:
        """The losses of the mini-batch, and one step of the parameters."""
        losses = self._gradients.forward()
        self._gradients.backward()
        self._rule.update()
        return losses

    def _rates_at(self, step: int) -> Tensor:
        """Every run's learning rate in the step after ``step`` others, where it changes by itself."""
        return self._rates * self.run.rate_factor(step) if self.run.rate_moves else self._rates

    def set_learning_rate(self, rate: float, rows: Sequence[int]) -> None:
        """Give the runs in these rows another learning rate, from the next step on; where it falls, another first."""
        self._rates[list(rows)] = rate
        self._rule.set_rate(self._rates)

    def state(self) -> dict[str, Tensor]:
        """What decides how training goes on (see ``states``)."""
        loss = self.loss
        ready = self._ready
        numbers = {"step": self.step, "ready": int(ready)}
        return {
            **{name: torch.tensor(number) for name, number in numbers.items()},
            "parameters": self._parameters.flat, "rates": self._rates, "diverged_at": self.diverged_at,
            "loss": loss, **under("rule", self._rule.state()),
            **under("gradients", self._gradients.state(ready)), **under("batches", self._batches.state(ready)),
        }  # fmt: skip

    def load(self, state: State) -> None:
        """Stand where another stack of the same runs stood."""
        with torch.inference_mode():
            self._parameters.flat.copy_(state["parameters"])
            self._rates.copy_(state["rates"])
            self.diverged_at.copy_(state["diverged_at"])
            self._rule.load(beneath("rule", state))
            self._rule.set_rate(self._rates)
            self._gradients.load(beneath("gradients", state))
        self.step, self._ready, self._loss = int(state["step"]), bool(state["ready"]), state["loss"]
        self._batches.load(beneath("batches", state), self._ready)
        if self._ready:
            self._gradients.draw()

    def next_batch(self, row: int) -> tuple[Tensor, Tensor, list[Chance]]:
        """What one run learns from next: ``(1, features, examples)``, labels ``(examples,)``, and what chance does."""
        with self._at_work():
            self._prepare()
            x, labels = self._batches.x[row : row + 1, :, : self.run.batch_size], self._batches.y[row, 0]
            return x.to(CPU).clone(), labels.to(CPU).clone(), [own.of(row) for own in self._gradients.chances()]

    def next_inputs(self) -> Tensor:
        """What every run learns from next: ``(runs, features, examples)``."""
        with self._at_work():
            self._prepare()
            return self._batches.x[..., : self.run.batch_size].to(CPU).clone()

    def at_rest(self) -> StackView:
        """The stack at rest, for the probes."""
        layers = tuple(layer.map(_read) for layer in self._parameters.on_cpu())
        running = tuple(Running(_read(each.mean), _read(each.var)) for each in self._gradients.running())
        return StackView(self.run, self.step, layers, running, _read(self._rates_at(self.step)), self._seeds)


def _read(own: Tensor) -> Tensor:
    """As probes take it: on the CPU, in float32."""
    return own.to(CPU, torch.float32)


def _weights(starts: Sequence[Sequence[Layer]]) -> int:
    """How many weights all runs have together."""
    return sum(layer.weight.numel() for layers in starts for layer in layers)


def _own(values: Iterable[float]) -> Tensor:
    """One number a run, ``(runs, 1, 1)``."""
    return torch.tensor(list(values)).view(-1, 1, 1)


def together(
    runs: Sequence[Run], data: Sequence[Data], dtype: torch.dtype = torch.float32
) -> list[list[int]]:
    """Groups of runs of one shape, as indices; groups too large for the cache are cut into equal parts.

    Runs with and without weight decay, or dropout, train apart: those
    without should not do the others' work.
    """
    shapes: dict[tuple[object, ...], list[int]] = {}
    for index, run in enumerate(runs):
        shape = run.model_dump(exclude=OWN_TO_A_RUN).values()
        shapes.setdefault((*shape, run.weight_decay > 0, run.dropout > 0), []).append(index)
    groups = []
    for group in shapes.values():
        parts = -(-len(group) * dtype.itemsize * _numbers(runs[group[0]], data[group[0]]) // CACHE)
        size = -(-len(group) // parts)
        groups += [group[first : first + size] for first in range(0, len(group), size)]
    return groups


def _numbers(run: Run, data: Data) -> int:
    """How many a step of one run touches, about: the weights, and what goes into every layer and comes out."""
    shapes = NETWORKS[run.network].shapes(run, data.features, data.classes)
    weights = sum(shape.outputs * shape.inputs for shape in shapes)
    return weights + run.batch_size * sum(shape.uses * (shape.inputs + shape.outputs) for shape in shapes)
