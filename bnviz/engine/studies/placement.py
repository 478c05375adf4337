"""Every placement of batch normalization on every task: five arms, three activations, three tasks."""

from __future__ import annotations

from collections.abc import Iterator

from bnviz.engine.lockstep import Lockstep
from bnviz.experiment import Experiment, five_arms
from bnviz.run import Run
from bnviz.study import STUDIES
from bnviz.table import Table, Value

TASKS: dict[str, Run] = {
    "digits": Run(depth=3, width=64, batch_size=64),
    "200 digits": Run(depth=3, width=64, batch_size=64, samples=200),
    "spirals": Run(dataset="spirals", depth=2, width=32, batch_size=64),
}
ACTIVATIONS: dict[str, dict[str, object]] = {
    "relu": {"init": "he", "learning_rate": 0.1},
    "tanh": {"init": "xavier", "learning_rate": 0.1},
    "sigmoid": {"init": "xavier", "learning_rate": 1.0},
}
"""Each activation with initial weights and a rate that suit the plain network."""


def placement(steps: int, seeds: int) -> Iterator[Table]:
    """Train all forty-five kinds of network on every seed, and read the test accuracy at the end."""
    rows: list[list[Value]] = []
    done = 0
    for task, run in TASKS.items():
        for activation, choices in ACTIVATIONS.items():
            experiment = Experiment(arms=five_arms(run.replace(activation=activation, **choices)), seeds=range(seeds))
            lockstep = Lockstep(experiment)
            lockstep.advance(steps)
            snapshot = lockstep.snapshot()
            for arm in experiment.arms:
                accuracy = snapshot[arm]["test_accuracy"]
                rows += [[task, activation, arm, seed, float(accuracy[seed])] for seed in range(seeds)]
            done += 1
            yield Table.of(STUDIES["placement"].columns, rows, done / (len(TASKS) * len(ACTIVATIONS)))
