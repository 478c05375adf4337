"""What the tests of the probes share: a small stack that has learned a little, and its data."""

import pytest

from bnviz.engine.datasets import load
from bnviz.engine.stack import Stack
from bnviz.run import Run

SMALL = Run(depth=3, width=7, batch_size=20, activation="tanh", init="lecun", learning_rate=0.3, samples=200)


@pytest.fixture
def trained():
    """``trained(seeds, steps, **choices)`` gives a stack and the data of its runs."""

    def make(seeds=(0, 1), steps=3, **choices):
        run = SMALL.replace(**choices)
        data = [load(run, seed) for seed in seeds]
        stack = Stack([run] * len(seeds), seeds, data)
        if steps:
            stack.advance(steps)
        return stack, data

    return make
