"""What an example's normalized value depends on: alone on nothing, with one mate on the order, with many on itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.lessons.arithmetic.mini_batch import among_mates


def chance(seed=0):
    return np.random.default_rng(seed)


@given(st.floats(-10, 10))
def test_alone_an_example_is_normalized_to_0(value):
    assert not among_mates(value, 1, 3, chance()).any()


def test_with_one_mate_only_the_order_is_left():
    with_mate = among_mates(0.5, 2, 2000, chance())
    assert np.median(np.abs(with_mate)) == pytest.approx(1, abs=1e-4)
    assert (with_mate > 0).mean() == pytest.approx(0.691, abs=0.03)  # the share of a normal curve below 0.5


def test_among_very_many_an_example_keeps_its_value():
    assert among_mates(1.5, 20_000, 10, chance()) == pytest.approx(np.full(10, 1.5), abs=0.05)


def test_no_example_can_lie_farther_out_than_the_root_of_m_less_1():
    assert among_mates(1000, 5, 100, chance()) == pytest.approx(np.full(100, 2), abs=1e-2)


def test_the_scatter_shrinks_as_the_mini_batch_grows():
    scatter = [among_mates(1, size, 500, chance()).std() for size in (4, 16, 64)]
    assert scatter == sorted(scatter, reverse=True)


def test_a_mini_batch_of_nobody_is_refused():
    with pytest.raises(ValueError, match="allowed is 1 or more"):
        among_mates(1, 0, 1, chance())
