"""One unit's mini-batch: the stages that the network computes, of examples that it is about to learn from."""

from itertools import islice

import pytest

from bnviz.engine import dataset, mini_batches
from bnviz.engine.studies.one_unit import RUN, SEED, one_unit


def unit(step=0, layer=2, number=7):
    *_, table = one_unit(step, layer, number)
    return table


def test_the_mini_batch_is_the_one_that_comes_next():
    expected = dataset(RUN, SEED).train_y[next(islice(mini_batches(RUN, SEED), 3, None))]
    assert unit(step=3).columns["digit"] == expected.tolist()


def test_the_network_s_output_is_gamma_x_hat_plus_beta():
    table = unit(step=30)
    gamma, beta = table.numbers("gamma")[0], table.numbers("beta")[0]
    expected = [gamma * x_hat + beta for x_hat in table.numbers("normalized")]
    assert table.numbers("output") == pytest.approx(expected, abs=1e-5)


def test_gamma_and_beta_start_at_1_and_0_and_move():
    assert {unit().columns["gamma"][0], unit().columns["beta"][0]} == {1, 0}
    assert unit(step=30).columns["gamma"][0] != 1


def test_mean_and_variance_are_those_of_the_mini_batch():
    table = unit()
    x = table.numbers("x")
    mean = sum(x) / len(x)
    assert table.numbers("mean")[0] == pytest.approx(mean, abs=1e-6)
    assert table.numbers("var")[0] == pytest.approx(sum((each - mean) ** 2 for each in x) / len(x), rel=1e-4)


def test_units_and_layers_differ():
    first, *others = (unit(layer=layer, number=number).columns["x"] for layer, number in ((2, 7), (2, 8), (1, 7)))
    assert first not in others
