"""Longer weights change nothing behind batch normalization, as long as epsilon is small beside the variance."""

import pytest

from bnviz.engine.studies.scale_invariance import scale_invariance

SCALES = (1e-3, 1e-2, 1e-1, 1.0, 10.0, 1e3)


@pytest.fixture(scope="module")
def table():
    (table,) = scale_invariance(SCALES, (0.0, 1e-5), examples=64, width=32)
    return table


def test_without_epsilon_the_output_and_its_gradient_in_the_input_stay(table):
    exact = table.where(eps=0.0)
    assert max(exact.numbers("output_change")) < 1e-13
    assert exact.numbers("input_gradient") == pytest.approx([1] * len(SCALES))


def test_without_epsilon_the_weights_gradient_is_as_much_shorter(table):
    assert table.where(eps=0.0).numbers("weight_gradient") == pytest.approx([1 / scale for scale in SCALES])


@pytest.mark.parametrize(("scale", "low", "high"), [(1e-3, 0.2, 0.4), (1e-2, 0.92, 0.97), (1e-1, 0.998, 1)])
def test_epsilon_breaks_the_law_where_the_variance_is_small(table, scale, low, high):
    (ratio,) = table.where(eps=1e-5, scale=scale).numbers("input_gradient")
    assert low < ratio < high


def test_weights_of_the_same_length_change_nothing():
    (table,) = scale_invariance((1.0,), (1.0,), examples=8, width=3)
    assert table.columns["output_change"] == [0]
    assert table.columns["input_gradient"] == table.columns["weight_gradient"] == [1]
