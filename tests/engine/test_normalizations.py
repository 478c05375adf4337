"""The family of normalizations: each against a reference, a hand calculation or its neighbour in the family."""

import math

import pytest
import torch
import torch.nn.functional as F

from bnviz.engine.generators import torch_generator
from bnviz.engine.normalization_operations import BatchNorm, LayerNorm
from bnviz.engine.normalizations import NORMALIZATIONS, ghosts
from bnviz.engine.operations import Signal
from bnviz.engine.probes.written_pass import normalize
from bnviz.engine.trace import Running
from bnviz.run import Run

RUNS, UNITS, EXAMPLES = 2, 6, 12
GOLDEN = torch.tensor([[[0.0, 2.0, 4.0, 6.0]]])
SAME = {"atol": 1e-6, "rtol": 1e-5}
OF_THE_BATCH = ["batch", "noisy", "l1", "linf", "detached"]


def drawn(*shape):
    return torch.randn(*shape, generator=torch_generator(0, "data"))


X = 3 * drawn(RUNS, UNITS, EXAMPLES) + 2


def x_hat(word, x=X, running=None, **choices):
    run = Run(normalization=word, width=UNITS, batch_size=EXAMPLES, groups=choices.pop("groups", 2), **choices)
    return NORMALIZATIONS[word](x, run, running).x_hat


def batch_norm(x):
    """PyTorch's, of every run's units."""
    return F.batch_norm(x.flatten(0, 1).T, None, None, training=True).T.view_as(x)


@pytest.mark.parametrize("word", ["batch", "noisy", "detached"])
def test_three_words_divide_by_the_deviation_as_pytorchs_batch_norm_does(word):
    torch.testing.assert_close(x_hat(word), batch_norm(X), **SAME)


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_group_norm_is_pytorchs(groups):
    wanted = F.group_norm(X.transpose(1, 2).reshape(-1, UNITS), groups).view(RUNS, EXAMPLES, UNITS).transpose(1, 2)
    torch.testing.assert_close(x_hat("group", groups=groups), wanted, **SAME)


def test_group_norm_with_one_group_is_layer_norm():
    torch.testing.assert_close(x_hat("group", groups=1), x_hat("layer"))


def test_l1_divides_the_golden_mini_batch_by_its_mean_distance():
    scale = math.sqrt(math.pi / 2) * 2  # the distances are 3, 1, 1, 3
    assert x_hat("l1", GOLDEN, eps=0.0).flatten().tolist() == pytest.approx([d / scale for d in (-3, -1, 1, 3)])


def test_linf_divides_the_golden_mini_batch_by_its_largest_distance():
    scale = 3 / math.sqrt(2 * math.log(4))
    assert x_hat("linf", GOLDEN, eps=0.0).flatten().tolist() == pytest.approx([d / scale for d in (-3, -1, 1, 3)])


def test_l1_finds_the_deviation_of_gaussian_numbers():
    assert x_hat("l1", 5 * drawn(1, 1, 100_000)).std().item() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("word", ["l1", "linf"])
def test_a_scaled_and_shifted_input_is_normalized_to_the_same(word):
    torch.testing.assert_close(x_hat(word, 7 * X - 3, eps=0.0), x_hat(word, eps=0.0), **SAME)


def gradient(word, dy):
    x = X.double().requires_grad_()
    return torch.autograd.grad(x_hat(word, x), x, dy)[0]


def test_the_detached_gradient_lacks_exactly_the_terms_through_mean_and_variance():
    dy = drawn(RUNS, UNITS, EXAMPLES).flip(2).double()
    normalized, deviation = x_hat("batch", X.double()), (X.double().var(2, correction=0, keepdim=True) + 1e-5).sqrt()
    through_mean = dy.mean(2, keepdim=True) / deviation
    through_variance = normalized * (dy * normalized).mean(2, keepdim=True) / deviation
    torch.testing.assert_close(gradient("detached", dy) - gradient("batch", dy), through_mean + through_variance)
    torch.testing.assert_close(gradient("detached", dy), dy / deviation)


@pytest.mark.parametrize("word", OF_THE_BATCH)
def test_a_ghost_batch_as_large_as_the_mini_batch_changes_nothing(word):
    assert torch.equal(x_hat(word, ghost_size=EXAMPLES), x_hat(word))


@pytest.mark.parametrize("word", OF_THE_BATCH)
def test_ghost_batches_are_normalized_each_by_itself(word):
    apart = [x_hat(word, part) for part in X.split(4, 2)]
    torch.testing.assert_close(x_hat(word, ghost_size=4), torch.cat(apart, 2))


@pytest.mark.parametrize(("examples", "size", "parts"), [(60, 15, 4), (64, 15, 4), (64, 30, 2), (50, 60, 1), (7, 2, 1)])
def test_examples_fall_into_as_many_equal_ghost_batches_as_they_can(examples, size, parts):
    assert ghosts(Run(normalization="batch", batch_size=size, ghost_size=size), examples) == parts


@pytest.mark.parametrize("choices", [{}, {"ghost_size": 4}], ids=str)
@pytest.mark.parametrize("word", OF_THE_BATCH)
def test_eval_mode_takes_the_running_statistics_whatever_the_mini_batch(word, choices):
    running = Running(torch.full((RUNS, UNITS, 1), 2.0), torch.full((RUNS, UNITS, 1), 9.0))
    torch.testing.assert_close(x_hat(word, running=running, eps=0.0, **choices), (X - 2) / 3)


@pytest.mark.parametrize("word", OF_THE_BATCH)
def test_a_unit_that_is_constant_becomes_0_and_has_a_finite_gradient(word):
    x = torch.full((1, 1, 4), 5.0, requires_grad=True)
    y = x_hat(word, x)
    torch.testing.assert_close(y, torch.zeros(1, 1, 4), rtol=0, atol=1e-4)
    assert torch.autograd.grad(y.square().sum(), x)[0].isfinite().all()


@pytest.mark.parametrize("value", [0.1, 0.7, 5.0, -123.456])
@pytest.mark.parametrize("examples", [3, 12, 60])
@pytest.mark.parametrize("word", [*OF_THE_BATCH, "layer", "group"])
def test_equal_numbers_without_eps_are_no_number_however_their_sum_is_rounded(word, examples, value):
    over_units = word in ("layer", "group")
    x = torch.full((RUNS, examples, 4) if over_units else (RUNS, 4, examples), value)
    run = Run(normalization=word, width=examples, groups=1, batch_size=60, eps=0.0)
    assert NORMALIZATIONS[word](x, run, None).x_hat.isnan().all()


@pytest.mark.parametrize("value", [0.1, 0.7])
@pytest.mark.parametrize("word", ["batch", "layer"])
def test_nor_are_they_where_the_gradient_is_written_out_or_read_by_hand(word, value):
    x, scratch = Signal(torch.full((2, 12, 16), value), torch.empty(0), 12), torch.zeros(2, 12, 16)
    sums = torch.empty(2, 2, 12, 1)
    operation = LayerNorm(x, x.value, scratch, 0.0, None) if word == "layer" else BatchNorm(
        x, x.value, scratch, 0.0, None, sums
    )
    operation.forward()
    assert operation.y.examples.isnan().all()
    run = Run(normalization=word, width=12, eps=0.0)
    assert normalize(run, torch.full((2, 12, 12), value)).x_hat.isnan().all()
