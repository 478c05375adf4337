"""A bias in front of a mean that is subtracted: the laws of its two gradients."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.lessons.arithmetic.drift import INPUTS, drift

torch = pytest.importorskip("torch")


def test_after_250_steps_at_rate_a_tenth_the_bias_is_50():
    assert drift(250, 0.1, through_mean=False).bias[-1] == pytest.approx(50)


@given(st.integers(1, 100), st.floats(0.01, 0.3))
def test_with_a_constant_mean_the_bias_takes_the_same_step_for_ever_and_the_loss_stays(steps, rate):
    made = drift(steps, rate, through_mean=False)
    assert made.bias == pytest.approx([2 * rate * step for step in range(steps + 1)])
    assert made.loss == pytest.approx([1.0] * (steps + 1))


def test_through_the_mean_the_bias_stays_at_0():
    assert drift(100, 0.1, through_mean=True).bias == pytest.approx([0] * 101)


@pytest.mark.parametrize("through_mean", [False, True])
def test_the_first_step_follows_autograd_s_gradient(through_mean):
    inputs, bias = torch.tensor(INPUTS), torch.zeros(1, requires_grad=True)
    x = inputs + bias
    mean = x.mean() if through_mean else x.mean().detach()
    torch.square(x - mean - (inputs - inputs.mean() + 1)).mean().backward()
    assert drift(1, 0.1, through_mean).bias[1] == pytest.approx(-0.1 * bias.grad.item(), abs=1e-6)
