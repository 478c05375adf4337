"""A recurrent network that reads a picture row by row: the same layer at every time step, with its own last output.

    h_t = act(norm(W [x_t, h_{t-1}] + b)),    h_0 = 0

``W`` holds the weights of the input and, behind them, those of the layer's own
output, so a recurrent layer is a layer of ``hidden`` with more inputs, and one
matrix product serves every run. What is normalized is the sum of both. In
train mode every time step has batch statistics of its own; in eval mode it
uses the running ones, which are shared by all time steps or, with
``run.per_step``, kept for each. Draws no randomness, keeps no state.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import torch
from torch import Tensor

from bnviz.engine.chance import dropped
from bnviz.engine.hidden import Hidden, Shape, hidden
from bnviz.engine.trace import Layer, LayerTrace, Running
from bnviz.run import Run


def rows(x: Tensor) -> list[Tensor]:
    """The rows of a picture from the top down: ``(runs, side * side, examples)`` to ``(runs, side, examples)`` each."""
    return list(torch.split(x, math.isqrt(x.shape[1]), 1))


def recurrent(run: Run, below: Hidden, x: Tensor) -> tuple[list[LayerTrace], Tensor]:
    """Recurrent layers, one upon the other; the output layer receives what the highest says after the last row.

    ``x`` is ``(runs, side * side, examples)``: ``side`` time steps. In the
    trace the time steps stand side by side, ``(runs, units, steps *
    examples)``, and a layer's ``input`` is ``[x_t, h_{t-1}]``. Dropout
    thins what the layer above receives, not what the next time step does.

    Source: Cooijmans et al. 2017 on statistics of each time step; Ba, Kiros &
    Hinton 2016, section 3.1, on layer norm.
    """
    sequence, traces = rows(x), []
    for layer, running, chance in below:
        traces.append(dropped(side_by_side(list(through_time(run, layer, sequence, running))), chance))
        sequence = list(torch.chunk(traces[-1].output, len(sequence), 2))
    return traces, sequence[-1]


def through_time(run: Run, layer: Layer, sequence: Sequence[Tensor], running: Running | None) -> Iterator[LayerTrace]:
    """One recurrent layer, step by step; ``running`` is ``(runs, units, 1)`` or ``(runs, units, steps)``."""
    state = sequence[0].new_zeros(*layer.weight.shape[:2], sequence[0].shape[2])
    for time, x in enumerate(sequence):
        step = hidden(run, layer, torch.cat([x, state], 1), running and at(running, time))
        yield step
        state = step.output


def at(running: Running, time: int) -> Running:
    """The running statistics of one time step: its own, or the shared ones."""
    if running.mean.shape[2] == 1:
        return running
    return Running(running.mean[..., time : time + 1], running.var[..., time : time + 1])


def side_by_side(steps: Sequence[LayerTrace]) -> LayerTrace:
    """The traces of all time steps as one: tensors ``(runs, features, steps * examples)``, statistics one a step."""
    present = [field.name for field in fields(LayerTrace)[1:] if getattr(steps[0], field.name) is not None]
    joined: dict[str, Any] = {name: torch.cat([getattr(step, name) for step in steps], 2) for name in present}
    return replace(steps[0], **joined)


def shapes(run: Run, features: int, classes: int) -> list[Shape]:
    """Every unit has a weight for every unit below (or pixel of a row), and for every unit of its own layer."""
    side = math.isqrt(features)
    inputs = [side, *[run.width] * (run.depth - 1)]
    return [*(Shape(run.width, below + run.width, side) for below in inputs), Shape(classes, run.width)]
