"""Batch and layer normalization as operations with their gradients, and the statistics that they leave behind.

Each carries its own forward and, beside it, its own backward (see
``operations``). What they compute is written for reading in
``normalizations``, where the conventions are said too.
"""

from __future__ import annotations

import torch
from torch import Tensor

from bnviz.engine.normalizations import mean
from bnviz.engine.operations import Signal
from bnviz.engine.parameters import Parameter
from bnviz.engine.states import State
from bnviz.engine.trace import Running
from bnviz.run import Run

Affine = tuple[Parameter, Parameter] | None
"""gamma and beta, where they are learned."""


class Statistics:
    """What every batch-normalized layer sums up over a mini-batch, and the running statistics that follow.

    ``sums`` is ``(layers, sum and sum of squares, runs, features, 1)``, the
    squares those of the distances to the mean; each ``BatchNorm`` writes its
    part.
    """

    def __init__(self, run: Run, runs: int) -> None:
        self._used, self._momentum = run.normalization == "batch", run.bn_momentum
        self.sums = torch.empty(run.depth if self._used else 0, 2, runs, run.width, 1)
        self._running = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1) + torch.zeros_like(self.sums)
        self._unbiased = torch.tensor([1 / run.batch_size, 1 / max(run.batch_size - 1, 1)]).view(2, 1, 1, 1)

    def update(self) -> None:
        """Let the running statistics take in this mini-batch."""
        if self._used:
            self._running.lerp_(self.sums * self._unbiased, self._momentum)

    def running(self) -> tuple[Running, ...]:
        """One entry a layer; none without batch normalization."""
        return tuple(Running(mean, var) for mean, var in self._running)

    def state(self) -> dict[str, Tensor]:
        return {"running": self._running}

    def load(self, state: State) -> None:
        self._running.copy_(state["running"])


class BatchNorm:
    """``y = gamma * x_hat + beta`` of every unit over the mini-batch.

    Back, with sums over the m examples, ``centred = x - mean``, and ``slope =
    gamma / deviation``: ``dbeta = sum(dy)``, ``dgamma = sum(dy centred) / deviation``
    and ``dx = slope (dy - dbeta / m - centred dgamma / (m deviation))``.
    ``sums`` receives ``sum(x)`` and ``sum(centred^2)``, ``(2, runs, features,
    1)``: they are divided by m where they are used, which costs nothing there.
    ``y`` may be the value of ``x`` itself where nobody needs that again.

    Source: Ioffe & Szegedy 2015, section 3.
    """

    def __init__(self, x: Signal, y: Tensor, scratch: Tensor, eps: float, affine: Affine, sums: Tensor) -> None:
        self.y = x.becomes(y)
        self._x, self._eps, self._added, self._affine = x, eps, torch.tensor(eps), affine
        self._sum, self._squares = sums
        self._centred, self._product, self._products = torch.empty_like(scratch), scratch, scratch[..., : x.batch]
        self._inverse, self._slope, self._stretch = torch.empty(3, *self._sum.shape)
        gamma, beta = affine or (None, None)
        self._gamma_grad, self._beta_grad = (
            torch.empty_like(self._sum) if each is None else each.place_like(self._sum) for each in (gamma, beta)
        )

    def forward(self) -> None:
        share = 1 / self.y.batch
        if self._eps:
            torch.sum(self._x.examples, 2, keepdim=True, out=self._sum)
            torch.sub(self._x.value, self._sum, alpha=share, out=self._centred)
        else:
            centre = mean(self._x.examples, 2, self._eps)
            torch.mul(centre, self.y.batch, out=self._sum)
            torch.sub(self._x.value, centre, out=self._centred)
        torch.mul(self._centred, self._centred, out=self._product)
        torch.sum(self._products, 2, keepdim=True, out=self._squares)
        torch.add(self._added, self._squares, alpha=share, out=self._inverse).rsqrt_()
        if self._affine is None:
            torch.mul(self._centred, self._inverse, out=self.y.value)
        else:
            gamma, beta = self._affine
            torch.mul(self._inverse, gamma.value, out=self._slope)
            torch.mul(self._centred, self._slope, out=self.y.value).add_(beta.value)

    def backward(self) -> None:
        grad, slope, share = self.y.grad, self._inverse if self._affine is None else self._slope, 1 / self.y.batch
        torch.sum(self.y.examples_grad, 2, keepdim=True, out=self._beta_grad)
        torch.mul(grad, self._centred, out=self._product)
        torch.sum(self._products, 2, keepdim=True, out=self._gamma_grad).mul_(self._inverse)
        if self._affine is not None:
            gamma, beta = self._affine
            gamma.land(self._gamma_grad)
            beta.land(self._beta_grad)
        grad.sub_(self._beta_grad, alpha=share)
        torch.mul(self._gamma_grad, self._inverse, out=self._stretch)
        grad.sub_(self._centred.mul_(self._stretch), alpha=share).mul_(slope)


class LayerNorm:
    """``y = gamma * x_hat + beta`` of every example over its units.

    Back, with means over the units and ``dx_hat = gamma dy``:
    ``dx = (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / deviation``.
    """

    def __init__(self, x: Signal, y: Tensor, scratch: Tensor, eps: float, affine: Affine) -> None:
        self.y = x.becomes(y)
        self._x, self._eps, self._affine = x, eps, affine
        self._scratch, self._x_hat = scratch, torch.empty_like(scratch)
        self._mean, self._deviation_inverse = torch.empty(2, scratch.shape[0], 1, scratch.shape[2])

    def forward(self) -> None:
        if self._eps:
            torch.mean(self._x.value, 1, keepdim=True, out=self._mean)
        else:
            self._mean.copy_(mean(self._x.value, 1, self._eps))
        torch.sub(self._x.value, self._mean, out=self._x_hat)
        torch.mul(self._x_hat, self._x_hat, out=self._scratch)
        torch.mean(self._scratch, 1, keepdim=True, out=self._deviation_inverse)
        self._x_hat.mul_(self._deviation_inverse.add_(self._eps).rsqrt_())
        if self._affine is None:
            self.y.value.copy_(self._x_hat)
        else:
            gamma, beta = self._affine
            torch.mul(self._x_hat, gamma.value, out=self.y.value).add_(beta.value)

    def backward(self) -> None:
        grad, scratch = self.y.grad, self._scratch
        if self._affine is not None:
            gamma, beta = self._affine
            gamma_grad = torch.mul(grad, self._x_hat, out=scratch)[..., : self.y.batch].sum(2, keepdim=True)
            beta_grad = self.y.examples_grad.sum(2, keepdim=True)
            grad.mul_(gamma.value)  # before gamma may change
            gamma.land(gamma_grad)
            beta.land(beta_grad)
        along = torch.mul(grad, self._x_hat, out=scratch).mean(1, keepdim=True)
        grad.sub_(grad.mean(1, keepdim=True)).sub_(torch.mul(self._x_hat, along, out=scratch))
        grad.mul_(self._deviation_inverse)


class ScaleAndShift:
    """``y = gamma * x + beta`` of every unit, where the nonlinearity stands between x-hat and them.

    Back: ``dgamma = sum(dy x)``, ``dbeta = sum(dy)``, ``dx = gamma dy``.
    """

    def __init__(self, x: Signal, scratch: Tensor, gamma: Parameter, beta: Parameter) -> None:
        self.y = x.becomes(torch.zeros_like(x.value))
        self._x, self._scratch, self._gamma, self._beta = x, scratch, gamma, beta

    def forward(self) -> None:
        torch.mul(self._x.value, self._gamma.value, out=self.y.value).add_(self._beta.value)

    def backward(self) -> None:
        grad = self.y.grad
        gamma_grad = torch.mul(grad, self._x.value, out=self._scratch)[..., : self.y.batch].sum(2, keepdim=True)
        beta_grad = self.y.examples_grad.sum(2, keepdim=True)
        grad.mul_(self._gamma.value)  # before gamma may change
        self._gamma.land(gamma_grad)
        self._beta.land(beta_grad)
