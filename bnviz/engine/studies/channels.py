"""What the units of an untrained deep network say of different examples: all the same, or something of their own."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from bnviz.engine.datasets import load
from bnviz.engine.network import forward, losses
from bnviz.engine.stack import Stack
from bnviz.run import Run
from bnviz.study import STUDIES
from bnviz.table import Table, Value

RUN = Run(activation="relu", init="he")


def channels(depth: int, width: int, examples: int, seeds: int, scale: float) -> Iterator[Table]:
    """Send a mini-batch of digits through ReLU layers, and its gradient back, before the first step.

    Behind BN the size of the weights cancels, so that one arm stands for all
    sizes; the plain network comes with He's weights and with larger ones.

    Source: Bjorck et al. 2018, section 3, whose plain network has signals
    that grow with depth; figure 6 is of the output, table 1 of inner layers.
    """
    columns = STUDIES["channels"].columns
    rows: list[list[Value]] = []
    plain = RUN.replace(depth=depth, width=width)
    runs = {"plain": plain, "plain_larger": plain.replace(init_scale=scale), "bn": plain.replace(normalization="batch")}
    for done, (arm, run) in enumerate(runs.items(), start=1):
        for layer, (offsets, named, whole) in found(run, examples, seeds).items():
            for seed in range(seeds):
                shares = [None] * len(offsets[seed]) if named is None else named[seed].tolist()
                each = zip(offsets[seed].tolist(), shares, strict=True)
                rows += [[arm, seed, layer, unit, *read, None] for unit, read in enumerate(each, start=1)]
                rows.append([arm, seed, layer, None, None, None, float(whole[seed])])
        yield Table.of(columns, rows, done / len(runs))


def found(run: Run, examples: int, seeds: int) -> dict[str, tuple[Tensor, Tensor | None, Tensor]]:
    """Of the last hidden layer and of the output: units' offsets, shares of examples named so, and what is kept.

    ``(seeds, units)`` the first two, ``(seeds,)`` the last. The linear map's
    output is looked at, before a normalization has made its mean 0.
    """
    data = [load(run, seed) for seed in range(seeds)]
    layers = [layer.map(Tensor.double) for layer in Stack([run] * seeds, range(seeds), data).at_rest().layers]
    x = torch.stack([each.x(each.train[:examples]).T for each in data]).double().requires_grad_()
    trace = forward(run, layers, x)
    last, logits = trace.layers[-1], trace.logits
    loss = losses(logits, torch.stack([each.pool_y[each.train[:examples]] for each in data])).sum()
    inner, outer = torch.autograd.grad(loss, (last.pre_activation, logits))
    with torch.no_grad():
        named = F.one_hot(logits.argmax(1), logits.shape[1]).double().mean(1)
        return {
            "last hidden": (offset(last.pre_activation), None, kept(inner, last.input)),
            "output": (offset(logits), named, kept(outer, last.output)),
        }


def offset(values: Tensor) -> Tensor:
    """How far a unit's mean is from 0, in its deviations: ``(runs, units, examples)`` to ``(runs, units)``."""
    return values.mean(2).abs() / values.std(2, correction=0)


def kept(slopes: Tensor, inputs: Tensor) -> Tensor:
    """What the sum of the examples' gradients in a layer's weights keeps of them, ``(runs,)``.

    An example's gradient is its slope ``(runs, units, examples)`` times what
    came in, ``(runs, inputs, examples)``. ``|sum over examples| / sum of
    |each|``, both added up over all weights: 1 where all examples want the
    same, 0 where they cancel.
    """
    return (slopes @ inputs.mT).abs().sum((1, 2)) / (slopes.abs() @ inputs.abs().mT).sum((1, 2))
