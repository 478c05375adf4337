"""Which runs train in one stack, and what a stack at rest shows."""

import pytest
import torch

from bnviz.engine import dataset, mini_batches, to_module
from bnviz.engine.datasets import load
from bnviz.engine.stack import Stack, together
from bnviz.run import Run

RUN = Run(depth=1, width=6, normalization="batch", samples=200)
OWN = {"learning_rate": 2.0, "weight_decay": 0.5, "dropout": 0.5, "init": "he", "init_scale": 3.0, "label_noise": 0.4}
SHARED = {
    "width": 7, "depth": 2, "activation": "relu", "normalization": "layer", "optimizer": "adam", "affine": False,
    "shuffle": False, "half_life": 100,
}  # fmt: skip


def test_running_statistics_are_those_of_pytorch():
    stack, module = Stack([RUN], [0], [load(RUN, 0)]), to_module(RUN, 0)
    stack.advance(1)
    module(dataset(RUN, 0).train_x[next(mini_batches(RUN, 0))])
    (running,) = stack.at_rest().running
    torch.testing.assert_close(running.mean[0, :, 0], module[1].running_mean)
    torch.testing.assert_close(running.var[0, :, 0], module[1].running_var)


def test_without_batch_normalization_there_are_no_running_statistics():
    plain = RUN.replace(normalization="none")
    assert Stack([plain], [0], [load(plain, 0)]).at_rest().running == ()


def test_the_rate_of_the_step_to_come_has_fallen_to_a_half_with_each_half_life():
    falling = Stack([RUN.replace(half_life=4)] * 2, [0, 1], [load(RUN, seed) for seed in (0, 1)])
    falling.advance(8)
    falling.set_learning_rate(0.2, [1])
    assert falling.at_rest().learning_rate.flatten().tolist() == pytest.approx([0.5 / 4, 0.2 / 4])
    falling.advance(2)
    assert falling.at_rest().learning_rate[0].item() == pytest.approx(0.5 / 4 / 2**0.5)


def test_a_rate_falls_from_step_to_step_however_many_are_taken_at_once():
    run = RUN.replace(half_life=2)
    at_once, one_by_one = (Stack([run], [0], [load(run, 0)]) for _ in range(2))
    at_once.advance(6)
    for _ in range(6):
        one_by_one.advance(1)
    ends = [stack.at_rest().layers[0].weight for stack in (at_once, one_by_one)]
    assert torch.equal(*ends)


def groups(*runs):
    return together(runs, [load(run, 0) for run in runs])


@pytest.mark.parametrize("name", OWN)
def test_runs_that_differ_in_a_number_of_their_own_train_together(name):
    run = RUN.replace(weight_decay=0.1, dropout=0.1)
    assert groups(run, run.replace(**{name: OWN[name]})) == [[0, 1]]


@pytest.mark.parametrize("name", SHARED)
def test_runs_of_different_shapes_train_apart(name):
    assert groups(RUN, RUN.replace(**{name: SHARED[name]}), RUN) == [[0, 2], [1]]


def test_a_stack_too_large_for_the_cache_is_cut_into_equal_parts():
    wide = Run(width=256, depth=5)
    sizes = [len(rows) for rows in groups(*[wide] * 12)]
    assert sum(sizes) == 12 and len(sizes) > 1 and max(sizes) - min(sizes) <= 1
