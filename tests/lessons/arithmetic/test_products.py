"""A step down the gradient of a product of weights: what was promised, what comes, and the orders in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.lessons.arithmetic.products import step

FACTORS, WEIGHTS, RATES = st.integers(1, 50), st.floats(0.8, 1.2), st.floats(0.01, 0.3)


@given(FACTORS, WEIGHTS, RATES)
def test_the_orders_add_up_to_the_change(factors, weight, rate):
    made = step(factors, weight, rate)
    assert made.orders.sum() == pytest.approx(made.change, rel=1e-6, abs=1e-9 * abs(made.orders).max())


@given(WEIGHTS, RATES)
def test_a_single_factor_keeps_its_promise(weight, rate):
    assert step(1, weight, rate).kept == pytest.approx(1)


def test_the_promise_is_the_rate_times_the_squared_gradient():
    assert step(3, 2.0, 0.01).promised == pytest.approx(-0.01 * 3 * (2.0**2) ** 2)


@pytest.mark.parametrize(("factors", "kept"), [(2, 0.95), (5, 0.82), (10, 0.65), (20, 0.44), (50, 0.20)])
def test_more_factors_keep_less(factors, kept):
    assert step(factors, 1.0, 0.1).kept == pytest.approx(kept, abs=0.005)


def test_the_second_order_can_be_larger_than_the_first():
    made = step(20, 1.1, 0.1)
    assert (made.promised, made.orders[1], made.change) == pytest.approx((-74.8, 395, -6.73), rel=1e-3)


def test_with_fifty_factors_the_product_may_grow():
    assert step(50, 1.1, 0.1).change > 0


@given(FACTORS, WEIGHTS)
def test_a_very_short_step_keeps_its_promise(factors, weight):
    assert step(factors, weight, 1e-8).kept == pytest.approx(1, abs=1e-2)
