"""What a step costs, with batch normalization and without: networks trained for a moment, and the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from bnviz.engine.datasets import load
from bnviz.engine.stack import Stack
from bnviz.run import Run
from bnviz.study import STUDIES
from bnviz.table import Table, Value

ARMS = {"plain": "none", "bn": "batch"}
WARM_UP = 5
STEPS = 10_000
"""So many steps are what the table calls a training."""


def cost(depths: Sequence[int], width: int, batch: int, steps: int, repeats: int) -> Iterator[Table]:
    """Time one training step of each depth, plain and with batch normalization, on the machine at hand.

    The arms take turns, so that a busy moment meets both, and the least of
    ``repeats`` counts: whatever else the machine does only adds to it. Data
    are drawn and no probe reads.
    """
    rows: list[list[Value]] = []
    for place, depth in enumerate(depths, start=1):
        run = Run(depth=depth, width=width, activation="relu", init="he", learning_rate=0.01, batch_size=batch)
        stacks = {arm: _warm(run.replace(normalization=word)) for arm, word in ARMS.items()}
        least = dict.fromkeys(ARMS, float("inf"))
        for _ in range(repeats):
            for arm, stack in stacks.items():
                begun = time.perf_counter()
                stack.advance(steps)
                least[arm] = min(least[arm], 1000 * (time.perf_counter() - begun) / steps)
        rows += [[arm, depth, taken, taken / least["plain"], taken * STEPS / 1000] for arm, taken in least.items()]
        yield Table.of(STUDIES["cost"].columns, rows, place / len(depths))


def _warm(run: Run) -> Stack:
    """A stack of one network that has taken its first steps: they set up what the others use."""
    stack = Stack([run], [0], [load(run, 0)])
    stack.advance(WARM_UP)
    return stack
