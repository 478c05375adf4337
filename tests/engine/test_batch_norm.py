"""Our own batch normalization: the golden mini-batch, PyTorch's layer as the reference, and the laws it obeys."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from bnviz.engine.batch_norm import (
    batch_norm,
    batch_norm_backward,
    batch_norm_eval,
    update_running,
)
from bnviz.engine.trace import Running

GOLDEN = torch.tensor([[0.0], [2.0], [4.0], [6.0]], dtype=torch.float64)
ONE, ZERO = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@st.composite
def mini_batches(draw, least=2):
    examples, features = draw(st.integers(least, 20)), draw(st.integers(1, 5))
    return draw(st.floats(-5, 5)) + draw(st.floats(0.1, 10)) * drawn(examples, features, seed=draw(st.integers(0, 99)))


def test_the_golden_mini_batch_has_mean_3_and_biased_variance_5():
    forward = batch_norm(GOLDEN, ONE, ZERO)
    assert (forward.batch_mean.item(), forward.batch_var.item()) == (3, 5)


def test_the_golden_mini_batch_is_normalized_as_by_hand():
    normalized = batch_norm(GOLDEN, ONE, ZERO).normalized[:, 0].tolist()
    assert normalized == pytest.approx([-1.3416, -0.4472, 0.4472, 1.3416], abs=1e-4)


def test_one_golden_mini_batch_moves_the_running_statistics_as_by_hand():
    running = update_running(Running(ZERO, ONE), batch_norm(GOLDEN, ONE, ZERO), momentum=0.1)
    assert (running.mean.item(), running.var.item()) == pytest.approx((0.3, 0.9 + 0.1 * 20 / 3))


@pytest.fixture
def both():
    """PyTorch's layer and ours after one step on the same mini-batch: outputs, gradients, running statistics."""
    reference = nn.BatchNorm1d(6, eps=1e-3, momentum=0.3).double()
    with torch.no_grad():
        reference.weight.copy_(1 + drawn(6, seed=1))
        reference.bias.copy_(drawn(6, seed=2))
    x, upstream = (3 + 2 * drawn(8, 6, seed=3)).requires_grad_(), drawn(8, 6, seed=4)
    output = reference(x)
    output.backward(upstream)
    forward = batch_norm(x.detach(), reference.weight.detach(), reference.bias.detach(), eps=1e-3)
    return reference, x, output.detach(), forward, batch_norm_backward(upstream, forward, reference.weight.detach())


def test_the_output_equals_pytorchs(both):
    _, _, output, forward, _ = both
    torch.testing.assert_close(forward.output, output)


def test_the_gradients_equal_pytorchs(both):
    reference, x, _, _, gradients = both
    for ours, theirs in ((gradients.x, x), (gradients.gamma, reference.weight), (gradients.beta, reference.bias)):
        torch.testing.assert_close(ours, theirs.grad)


def test_the_running_statistics_equal_pytorchs(both):
    reference, _, _, forward, _ = both
    start = Running(torch.zeros(6).double(), torch.ones(6).double())
    running = update_running(start, forward, momentum=0.3)
    torch.testing.assert_close(running.mean, reference.running_mean)
    torch.testing.assert_close(running.var, reference.running_var)


def test_eval_mode_equals_pytorchs(both):
    reference, x, _, _, _ = both
    running = Running(reference.running_mean, reference.running_var)
    ours = batch_norm_eval(x, running, reference.weight, reference.bias, eps=1e-3)
    torch.testing.assert_close(ours, reference.eval()(x))


def test_eval_mode_ignores_the_mini_batch():
    running = Running(ONE, 4 * ONE)
    alone = batch_norm_eval(GOLDEN[:1], running, ONE, ZERO)
    assert torch.equal(alone, batch_norm_eval(GOLDEN, running, ONE, ZERO)[:1])


@given(mini_batches(), st.floats(0, 1))
def test_normalized_features_have_mean_0_and_variance_s2_over_s2_plus_eps(x, eps):
    normalized = batch_norm(x, ONE, ZERO, eps).normalized
    s2 = x.var(0, correction=0)
    torch.testing.assert_close(normalized.mean(0), torch.zeros_like(s2), atol=1e-9, rtol=0)
    torch.testing.assert_close(normalized.var(0, correction=0), s2 / (s2 + eps))


@given(mini_batches())
def test_the_gradients_of_a_feature_add_up_to_zero_over_the_mini_batch(x):
    gradient = batch_norm_backward(drawn(*x.shape, seed=5), batch_norm(x, ONE, ZERO), ONE).x
    torch.testing.assert_close(gradient.sum(0), torch.zeros(x.shape[1]).double(), atol=1e-8, rtol=0)


@given(mini_batches(), st.floats(0.01, 100), st.floats(-100, 100))
def test_scaling_and_shifting_the_input_leaves_the_output_unchanged(x, scale, shift):
    torch.testing.assert_close(
        batch_norm(scale * x + shift, ONE, ZERO, eps=0).output, batch_norm(x, ONE, ZERO, eps=0).output,
        atol=1e-7, rtol=1e-7,
    )


@given(mini_batches())
def test_gamma_and_beta_can_undo_the_normalization(x):
    seen = batch_norm(x, ONE, ZERO)
    torch.testing.assert_close(batch_norm(x, seen.deviation, seen.batch_mean).output, x)


@pytest.mark.parametrize("value", [0.1, 0.7, -123.456])
def test_equal_values_have_variance_0_however_their_sum_is_rounded(value):
    forward = batch_norm(torch.full((7, 1), value), torch.ones(1), torch.zeros(1))
    assert forward.batch_var.item() == 0 and not forward.output.any()


def test_a_mini_batch_of_one_gives_beta_and_no_gradient():
    forward = batch_norm(drawn(1, 3), torch.full((3,), 2.0), torch.arange(3.0))
    assert forward.output.tolist() == [[0, 1, 2]]
    assert batch_norm_backward(drawn(1, 3), forward, torch.ones(3)).x.tolist() == [[0, 0, 0]]


def test_a_mini_batch_of_two_keeps_only_which_was_larger():
    x = torch.tensor([[1.0, 7.0], [5.0, -100.0]])
    assert batch_norm(x, torch.ones(2), torch.zeros(2), eps=0).output.tolist() == [[-1, 1], [1, -1]]


def test_a_large_mean_does_not_spoil_the_variance():
    forward = batch_norm((GOLDEN + 1000).float(), torch.ones(1), torch.zeros(1))
    assert forward.batch_var.item() == 5


def test_one_example_has_no_unbiased_variance_and_the_error_says_so():
    with pytest.raises(ValueError, match="take 2 or more"):
        update_running(Running(ZERO, ONE), batch_norm(GOLDEN[:1], ONE, ZERO))


def test_the_running_statistics_keep_no_graph():
    x = GOLDEN.clone().requires_grad_()
    running = update_running(Running(ZERO, ONE), batch_norm(x, ONE, ZERO))
    assert not running.mean.requires_grad and not running.var.requires_grad
