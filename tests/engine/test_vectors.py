"""What a run computes does not depend on where it stands: the same bits as the only one, and at any place of many."""

from itertools import product as every

import pytest
import torch

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.devices import one_thread_without_denormals
from bnviz.engine.generators import torch_generator
from bnviz.engine.vectors import in_whole_vectors, outer_product, product, roomy, whole
from bnviz.streams import fast_width

ODD = [1, 2, 5, 7, 9, 16, 33]
SHAPES = list(every(ODD, ODD, ODD))
RUNS = 5


@pytest.fixture(autouse=True)
def as_training_computes():
    with one_thread_without_denormals():
        yield


def drawn(*shape):
    return torch.randn(*shape, generator=torch_generator(0, "data"))


def alike(function, *operands):
    """Whether each of some runs gets to the bits that it gets to alone."""
    together = function(*operands)
    alone = [function(*(each[run : run + 1].clone() for each in operands)) for run in range(RUNS)]
    return torch.equal(together, torch.cat(alone))


def with_gradient(function):
    """The value of an elementwise function, and its gradient."""

    def both(x, slope):
        x = x.clone().requires_grad_()
        return torch.cat([function(x).detach(), torch.autograd.grad(function(x), x, slope)[0]], 2)

    return both


@pytest.mark.parametrize("word", ACTIVATIONS)
def test_an_activation_and_its_gradient_are_those_of_a_run_alone(word):
    for units, columns in every(ODD, ODD):
        x, slope = drawn(RUNS, units, columns), drawn(RUNS, columns, units).transpose(1, 2)
        assert alike(with_gradient(ACTIVATIONS[word].function), x, slope), (units, columns)


@pytest.mark.parametrize("word", ACTIVATIONS)
def test_written_out_it_is_the_same_function(word):
    for units in ODD:
        x = drawn(RUNS, units, 3)
        torch.testing.assert_close(ACTIVATIONS[word].over(x.clone()), ACTIVATIONS[word].module()(x))


def test_products_are_those_of_a_run_alone():
    for outputs, inputs, columns in SHAPES:
        if inputs > 1:
            weight, x, bias = drawn(RUNS, outputs, inputs), drawn(RUNS, inputs, columns), drawn(RUNS, outputs, 1)
            y = drawn(RUNS, outputs, columns)
            assert alike(product, weight, x) and alike(product, weight, x, bias), (outputs, inputs, columns)
            assert alike(product, weight.transpose(1, 2), y), (outputs, inputs, columns)
            assert alike(outer_product, y, x), (outputs, inputs, columns)


def test_products_are_what_they_are_called():
    weight, x, bias = drawn(RUNS, 7, 5), drawn(RUNS, 5, 9), drawn(RUNS, 7, 1)
    torch.testing.assert_close(product(weight, x, bias), weight @ x + bias)
    torch.testing.assert_close(outer_product(weight @ x, x), weight @ x @ x.mT)


def test_room_is_behind_the_numbers_and_fills_whole_vectors():
    made = roomy(3, 5, 7)
    assert made.shape == (3, 5, 7) and len(whole(made)) == 128
    whole(made).fill_(2.0)
    assert made.sum() == 2 * 3 * 5 * 7


def test_the_room_is_seen_by_nobody():
    x = drawn(3, 5, 7).requires_grad_()
    y = in_whole_vectors(lambda row: row.sum() + row)(x)
    assert y.shape == x.shape and torch.autograd.grad(y.sum(), x)[0].shape == x.shape


@pytest.mark.parametrize(("batch", "width"), [(60, 64), (64, 64), (1, 16), (8, 16), (17, 24), (500, 504)])
def test_a_batch_is_filled_up_to_whole_blocks(batch, width):
    assert fast_width(batch) == width
