"""A small convolutional network, stacked like every other: a convolution is a matrix product with patches.

Each place of a picture contributes its 3x3 patch as one more column, so the
layers are those of ``hidden`` with ``places * examples`` columns: one matrix
product serves every run, and statistics over the last direction are those of
a feature map over the whole mini-batch and all places. A mini-batch of m
pictures with p x q places gives every map ``m * p * q`` numbers to normalize
with, and one mean and one variance. Draws no randomness, keeps no state.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from bnviz.engine.chance import dropped
from bnviz.engine.hidden import Hidden, Shape, hidden
from bnviz.engine.trace import LayerTrace
from bnviz.run import Run
from bnviz.strides import KERNEL, sides, stride


def patches(x: Tensor, side: int, step: int) -> Tensor:
    """The 3x3 surroundings of every ``step``-th pixel, with zeros beyond the border, as columns.

    ``(runs, channels * side * side, examples)`` to ``(runs, channels * 9,
    places * examples)``, the examples of one place side by side.
    """
    columns: Tensor = Patches.apply(x, side, step)  # type: ignore[no-untyped-call]
    return columns


class Patches(torch.autograd.Function):
    """``patches`` with its way back: a pixel's gradient is the sum over the places that saw it.

    Autograd's own way back fills a whole picture with zeros for every shift.
    """

    @staticmethod
    def forward(x: Tensor, side: int, step: int) -> Tensor:
        padded = F.pad(x.view(len(x), -1, side, side, x.shape[2]), (0, 0, 1, 1, 1, 1))
        return torch.stack(shifts(padded, step), 2).flatten(1, 2).flatten(2)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, int, int], output: Tensor) -> None:
        ctx.shape, ctx.side, ctx.step = inputs[0].shape, *inputs[1:]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        runs, pixels, examples = ctx.shape
        channels = pixels // ctx.side**2
        padded = gradients[0].new_zeros(runs, channels, ctx.side + 2, ctx.side + 2, examples)
        places = shifts(padded, ctx.step)
        by_shift = gradients[0].view(runs, channels, len(places), *places[0].shape[2:])
        for place, gradient in zip(places, by_shift.unbind(2), strict=True):
            place += gradient
        return padded[:, :, 1:-1, 1:-1].reshape(ctx.shape), None, None


def shifts(padded: Tensor, step: int) -> list[Tensor]:
    """What the nine pixels of a patch see as it moves over a picture with a border: nine views."""
    side = padded.shape[2] - 2
    return [
        padded[:, :, down : down + side : step, right : right + side : step]
        for down in range(KERNEL)
        for right in range(KERNEL)
    ]


def convolutional(run: Run, below: Hidden, x: Tensor) -> tuple[list[LayerTrace], Tensor]:
    """3x3 convolutions of ``run.width`` feature maps, one upon the other; the output layer receives all maps.

    ``x`` is ``(runs, side * side, examples)``, a picture row by row; weights
    are ``(runs, maps, channels * 9)``. In the trace a layer's ``input`` is its
    patches and all its tensors have ``places * examples`` columns. Layer norm
    takes the statistics of an example over maps and places; gamma and beta
    are one a map.

    Source: Ioffe & Szegedy 2015, section 3.2.
    """
    traces: list[LayerTrace] = []
    runs, pixels, examples = x.shape
    for (layer, running, chance), side in zip(below, sides(pixels, run.depth)[:-1], strict=True):
        columns = patches(x, side, stride(side, first=not traces))
        trace = hidden(run, layer, columns, running, columns.shape[2] // examples, chance)
        traces.append(dropped(trace, chance))
        x = traces[-1].output.reshape(runs, -1, examples)
    return traces, x


def shapes(run: Run, features: int, classes: int) -> list[Shape]:
    """Every feature map has 9 weights for every map below; the output layer sees all places of all maps."""
    channels = [1, *[run.width] * (run.depth - 1)]
    places = [side**2 for side in sides(features, run.depth)[1:]]
    hidden = [Shape(run.width, below * KERNEL**2, uses) for below, uses in zip(channels, places, strict=True)]
    return [*hidden, Shape(classes, run.width * places[-1])]
