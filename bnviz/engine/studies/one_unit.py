"""One unit of a network in training: the real mini-batch that it normalizes, through every stage."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import torch

from bnviz.engine.batches import mini_batches
from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.stack import Stack
from bnviz.run import Run
from bnviz.study import STUDIES
from bnviz.table import Table, Value

RUN = Run(normalization="batch")
"""The network of the 2015 paper's first figure, on handwritten digits."""

SEED = 0
CHUNK = 100


def one_unit(step: int, layer: int, unit: int) -> Iterator[Table]:
    """Train for ``step`` updates, then send the next mini-batch forward and follow one unit.

    ``layer`` and ``unit`` count from 1. The output is what the network's own
    forward pass made; the stages before it are algorithm 1 on the same
    pre-activations.

    Source: Ioffe & Szegedy 2015, algorithm 1.
    """
    columns, data = STUDIES["one_unit"].columns, load(RUN, SEED)
    stack = Stack([RUN], [SEED], [data])
    while stack.step < step:
        yield Table.of(columns, [], stack.step / step)
        stack.advance(min(CHUNK, step - stack.step))
    batch = data.train[next(islice(mini_batches(RUN, SEED), step, None))]
    with torch.inference_mode():
        made = forward(RUN, stack.at_rest().layers, data.x(batch).T[None]).layers[layer - 1]
    assert made.batch_mean is not None and made.batch_var is not None
    assert made.layer.gamma is not None and made.layer.beta is not None
    mean, var, gamma, beta = (
        float(each[0, unit - 1, 0]) for each in (made.batch_mean, made.batch_var, made.layer.gamma, made.layer.beta)
    )
    rows: list[list[Value]] = []
    for place, index in enumerate(batch):
        x, y = (float(each[0, unit - 1, place]) for each in (made.pre_activation, made.nonlinearity_input))
        x_hat = (x - mean) / (var + RUN.eps) ** 0.5
        rows.append([place + 1, int(data.pool_y[index]), x, x - mean, x_hat, y, mean, var, gamma, beta])
    yield Table.of(columns, rows)
