"""The training step's operations: each carries its own forward and, beside it, its own backward.

An operation is built once, joined to the signal it reads (``x``) and making the
one it writes (``y``); then every step calls ``forward()`` up the chain and
``backward()`` down, without arguments and almost without allocating.
``backward`` turns the loss gradient in ``y`` into the one in ``x`` and lands
the gradients of its parameters.

Signals are ``(runs, features, width)``, where ``width`` is the batch, filled up
where that makes the matrix products faster (``streams.fast_width``), and have room for
whole vectors behind them (``vectors``). Columns never mix but in sums over the
examples, and those take the first ``batch`` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Generator, Tensor

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.devices import CPU
from bnviz.engine.parameters import Parameter
from bnviz.engine.vectors import roomy, whole


class Signal:
    """What one operation hands to the next: a value on the way up, the loss gradient in it on the way down.

    The data are a signal whose gradient nobody asks for: their ``grad`` is empty.
    """

    def __init__(self, value: Tensor, grad: Tensor, batch: int) -> None:
        self.value, self.grad, self.batch = value, grad, batch
        self.examples, self.examples_grad = value[..., :batch], grad[..., :batch]

    def becomes(self, value: Tensor) -> Signal:
        """Another value, with the gradient in the same place: it is gone once it has been passed on."""
        return Signal(value, self.grad, self.batch)


class Operation(Protocol):
    """One site of the network."""

    y: Signal

    def forward(self) -> None: ...

    def backward(self) -> None: ...


class Linear:
    """``y = W x + b``; back: ``dW = dy x'``, ``db`` is the sum of ``dy`` over the examples, ``dx = W' dy``."""

    def __init__(self, x: Signal, y_grad: Tensor, weight: Parameter, bias: Parameter | None) -> None:
        self.y = Signal(roomy(*y_grad.shape), y_grad, x.batch)
        self._x, self._weight, self._bias = x, weight, bias
        self._x_rows, self._weight_columns = x.examples.transpose(1, 2), weight.value.transpose(1, 2)

    def forward(self) -> None:
        if self._bias is None:
            torch.bmm(self._weight.value, self._x.value, out=self.y.value)
        else:
            torch.baddbmm(self._bias.value, self._weight.value, self._x.value, out=self.y.value)

    def backward(self) -> None:
        if self._x.grad.numel():  # first, because landing may change W
            torch.bmm(self._weight_columns, self.y.grad, out=self._x.grad)
        self._weight.land_product(self.y.examples_grad, self._x_rows)
        if self._bias is not None:
            self._bias.land_sum(self.y.examples_grad)


class Nonlinearity:
    """``y = f(x)``; back: ``dx = f'(x) dy``, from ``y`` alone, over ``x``, wherever f allows it."""

    def __init__(self, x: Signal, word: str) -> None:
        row = ACTIVATIONS[word]
        self.y = x.becomes(roomy(*x.value.shape) if row.keeps_input else x.value)
        self._forward, self._backward = row.forward, row.backward
        self._x, self._y, self._grad = whole(x.value), whole(self.y.value), whole(x.grad)

    def forward(self) -> None:
        self._forward(self._x, self._y)

    def backward(self) -> None:
        self._backward(self._grad, self._x, self._y)


class Dropout:
    """``y = mask * x``, the mask 0 with probability p and 1 / (1 - p) otherwise; back: ``dx = mask * dy``.

    Each run draws its mask from its own generator, on the CPU, whoever trains beside it.
    """

    def __init__(self, x: Signal, share: Tensor, generators: Sequence[Generator]) -> None:
        self.y = x.becomes(torch.zeros_like(x.value))
        self._x, self._share, self._generators = x, share, generators
        self.mask = torch.empty_like(x.value)
        self._uniform = torch.empty_like(x.value, dtype=torch.float32, device=CPU)
        self._drawn = self.mask if x.value.device == CPU else torch.empty_like(self.mask, device=CPU)

    def draw(self) -> None:
        """A new mask for the next mini-batch."""
        for row, generator in zip(self._uniform, self._generators, strict=True):
            row.uniform_(generator=generator)
        torch.ge(self._uniform, self._share, out=self._drawn).div_(1 - self._share)
        if self._drawn is not self.mask:
            self.mask.copy_(self._drawn)

    def forward(self) -> None:
        torch.mul(self._x.value, self.mask, out=self.y.value)

    def backward(self) -> None:
        self.y.grad.mul_(self.mask)


class CrossEntropy:
    """Each run's mean ``-log softmax(logits)[label]``; back: ``scale * (softmax(logits) - onehot) / batch``."""

    def __init__(self, logits: Signal, labels: Tensor, scale: Tensor) -> None:
        self._logits, self._labels, self._scale = logits, labels, scale
        self._log_softmax = torch.empty_like(logits.value)
        self._picked = torch.empty(labels.shape)
        self._minus_one = torch.full(labels.shape, -1.0)

    def forward(self) -> Tensor:
        """The loss of every run, ``(runs,)``, in nats."""
        torch.log_softmax(self._logits.value, 1, out=self._log_softmax)
        torch.gather(self._log_softmax, 1, self._labels, out=self._picked)
        return self._picked.mean((1, 2)).neg_()

    def backward(self) -> None:
        grad = torch.exp(self._log_softmax, out=self._logits.grad)
        grad.scatter_add_(1, self._labels, self._minus_one)
        grad.mul_(self._scale / self._logits.batch)
