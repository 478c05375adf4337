"""Networks that vote: the same data, different initial weights and mini-batches, and the mean of what they say."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from bnviz.engine.datasets import Data, load
from bnviz.engine.probes.evaluation import eval_logits
from bnviz.engine.stack import Stack
from bnviz.run import Run
from bnviz.study import STUDIES
from bnviz.table import Table, Value

FASTER = 5
"""Batch normalization takes the learning rate times this."""

CHUNK = 100


def ensemble(members: int, groups: int, steps: int, samples: int, rate: float) -> Iterator[Table]:
    """Train ``groups`` times ``members`` networks; each group shares one split of the digits.

    A member's seed makes its weights and the order of its mini-batches. The
    ensemble names the class whose probability, averaged over the members in
    eval mode, is largest.

    Source: Ioffe & Szegedy 2015, section 4.2.3 (six networks, each varied a little).
    """
    run = Run(
        samples=samples, activation="relu", init="he", width=64, normalization="batch", learning_rate=FASTER * rate
    )
    rows: list[list[Value]] = []
    for group in range(groups):
        data = load(run, group)
        first = groups + group * members  # no seed of a split is a network's, none comes twice
        stack = Stack([run] * members, range(first, first + members), [data] * members)
        while stack.step < steps:
            stack.advance(min(CHUNK, steps - stack.step))
            yield Table.of(STUDIES["ensemble"].columns, rows, (group + stack.step / steps) / groups)
        single, together = accuracies(probabilities(run, stack, data), data.pool_y[data.test])
        rows += [[group, member + 1, float(accuracy)] for member, accuracy in enumerate(single)]
        rows.append([group, None, float(together)])
    yield Table.of(STUDIES["ensemble"].columns, rows)


def probabilities(run: Run, stack: Stack, data: Data) -> Tensor:
    """What every member says about the test examples, ``(members, classes, examples)``."""
    view = stack.at_rest()
    x = data.x(data.test).T.expand(len(view.learning_rate), -1, -1)
    with torch.inference_mode():
        return eval_logits(run, view.layers, view.running, x).softmax(1)


def accuracies(probabilities: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The share named right by each member, ``(members,)``, and by the mean of their probabilities."""
    single = (probabilities.argmax(1) == labels).float().mean(1)
    return single, (probabilities.mean(0).argmax(0) == labels).float().mean()
