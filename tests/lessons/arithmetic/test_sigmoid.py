"""The sigmoid's slope is its derivative, a quarter at most, and layers multiply it."""

import math

import numpy as np
import pytest

from bnviz.lessons.arithmetic.sigmoid import left, sigmoid, slope


def test_it_is_steepest_at_0_with_a_quarter():
    assert float(slope(0.0)) == 0.25 and slope(np.linspace(-5, 5, 101)).max() == 0.25


@pytest.mark.parametrize("x", [-3.0, 0.0, 0.7, 4.0])
def test_it_is_the_derivative(x):
    assert float(slope(x)) == pytest.approx(float(sigmoid(x + 1e-6) - sigmoid(x - 1e-6)) / 2e-6, abs=1e-9)


def test_far_from_0_it_vanishes_like_an_exponential():
    assert float(slope(-40.0)) == pytest.approx(math.exp(-40)) and float(slope(40.0)) == pytest.approx(math.exp(-40))


def test_five_layers_leave_a_thousandth_at_most():
    assert left(0.0, 5) == 1 / 1024 and left(2.0, 5) == pytest.approx(0.10499358540350652**5)
