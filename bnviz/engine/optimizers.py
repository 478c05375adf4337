"""How a gradient becomes an update: the rules of ``torch.optim``, for every run of a stack at once.

A rule says where the gradients of the backward pass land (``target``, flat),
what stays there of what was (``keep``), with which sign they arrive, and what
the loss is multiplied by (``loss_scale``, one number a run); ``update`` then
does the rest. Learning rate and weight decay are each run's own, ``(runs, 1,
1)``. Weight decay is L2: it adds to the gradient of every parameter, biases,
gamma and beta included, as in ``torch.optim``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from bnviz.engine.parameters import Parameters
from bnviz.engine.states import State
from bnviz.run import Run

SMALL = 32 * 32
"""Weights of one run's largest layer up to which collecting all gradients is faster than subtracting each."""


class Rule(Protocol):
    """What the training step needs of an optimizer."""

    target: Tensor
    keep: float
    sign: float
    loss_scale: Tensor
    steady: bool
    """Whether each update is the same operations with the same numbers, so that a graph of one serves all."""

    def set_rate(self, rate: Tensor) -> None:
        """Use these learning rates, ``(runs, 1, 1)``, from the next step on."""

    def update(self) -> None:
        """Turn what landed in ``target`` into a step of the parameters."""

    def state(self) -> dict[str, Tensor]:
        """What it remembers of earlier steps (see ``states``)."""

    def load(self, state: State) -> None:
        """Remember this instead."""


class Descent:
    """Gradient descent without momentum or decay: ``w -= rate * gradient``.

    Everything behind the loss is linear in the gradient of the logits. So
    that alone is multiplied by the rate, each product is subtracted from its
    weights as it arises, and no gradient is ever stored.
    """

    steady = True

    def __init__(self, parameters: Parameters, rate: Tensor) -> None:
        self.target, self.keep, self.sign = parameters.flat, 1.0, -1.0
        self.loss_scale = rate.clone()

    def set_rate(self, rate: Tensor) -> None:
        self.loss_scale.copy_(rate)

    def update(self) -> None:
        """Nothing is left to do."""

    def state(self) -> dict[str, Tensor]:
        return {}

    def load(self, state: State) -> None:
        """It remembers nothing."""


class SmallDescent(Descent):
    """The same for a small network: gradients are collected, and all are subtracted in one operation.

    A product of small matrices takes half as long where nothing has to be read that it is subtracted from.
    """

    def __init__(self, parameters: Parameters, rate: Tensor) -> None:
        super().__init__(parameters, rate)
        self._weights = parameters.flat
        self.target, self.keep, self.sign = torch.zeros_like(parameters.flat), 0.0, 1.0

    def update(self) -> None:
        self._weights.sub_(self.target)


class Momentum:
    """``v = momentum * v + gradient + decay * w`` and ``w -= rate * v``. Source: torch.optim.SGD."""

    steady = True

    def __init__(self, parameters: Parameters, rate: Tensor, decay: Tensor, momentum: float) -> None:
        self._parameters, self._decay = parameters, parameters.spread(decay)
        self.target, self.keep, self.sign = torch.zeros_like(parameters.flat), momentum, 1.0
        self.loss_scale = torch.ones_like(rate)
        self._rate = parameters.spread(rate)

    def set_rate(self, rate: Tensor) -> None:
        self._rate.copy_(self._parameters.spread(rate))

    def update(self) -> None:
        self.target.addcmul_(self._parameters.flat, self._decay)
        self._parameters.flat.addcmul_(self.target, self._rate, value=-1)

    def state(self) -> dict[str, Tensor]:
        return {"velocity": self.target}

    def load(self, state: State) -> None:
        self.target.copy_(state["velocity"])


class Adam:
    """Momentum, divided by the root of the gradient's running square. Source: Kingma & Ba 2015; torch.optim.Adam."""

    beta1, beta2, eps = 0.9, 0.999, 1e-8
    steady = False

    def __init__(self, parameters: Parameters, rate: Tensor, decay: Tensor) -> None:
        self._parameters, self._decay = parameters, parameters.spread(decay)
        self.target, self.keep, self.sign = torch.zeros_like(parameters.flat), 0.0, 1.0
        self.loss_scale = torch.ones_like(rate)
        self._mean, self._square, self._scratch = torch.zeros(3, parameters.flat.numel())
        self._steps = 0
        self._rate = parameters.spread(rate)

    def set_rate(self, rate: Tensor) -> None:
        self._rate.copy_(self._parameters.spread(rate))

    def update(self) -> None:
        self._steps += 1
        gradient = self.target.addcmul_(self._parameters.flat, self._decay)
        self._mean.lerp_(gradient, 1 - self.beta1)
        self._square.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        deviation = torch.sqrt(self._square, out=self._scratch)
        deviation.div_((1 - self.beta2**self._steps) ** 0.5).add_(self.eps)
        update = torch.div(self._mean, deviation, out=deviation)
        self._parameters.flat.addcmul_(update, self._rate, value=-1 / (1 - self.beta1**self._steps))

    def state(self) -> dict[str, Tensor]:
        return {"mean": self._mean, "square": self._square, "steps": torch.tensor(self._steps)}

    def load(self, state: State) -> None:
        self._mean.copy_(state["mean"])
        self._square.copy_(state["square"])
        self._steps = int(state["steps"])


def sgd(run: Run, parameters: Parameters, rate: Tensor, decay: Tensor) -> Rule:
    """Gradient descent, with what ``run`` asks for."""
    if run.sgd_momentum or run.weight_decay:
        return Momentum(parameters, rate, decay, run.sgd_momentum)
    return (SmallDescent if parameters.largest <= SMALL else Descent)(parameters, rate)


def adam(run: Run, parameters: Parameters, rate: Tensor, decay: Tensor) -> Rule:
    """Adam, with PyTorch's betas and eps."""
    return Adam(parameters, rate, decay)


OPTIMIZERS: dict[str, Callable[[Run, Parameters, Tensor, Tensor], Rule]] = {"sgd": sgd, "adam": adam}
