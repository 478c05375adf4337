"""Random networks over every field of the table: none raises, none is lost in silence, and none minds its company."""

import random

import numpy as np
import pytest

from bnviz.datasets import DATASETS
from bnviz.engine import Lockstep
from bnviz.engine.lockstep import OF_ONE_SEED
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.run import FIELDS, Run

STEPS, FEW, MANY = 15, 24, 324
SMALL = {"depth": (1, 4), "width": (2, 24), "samples": (50, 150), "batch_size": (1, 40), "ghost_size": (2, 20),
         "half_life": (1, 30), "schedule_steps": (1, 30)}  # fmt: skip
"""Networks as small as can be; every other number goes from its field's least to its most."""
WORDS = {"dataset": [word for word, row in DATASETS.items() if not row.files]}
TAME = {"init_scale", "learning_rate", "eps", "weight_decay"}
"""Drawn by their size: most of a plain draw would be runs that are lost at once."""


def drawn(field, chance):
    """A value of this field, by chance."""
    low, high = SMALL.get(field.name, (field.low, field.high))
    if field.choices:
        return chance.choice(WORDS.get(field.name, field.choices))
    if field.low is None:
        return chance.random() < 0.5
    if field.optional and chance.random() < 0.5:
        return None
    if chance.random() < 0.1 and not field.whole:
        return chance.choice([low, high])
    if field.name in TAME:
        return 10.0 ** chance.uniform(np.log10(max(low, 1e-6)), np.log10(high))
    return chance.randint(low, high) if field.whole else chance.uniform(low, high)


def random_run(number):
    """Network so and so: the same one each time."""
    chance = random.Random(number)
    while True:
        choices = {name: drawn(field, chance) for name, field in FIELDS.items()}
        if chance.random() < 0.5:
            choices["groups"] = chance.choice([g for g in range(1, choices["width"] + 1) if choices["width"] % g == 0])
        if chance.random() < 0.5:
            choices["network"] = "mlp"
        try:
            return Run(**choices)
        except InvalidChoice:
            pass


def trained(run, seeds, **beside):
    """Some networks after some steps, and what is read of the last one of this run."""
    lockstep = Lockstep(Experiment(arms={"own": run, **beside}, seeds=seeds))
    lockstep.advance(STEPS)
    readings = lockstep.snapshot()["own"]
    return lockstep, {name: values[-1] for name, values in readings.items() if name not in OF_ONE_SEED}


def check(number):
    run = random_run(number)
    lockstep, read = trained(run, (0,))
    if not all(np.isfinite(read[name]).all() for name in ("train_loss", "weight_norm")):
        lockstep.advance()  # of an update that lost the network the next loss tells
        assert lockstep.snapshot()["own"]["diverged_at"][0] <= STEPS + 1
    hot = run.replace(learning_rate=min(100.0, 3 * run.learning_rate))
    for seeds, beside in ((0,), {}), ((7, 0), {"hot": hot}):
        _, again = trained(run, seeds, **beside)
        assert [name for name in read if not np.array_equal(read[name], again[name], equal_nan=True)] == [], seeds


@pytest.mark.parametrize("number", range(FEW))
def test_a_random_network(number):
    check(number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FEW, MANY))
def test_another_random_network(number):
    check(number)
