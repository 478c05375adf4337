"""Written-out gradients: a training step as a chain of operations, each joined to the one below, without autograd.

Several times as fast as autograd (``autograd_gradients``), for the networks
whose operations are here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bnviz.engine.chance import Chance
from bnviz.engine.generators import Generators
from bnviz.engine.normalization_operations import BatchNorm, LayerNorm, ScaleAndShift, Statistics
from bnviz.engine.operations import CrossEntropy, Dropout, Linear, Nonlinearity, Operation, Signal
from bnviz.engine.optimizers import Rule
from bnviz.engine.parameters import Parameter, Parameters
from bnviz.engine.states import State
from bnviz.engine.trace import Running
from bnviz.engine.vectors import roomy
from bnviz.run import Run

MakeDropout = Callable[[Signal], Operation]


class WrittenGradients:
    """Forward and backward through the chain.

    The mini-batches arrive in ``x``, ``(runs, features, width)``, of which
    ``batch`` columns count, and ``labels``, ``(runs, 1, batch)``; ``dropout``
    is each run's share, ``(runs, 1, 1)``.
    """

    def __init__(
        self, run: Run, seeds: Sequence[int], x: Tensor, labels: Tensor, parameters: Parameters, rule: Rule,
        dropout: Tensor,
    ) -> None:
        self._statistics, self._batch = Statistics(run, len(seeds)), run.batch_size
        self._dropouts: list[Dropout] = []
        self._generators = generators = Generators(seeds if run.dropout else (), "dropout")

        def drop(x: Signal) -> Dropout:
            self._dropouts.append(Dropout(x, dropout, generators))
            return self._dropouts[-1]

        landing = parameters.landing(rule.target, rule.keep, rule.sign)
        data = Signal(x, torch.empty(0), run.batch_size)
        self._chain = wire(run, data, landing, self._statistics, drop if run.dropout else None)
        self._cross_entropy = CrossEntropy(self._chain[-1].y, labels, rule.loss_scale)

    def draw(self) -> None:
        """Other dropout masks, for the next mini-batch."""
        self._generators.mark()
        for dropout in self._dropouts:
            dropout.draw()

    def chances(self) -> list[Chance]:
        """What was drawn for the next mini-batch, one entry a hidden layer; none without dropout."""
        return [Chance(mask=dropout.mask[..., : self._batch]) for dropout in self._dropouts]

    def forward(self) -> Tensor:
        """The loss of every run, ``(runs,)``, in nats."""
        for operation in self._chain:
            operation.forward()
        return self._cross_entropy.forward()

    def backward(self) -> None:
        """Land every gradient, and let the running statistics take in this mini-batch."""
        self._cross_entropy.backward()
        for operation in reversed(self._chain):
            operation.backward()
        self._statistics.update()

    def running(self) -> tuple[Running, ...]:
        """One entry a layer; none without batch normalization."""
        return self._statistics.running()

    def state(self, drawn: bool) -> dict[str, Tensor]:
        """The running statistics, and where the generators of the masks stand, or stood before the newest draw."""
        return self._statistics.state() | {"masks": self._generators.state(drawn)}

    def load(self, state: State) -> None:
        """Stand there again."""
        self._statistics.load(state)
        self._generators.load(state["masks"])


def wire(
    run: Run, x: Signal, layers: Sequence[dict[str, Parameter]], statistics: Statistics, dropout: MakeDropout | None
) -> list[Operation]:
    """The operations of every layer, from the data ``x`` up to the logits."""
    runs, classes, _ = layers[-1]["weight"].value.shape
    width = x.value.shape[2]
    # A layer's gradient is gone when that of the next but one arises, so two places serve all layers.
    *gradients, scratch = (roomy(runs, run.width, width) for _ in range(3))
    chain: list[Operation] = []

    def append(operation: Operation) -> Signal:
        chain.append(operation)
        return operation.y

    def normalize(site: str, x: Signal, index: int, y: Tensor) -> Signal:
        affine = (layers[index]["gamma"], layers[index]["beta"]) if run.scales(site) else None
        if run.normalization == "layer":
            return append(LayerNorm(x, y, scratch, run.eps, affine))
        return append(BatchNorm(x, y, scratch, run.eps, affine, statistics.sums[index]))

    for index, layer in enumerate(layers[:-1]):
        x = append(Linear(x, gradients[index % 2], layer["weight"], layer.get("bias")))
        if run.normalizes("before"):
            x = normalize("before", x, index, x.value)  # over the linear output, which nobody needs again
        x = append(Nonlinearity(x, run.activation))
        if run.normalizes("after"):
            x = normalize("after", x, index, torch.zeros_like(x.value))
        elif run.scales("after"):
            x = append(ScaleAndShift(x, scratch, layer["gamma"], layer["beta"]))
        if dropout is not None:
            x = append(dropout(x))
    append(Linear(x, torch.zeros(runs, classes, width), layers[-1]["weight"], layers[-1]["bias"]))
    return chain
