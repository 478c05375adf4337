"""Gradients by autograd: the training step of every network that ``network.forward`` can compute.

Slower than gradients that are written out (``written_gradients``), but a new
normalization or network needs nothing here. Updates are the business of
``optimizers``, as there.
"""

from __future__ import annotations

import torch
from torch import Tensor

from bnviz.engine.chance import Chance, Chances
from bnviz.engine.network import forward, losses
from bnviz.engine.optimizers import Rule
from bnviz.engine.parameters import Parameters
from bnviz.engine.states import State
from bnviz.engine.trace import Layer, LayerTrace, Running
from bnviz.run import Run


class AutogradGradients:
    """Forward through the readable network, backward by autograd.

    The mini-batches arrive in ``x``, ``(runs, features, examples)``, and
    ``labels``, ``(runs, 1, examples)``; ``chances`` are each run's own.
    """

    def __init__(
        self, run: Run, x: Tensor, labels: Tensor, parameters: Parameters, rule: Rule, chances: Chances
    ) -> None:
        self._run, self._x, self._labels, self._chances = run, x, labels[:, 0], chances
        places = parameters.landing(rule.target, rule.keep, rule.sign)
        self._layers = [
            Layer(**{name: place.value.detach().requires_grad_() for name, place in its.items()}) for its in places
        ]
        self._learned = [getattr(layer, name) for layer, its in zip(self._layers, places, strict=True) for name in its]
        self._places = [place for its in places for place in its.values()]
        self._loss_scale = rule.loss_scale
        with torch.no_grad():
            self._traces = forward(run, self._layers, torch.zeros_like(x)).layers
        self._shapes = [layer.output.shape for layer in self._traces]
        fresh = [batch_statistics(run, layer) for layer in self._traces if run.uses_batch]
        self._running = [Running(torch.zeros_like(each.mean), torch.ones_like(each.var)) for each in fresh]
        self._drawn: list[Chance] = []
        self._losses = torch.empty(0)

    def draw(self) -> None:
        """Other noise and other dropout masks, for the next mini-batch."""
        with torch.inference_mode(False):
            self._drawn = self._chances.draw(self._shapes)

    def chances(self) -> list[Chance]:
        """What was drawn for the next mini-batch, one entry a hidden layer."""
        return self._drawn

    def forward(self) -> Tensor:
        """The loss of every run, ``(runs,)``, in nats."""
        with torch.inference_mode(False), torch.enable_grad():
            trace = forward(self._run, self._layers, self._x, chances=self._drawn)
            self._traces, self._losses = trace.layers, losses(trace.logits, self._labels)
        return self._losses.detach()

    def backward(self) -> None:
        """Land every gradient, and let the running statistics take in this mini-batch."""
        gradients = torch.autograd.grad(self._losses, self._learned, self._loss_scale.flatten())
        for place, gradient in zip(self._places, gradients, strict=True):
            place.land(gradient)
        for running, layer in zip(self._running, self._traces, strict=bool(self._running)):
            new = batch_statistics(self._run, layer)
            running.mean.lerp_(new.mean, self._run.bn_momentum)
            running.var.lerp_(new.var, self._run.bn_momentum)

    def running(self) -> tuple[Running, ...]:
        """One entry a layer; none where the normalization does not use the batch."""
        return tuple(self._running)

    def state(self, drawn: bool) -> dict[str, Tensor]:
        """The running statistics, and where chance stands, or stood before the newest draw."""
        pairs = [torch.stack([running.mean, running.var]) for running in self._running]
        return self._chances.state(drawn) | {f"running{layer}": pair for layer, pair in enumerate(pairs)}

    def load(self, state: State) -> None:
        """Stand there again."""
        self._chances.load(state)
        for layer, running in enumerate(self._running):
            for own, saved in zip((running.mean, running.var), state[f"running{layer}"], strict=True):
                own.copy_(saved)


def batch_statistics(run: Run, layer: LayerTrace) -> Running:
    """What running statistics take in: those of this mini-batch, the variance unbiased.

    Of ghost batches, or time steps without statistics of their own, the mean.
    """
    assert layer.batch_mean is not None and layer.batch_var is not None and layer.normalization_input is not None
    mean, var = layer.batch_mean.detach(), layer.batch_var.detach()
    examples = layer.normalization_input.shape[2] // mean.shape[2]
    if not (run.per_step and run.network == "rnn"):
        mean, var = mean.mean(2, keepdim=True), var.mean(2, keepdim=True)
    return Running(mean, var * (examples / (examples - 1)))
