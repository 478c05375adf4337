"""From a run's choices to the chain of operations that trains it, each wired to the one below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bnviz.engine.normalizations import BatchNorm, LayerNorm, Statistics
from bnviz.engine.operations import Linear, Nonlinearity, Operation, Signal
from bnviz.engine.parameters import Parameter
from bnviz.experiment import Run

MakeDropout = Callable[[Signal], Operation]


def wire(
    run: Run, x: Signal, layers: Sequence[dict[str, Parameter]], statistics: Statistics, dropout: MakeDropout | None
) -> list[Operation]:
    """The operations of every layer, from the data ``x`` up to the logits."""
    runs, classes, _ = layers[-1]["weight"].value.shape
    width = x.value.shape[2]
    # A layer's gradient is gone when that of the next but one arises, so two places serve all layers.
    *gradients, scratch = torch.zeros(3, runs, run.width, width)
    chain: list[Operation] = []

    def append(operation: Operation) -> Signal:
        chain.append(operation)
        return operation.y

    def normalize(x: Signal, index: int, y: Tensor) -> Signal:
        affine = (layers[index]["gamma"], layers[index]["beta"]) if run.affine else None
        if run.normalization == "layer":
            return append(LayerNorm(x, y, scratch, run.eps, affine))
        return append(BatchNorm(x, y, scratch, run.eps, affine, statistics.batch[index]))

    for index, layer in enumerate(layers[:-1]):
        x = append(Linear(x, gradients[index % 2], layer["weight"], layer.get("bias")))
        if run.normalization != "none" and run.placement == "before":
            x = normalize(x, index, x.value)  # over the linear output, which nobody needs again
        x = append(Nonlinearity(x, run.activation))
        if run.normalization != "none" and run.placement == "after":
            x = normalize(x, index, torch.zeros_like(x.value))
        if dropout is not None:
            x = append(dropout(x))
    append(Linear(x, torch.zeros(runs, classes, width), layers[-1]["weight"], layers[-1]["bias"]))
    return chain
