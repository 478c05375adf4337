"""A sweep over several processes is the sweep, and says what went wrong in one of them."""

import numpy as np
import pandas as pd
import pytest

from bnviz import Experiment, Run, sweep
from bnviz.engine import sweep_process
from bnviz.own_data import dataset_from

SMALL = Experiment(arms={"plain": Run(dataset="moons", depth=1, width=4, samples=80)}, seeds=[0, 1])
AXES = {"learning_rate": [0.1, 1.0], "batch_size": [4, 500]}


def test_two_processes_give_the_table_of_one_refusals_and_all():
    alone = sweep(SMALL, steps=6, **AXES)
    pd.testing.assert_frame_equal(sweep(SMALL, steps=6, processes=2, **AXES), alone)
    assert alone.impossible.notna().sum() == 4


def test_processes_have_the_arrays_of_ones_own():
    words = [dataset_from(np.eye(401, 3, -shift), np.arange(401) % 2) for shift in range(10)]
    alone = sweep(SMALL, steps=2, dataset=words)
    pd.testing.assert_frame_equal(sweep(SMALL, steps=2, processes=2, dataset=words), alone)
    assert alone.impossible.isna().all()


def test_processes_say_nothing_beside_their_rows(capfd):
    sweep(SMALL, steps=2, processes=2, progress=False, learning_rate=[0.1, 1.0])
    assert capfd.readouterr() == ("", "")


def test_a_process_that_ends_early_is_told_and_leaves_none_behind(monkeypatch):
    started, make = [], sweep_process._started

    def killed():
        started.append(make())
        started[-1].kill()
        started[-1].wait()
        return started[-1]

    monkeypatch.setattr(sweep_process, "_started", killed)
    with pytest.raises((RuntimeError, BrokenPipeError)):
        sweep(SMALL, steps=6, processes=2, **AXES)
    assert all(process.poll() is not None for process in started)


@pytest.mark.parametrize("processes", [0, 1.5, "all"])
def test_a_number_that_no_processes_can_have_is_refused(processes):
    with pytest.raises(ValueError, match="processes was"):
        sweep(SMALL, steps=6, processes=processes, **AXES)


def test_a_bar_counts_the_networks(capfd):
    sweep(SMALL, steps=2, progress=True, learning_rate=[0.1, 1.0])
    assert "4/4" in capfd.readouterr().err
