"""Sweeps: every cell is the network that would have trained alone, and nothing but rows is kept."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakSet

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import bnviz
from bnviz.axes import Axis
from bnviz.engine import dataset, mini_batches, record, train_cells
from bnviz.engine.stack import Stack
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.run import Run
from bnviz.sweeps import RESULTS, Map, Sweep

RUN = Run(dataset="spirals", depth=2, width=16, batch_size=32, activation="relu", init="he")
TWO = Experiment(arms={"plain": RUN, "bn": RUN.replace(normalization="batch")}, seeds=(0, 1))


def rows_of(grid):
    cells = [grid.cell(number) for number in range(grid.total)]
    return dict(row for part in train_cells(cells, grid.steps) for row in part)


def alone(cell, steps):
    """What a recording of this one network reads at its end, the layers averaged."""
    arms = {"only": cell.run}
    seen = record(Experiment(arms=arms, seeds=(cell.seed,)), steps, every=steps).latest["only"]
    return [float(np.mean(seen[quantity])) for quantity in RESULTS]


KINDS = {
    "fully connected": (RUN, {"learning_rate": (0.01, 0.5), "depth": (1, 3)}),
    "other noise and labels": (RUN, {"label_noise": (0.0, 0.5), "dropout": (0.0, 0.3)}),
    "other batches": (RUN, {"batch_size": (20, 60), "normalization": ("none", "batch", "layer")}),
    "by autograd": (RUN, {"normalization": ("group", "noisy"), "activation": ("gelu", "tanh")}),
    "l1 and SiLU": (
        RUN.replace(normalization="l1", activation="silu", width=13, batch_size=25),
        {"learning_rate": (0.01, 0.1, 1.0), "init_scale": (0.3, 1.0, 3.0)},
    ),
    "recurrent": (Run(network="rnn", width=6, depth=1, samples=100, batch_size=16), {"learning_rate": (0.1, 1.0)}),
}
MEANS = 4
"""The results from here on are means over the layers, which a sweep takes in another precision."""


@pytest.mark.parametrize(("run", "axes"), KINDS.values(), ids=KINDS)
def test_a_cell_reads_what_the_same_run_reads_that_trained_alone(run, axes):
    sweep = Sweep(Experiment(arms={"only": run}, seeds=(0, 1)), axes, steps=30)
    for number, row in rows_of(sweep).items():
        cell = sweep.cell(number)
        found, wanted = row[len(row) - len(RESULTS) - 1 : -1], alone(cell, 30)
        assert np.array_equal(found[:MEANS], wanted[:MEANS], equal_nan=True)
        assert found[MEANS:] == pytest.approx(wanted[MEANS:], rel=1e-5, nan_ok=True)


@pytest.mark.parametrize(("run", "axes"), KINDS.values(), ids=KINDS)
def test_in_float64_the_same_network_trains_with_more_digits(run, axes):
    sweep = Sweep(Experiment(arms={"only": run}, seeds=(0,)), axes, steps=5)
    cells = [sweep.cell(number) for number in range(sweep.total)]
    single, double = (
        dict(row for part in train_cells([replace(cell, float64=wide) for cell in cells], 5) for row in part)
        for wide in (False, True)
    )
    for number, row in single.items():
        at = sweep.columns.index("train_loss")
        assert row[at] == pytest.approx(double[number][at], rel=1e-4) and row[at] != double[number][at]
    assert torch.get_default_dtype() == torch.float32


def test_a_network_in_float64_follows_the_usual_loop_to_twelve_digits():
    run = RUN.replace(normalization="batch", learning_rate=0.1)
    cell = replace(Sweep(Experiment(arms={"only": run}), {}, steps=30).cell(0), float64=True)
    (_, row), = [row for part in train_cells([cell], 30) for row in part]
    module, split, batches = bnviz.engine.to_module(run, 0).double(), dataset(run, 0), mini_batches(run, 0)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    for _ in range(30):
        chosen = next(batches)
        loss = cross_entropy(module(split.train_x[chosen].double()), split.train_y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert row[2] == pytest.approx(loss.item(), rel=1e-12)


def test_networks_ten_digits_apart_differ_in_float64_alone():
    axes = Axis("learning_rate", 0.3, 0.3 * (1 + 1e-9)), Axis("init_scale", 1.0, 1.0 + 1e-9)
    asked = Map(Experiment(arms={"only": RUN}), *axes, cells=8, steps=20)
    cells, at = [asked.cell(number) for number in range(64)], asked.columns.index("train_loss")
    losses = [
        {row[at] for part in train_cells([replace(cell, float64=wide) for cell in cells], 20) for _, row in part}
        for wide in (False, True)
    ]
    assert len(losses[1]) == 64 > len(losses[0])


@pytest.mark.parametrize("steps", [5, 18, 20, 25, 60])
def test_the_shift_is_read_where_a_recording_reads_it(steps):
    sweep = Sweep(TWO.replace(seeds=(0,)), {}, steps=steps)
    row = rows_of(sweep)[1]
    assert row[-2] == pytest.approx(alone(sweep.cell(1), steps)[-1], rel=1e-4, nan_ok=True)


def test_a_network_that_diverges_is_dated_and_reads_nothing_else():
    wild = RUN.replace(depth=6, init_scale=2.0, learning_rate=1.0)
    experiment = Experiment(arms={"wild": wild}, seeds=(0,))
    frame = bnviz.sweep(experiment, steps=30)
    assert frame["diverged_at"][0] == record(experiment, 30).latest["wild"]["diverged_at"] > 0
    assert frame[["train_loss", "test_loss", "test_accuracy", "gradient_norm"]].isna().all(axis=None)


def test_a_sweep_is_a_tidy_frame_in_its_own_order():
    frame = bnviz.sweep(TWO, learning_rate=[0.1, 1.0], activation=["relu", "tanh"], steps=3)
    assert list(frame.columns) == ["arm", "seed", "learning_rate", "activation", *RESULTS, "impossible"]
    assert frame["learning_rate"].tolist() == [0.1] * 8 + [1.0] * 8
    assert frame["test_accuracy"].between(0, 1).all()


def test_networks_that_cannot_be_are_rows_that_say_why():
    frame = bnviz.sweep(TWO.replace(dataset="moons", samples=50), batch_size=[1, 20, 100], steps=3)
    why = frame.set_index(["arm", "batch_size", "seed"])["impossible"]
    assert why["bn", 1, 0].startswith("batch_size was 1; allowed with batch normalization")
    assert why["plain", 100, 1].startswith("batch_size was 100, but moons has only 40 training examples")
    assert np.isnan(why["plain", 20, 0]) and frame["test_loss"].notna().sum() == 2 * (1 + 2)


def test_an_unknown_field_is_refused():
    with pytest.raises(InvalidChoice, match="'rate' is no choice of a Run"):
        bnviz.sweep(TWO, rate=[0.1])


def test_equal_networks_are_trained_once(monkeypatch):
    trained = []
    monkeypatch.setattr(Stack, "advance", lambda stack, steps: trained.append(len(stack.diverged_at)))
    map_ = Map(TWO, Axis("depth", 1, 2), Axis("learning_rate", 0.1, 1.0), cells=8, steps=1)
    rows_of(map_)
    assert sum(trained) == 2 * 2 * 8  # two depths, two arms, eight rates


def test_however_many_networks_there_are_one_stack_lives_at_a_time(monkeypatch):
    living, others, made = WeakSet(), [], Stack.__init__

    def counted(stack, *args):
        others.append(len(living))
        living.add(stack)
        made(stack, *args)

    monkeypatch.setattr(Stack, "__init__", counted)
    bnviz.sweep(TWO, depth=[1, 2, 3, 4], steps=2)
    assert others == [0] * 8


def test_whoever_drives_can_look_up_while_a_stack_trains():
    cells = [Sweep(TWO, {}, steps=100).cell(number) for number in range(4)]
    parts = list(train_cells(cells, 100))
    assert sum(not part for part in parts) >= 2 * 100 // 25


def test_a_network_without_a_finite_loss_leaves_and_the_others_do_not_notice():
    deep = Experiment(arms={"plain": RUN.replace(depth=6)}, seeds=(0,))
    both = bnviz.sweep(deep, init_scale=[1.0, 3.0, 4.0, 5.0], learning_rate=[0.05], steps=60)
    alone = bnviz.sweep(deep, init_scale=[1.0], learning_rate=[0.05], steps=60)
    assert both["diverged_at"].notna().tolist() == [False, True, True, True]
    assert both.iloc[0].tolist()[2:-1] == pytest.approx(alone.iloc[0].tolist()[2:-1], rel=1e-4, nan_ok=True)


def test_a_stack_is_made_anew_without_the_networks_that_left(monkeypatch):
    sizes, made = [], Stack.__init__
    monkeypatch.setattr(Stack, "__init__", lambda stack, *args: (sizes.append(len(args[0])), made(stack, *args))[1])
    deep = Experiment(arms={"plain": RUN.replace(depth=6)}, seeds=(0,))
    bnviz.sweep(deep, init_scale=[1.0, 3.0, 4.0, 5.0], learning_rate=[0.05], steps=60)
    assert sizes == [4, 1]
