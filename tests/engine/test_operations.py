"""Each operation's backward is the gradient of its own forward: autograd is asked, in double precision."""

import pytest
import torch
import torch.nn.functional as F

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.generators import torch_generator
from bnviz.engine.normalization_operations import BatchNorm, LayerNorm, ScaleAndShift
from bnviz.engine.normalizations import NORMALIZATIONS, scale_and_shift
from bnviz.engine.operations import CrossEntropy, Dropout, Linear, Nonlinearity, Signal
from bnviz.engine.parameters import Parameter
from bnviz.engine.vectors import roomy
from bnviz.run import Run

RUNS, OUT, IN, BATCH, WIDTH = 3, 5, 4, 6, 8


def drawn(*shape):
    return torch.randn(*shape, generator=torch_generator(0, "data"))


def parameter(value):
    return Parameter(value, torch.zeros_like(value), keep=0.0, sign=1.0)


def reference(function, grad, *inputs):
    """Value and input gradients of ``function`` in double precision."""
    inputs = [each.double().requires_grad_() for each in inputs]
    value = function(*inputs)
    return value, torch.autograd.grad(value, inputs, grad.double())


def close(found, wanted):
    torch.testing.assert_close(found.double(), wanted, rtol=1e-5, atol=1e-5)


def signal(features):
    """A signal with something in every place, the places beyond the batch included."""
    value, grad = (roomy(RUNS, features, WIDTH).copy_(drawn(RUNS, features, WIDTH)) for _ in range(2))
    return Signal(value, grad.copy_(grad.flip(0)), BATCH)


def run_through(operation, x, y_grad):
    """Forward and backward: the value and the gradient in ``x``, for the examples."""
    operation.forward()
    operation.y.examples_grad.copy_(y_grad)
    value = operation.y.examples.clone()
    operation.backward()
    return value, x.examples_grad


def test_a_linear_operation_is_linear():
    x, weight, bias, grad = signal(IN), drawn(RUNS, OUT, IN), drawn(RUNS, OUT, 1), drawn(RUNS, OUT, BATCH)
    w, b = parameter(weight), parameter(bias)
    wanted, grads = reference(lambda x, w, b: w @ x + b, grad, x.examples, weight, bias)
    value, x_grad = run_through(Linear(x, drawn(RUNS, OUT, WIDTH), w, b), x, grad)
    close(value, wanted)
    for found, wanted in zip((x_grad, w.target, b.target), grads, strict=True):
        close(found, wanted)


@pytest.mark.parametrize("word", ACTIVATIONS)
def test_a_nonlinearity_equals_pytorchs(word):
    x, grad = signal(OUT), drawn(RUNS, OUT, BATCH)
    wanted, (wanted_grad,) = reference(ACTIVATIONS[word].module(), grad, x.examples)
    value, x_grad = run_through(Nonlinearity(x, word), x, grad)
    close(value, wanted)
    close(x_grad, wanted_grad)


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("word", ["batch", "layer"])
def test_a_normalization_equals_its_readable_twin(word, affine, in_place):
    x, grad, gamma, beta = signal(OUT), drawn(RUNS, OUT, BATCH), drawn(RUNS, OUT, 1), drawn(RUNS, OUT, 1)
    learned = (parameter(gamma), parameter(beta)) if affine else None

    def readable(x, gamma=None, beta=None):
        return scale_and_shift(NORMALIZATIONS[word](x, Run(eps=1e-3), None).x_hat, gamma, beta)

    wanted, grads = reference(readable, grad, x.examples, *((gamma, beta) if affine else ()))
    make, statistics = {"batch": (BatchNorm, [torch.empty(2, RUNS, OUT, 1)]), "layer": (LayerNorm, [])}[word]
    y, scratch = x.value if in_place else torch.empty_like(x.value), torch.empty_like(x.value)
    value, x_grad = run_through(make(x, y, scratch, 1e-3, learned, *statistics), x, grad)
    close(value, wanted)
    for found, wanted in zip((x_grad, *(p.target for p in learned or ())), grads, strict=True):
        close(found, wanted)


def test_gamma_and_beta_alone_equal_their_readable_twin():
    x, grad, gamma, beta = signal(OUT), drawn(RUNS, OUT, BATCH), drawn(RUNS, OUT, 1), drawn(RUNS, OUT, 1)
    wanted, grads = reference(scale_and_shift, grad, x.examples, gamma, beta)
    scale, shift = parameter(gamma), parameter(beta)
    value, x_grad = run_through(ScaleAndShift(x, torch.empty_like(x.value), scale, shift), x, grad)
    close(value, wanted)
    for found, wanted in zip((x_grad, scale.target, shift.target), grads, strict=True):
        close(found, wanted)


def batch_norm_of(values):
    """Mean, variance and output of a single unit without gamma and beta, eps 0."""
    x, sums = torch.tensor([[values]]), torch.empty(2, 1, 1, 1)
    operation = BatchNorm(Signal(x, x.clone(), len(values)), torch.empty_like(x), x.clone(), 0.0, None, sums)
    operation.forward()
    return (sums / len(values)).flatten().tolist(), operation.y.value.flatten().tolist()


def test_batch_normalization_of_the_golden_mini_batch():
    statistics, y = batch_norm_of([0.0, 2.0, 4.0, 6.0])
    assert statistics == [3.0, 5.0]
    assert y == pytest.approx([-1.3416, -0.4472, 0.4472, 1.3416], abs=1e-4)


def test_a_large_mean_does_not_drown_the_variance():
    assert batch_norm_of([1000.0, 1002.0, 1004.0, 1006.0])[0] == [1003.0, 5.0]


def test_cross_entropy_equals_pytorchs_for_every_run():
    logits, labels = signal(OUT), torch.arange(RUNS * BATCH).view(RUNS, 1, BATCH) % OUT
    scale = torch.tensor([1.0, 2.0, 0.5]).view(RUNS, 1, 1)

    def usual(logits):
        return F.cross_entropy(logits, labels[:, 0], reduction="none").mean(1)

    wanted, (wanted_grad,) = reference(usual, scale.flatten(), logits.examples)
    loss = CrossEntropy(logits, labels, scale)
    close(loss.forward(), wanted)
    loss.backward()
    close(logits.examples_grad, wanted_grad)


def dropout(share, seeds):
    x = torch.ones(len(seeds), 40, 50)
    generators = [torch_generator(seed, "dropout") for seed in seeds]
    operation = Dropout(Signal(x, torch.ones_like(x), 50), torch.tensor(share).view(-1, 1, 1), generators)
    operation.draw()
    operation.forward()
    return operation


def test_dropout_drops_its_share_and_scales_up_the_rest():
    y = dropout([0.25, 0.0], (0, 1)).y.value
    assert sorted(y[0].unique().tolist()) == pytest.approx([0, 1 / 0.75])
    assert float((y[0] == 0).float().mean()) == pytest.approx(0.25, abs=0.03)
    assert torch.equal(y[1], torch.ones(40, 50))


def test_a_dropout_mask_is_the_runs_own_whoever_stands_beside_it():
    assert torch.equal(dropout([0.5], (7,)).y.value[0], dropout([0.1, 0.5], (3, 7)).y.value[1])


def test_dropout_sends_the_gradient_through_what_was_kept():
    operation = dropout([0.5], (0,))
    operation.backward()
    assert torch.equal(operation.y.grad, operation.y.value)
