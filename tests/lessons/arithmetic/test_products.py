"""A step down the gradient of a product of weights: what was promised, what comes, and the orders in between."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bnviz.engine.batch_norm import batch_norm
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


@given(FACTORS, WEIGHTS)
def test_velocity_and_acceleration_are_the_slope_and_the_bend_of_the_way_at_its_beginning(factors, weight):
    made = step(factors, weight, 0.1)
    gradient = weight ** (factors - 1)
    assert made.velocity == pytest.approx(-factors * gradient**2)
    assert made.acceleration == pytest.approx(factors * (factors - 1) * weight ** (factors - 2) * gradient**2)


def test_velocity_and_acceleration_do_not_hang_on_how_long_the_step_is():
    short, long = step(5, 1.1, 0.01), step(5, 1.1, 0.3)
    assert (short.velocity, short.acceleration) == pytest.approx((long.velocity, long.acceleration))


def test_behind_bn_gamma_alone_moves_and_keeps_the_promise_of_a_single_factor():
    weights, gamma = torch.ones(5, dtype=torch.float64, requires_grad=True), torch.ones(1, dtype=torch.float64)
    gamma.requires_grad_()
    batch = torch.tensor([[-1.0], [1.0]], dtype=torch.float64)

    def output(weights, gamma):
        return batch_norm(batch * weights.prod(), gamma, torch.zeros_like(gamma), eps=0.0).output[1, 0]

    of_weights, of_gamma = torch.autograd.grad(output(weights, gamma), (weights, gamma))
    assert of_weights.abs().max() < 1e-15
    after = output(weights - 0.3 * of_weights, gamma - 0.3 * of_gamma)
    assert after.item() == pytest.approx(step(1, 1.0, 0.3).after) == pytest.approx(0.7)
