"""Four distributions with one mean and one variance, and the means of what a nonlinearity passes on of each."""

from math import e, log, pi, sqrt

import numpy as np
import pytest

from bnviz.lessons.arithmetic.mini_batch import kurtosis, skew
from bnviz.lessons.arithmetic.moments import QUANTILES, values
from bnviz.lessons.arithmetic.sigmoid import sigmoid

MANY = 20_000


@pytest.mark.parametrize("count", [2, 7, 400])
@pytest.mark.parametrize("name", QUANTILES)
def test_each_has_mean_0_and_variance_1(name, count):
    made = values(name, count)
    assert (made.mean(), made.var()) == pytest.approx((0, 1), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "mean"),
    [("Gaussian", 1 / sqrt(2 * pi)), ("two points", 1 / 2), ("uniform", sqrt(3) / 4), ("exponential", 1 / e)],
)
def test_behind_a_relu_each_has_a_mean_of_its_own(name, mean):
    assert np.maximum(values(name, MANY), 0).mean() == pytest.approx(mean, abs=5e-4)


@pytest.mark.parametrize(
    ("name", "mean"), [("Gaussian", 1 / 2), ("two points", 1 / 2), ("uniform", 1 / 2), ("exponential", log(1 + e) / e)]
)
def test_behind_a_sigmoid_the_symmetric_ones_have_the_same_mean(name, mean):
    assert sigmoid(values(name, MANY)).mean() == pytest.approx(mean, abs=5e-4)


@pytest.mark.parametrize(
    ("name", "shape"), [("Gaussian", (0, 3)), ("two points", (0, 1)), ("uniform", (0, 9 / 5)), ("exponential", (2, 9))]
)
def test_skew_and_kurtosis_are_those_of_the_distribution(name, shape):
    assert (skew(values(name, MANY)), kurtosis(values(name, MANY))) == pytest.approx(shape, rel=0.02, abs=1e-9)
