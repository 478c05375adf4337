"""Gradient shift is Santurkar's: only the layers below move, by one plain step."""

import pytest
import torch
from torch.nn.functional import one_hot

from bnviz.engine import network
from bnviz.engine.probes.gradients import moved_layers, norms, read_gradients, shift_and_cosine, step
from bnviz.engine.probes.written_pass import forward
from bnviz.engine.trace import Layer

SAME = {"atol": 1e-4, "rtol": 1e-3, "check_dtype": False}


def batch(data):
    x = torch.stack([each.pool_x[each.train[:40]].T for each in data])
    return x, torch.stack([each.pool_y[each.train[:40]] for each in data])


def read(stack, data):
    view, (x, labels) = stack.at_rest(), batch(data)
    passed, logits = forward(view.run, view.layers, x)
    truth = one_hot(labels, data[0].classes).transpose(1, 2).float()
    return read_gradients(view.run, view.layers, passed, logits, truth, view.learning_rate)


def gradient(run, layers, x, labels):
    """Autograd's, in the parameters of every layer."""
    learned = [layer.map(lambda p: p.detach().requires_grad_()) for layer in layers]
    loss = network.losses(network.forward(run, learned, x).logits, labels).sum()
    found = iter(torch.autograd.grad(loss, [p for layer in learned for p in layer.tensors()]))
    return [layer.map(lambda _: next(found)) for layer in learned]


KINDS = [
    {}, {"normalization": "batch"}, {"normalization": "batch", "placement": "after"}, {"normalization": "layer"},
    {"normalization": "batch", "affine": False, "activation": "relu"},
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_shift_is_that_of_the_definition_written_out(trained, kind):
    stack, data = trained(learning_rate=2.0, **kind)
    view, (x, labels) = stack.at_rest(), batch(data)
    run, old = view.run, view.layers
    before = gradient(run, old, x, labels)
    new = [step(layer, by, view.learning_rate) for layer, by in zip(old, before, strict=True)]
    readings = read(stack, data)
    for i in range(1, run.depth):
        g = before[i].weight.flatten(1)
        after = gradient(run, (*new[:i], *old[i:]), x, labels)[i].weight.flatten(1)
        torch.testing.assert_close(readings["gradient_shift"][i], (g - after).norm(dim=1) / g.norm(dim=1), **SAME)
        torch.testing.assert_close(readings["gradient_cosine"][i], torch.cosine_similarity(g, after), **SAME)


def test_the_first_layer_has_no_layer_below_it(trained):
    readings = read(*trained())
    assert readings["gradient_shift"][0].isnan().all() and readings["gradient_cosine"][0].isnan().all()


def test_a_network_of_one_layer_has_a_norm_and_no_shift(trained):
    readings = read(*trained(depth=1))
    assert readings["gradient_norm"].isfinite().all() and readings["gradient_shift"].isnan().all()


def test_without_a_step_nothing_shifts(trained):
    stack, data = trained()
    stack.at_rest().learning_rate.zero_()
    readings = read(stack, data)
    assert readings["gradient_shift"][1:].tolist() == [[0, 0], [0, 0]]
    assert readings["gradient_cosine"][1:].flatten().tolist() == pytest.approx([1] * 4)


def test_every_run_steps_at_its_own_learning_rate(trained):
    stack, data = trained()
    both = read(stack, data)["gradient_shift"]
    stack.set_learning_rate(3.0, [1])
    changed = read(stack, data)["gradient_shift"]
    assert torch.equal(both[1:, 0], changed[1:, 0]) and (both[1:, 1] < changed[1:, 1]).all()


def test_shift_and_cosine_of_two_arrows_are_what_geometry_says():
    before, after = torch.tensor([[[3.0, 0.0]]]), torch.tensor([[[3.0, 4.0]]])
    shift, cosine = shift_and_cosine([before], [after])
    assert (shift.item(), cosine.item()) == pytest.approx((4 / 3, 3 / 5))


@pytest.mark.parametrize("scale", [1e-30, 1e-15, 1.0, 1e15, 1e30])
def test_a_norm_neither_vanishes_nor_overflows(scale):
    assert norms([scale * torch.tensor([[[3.0, 4.0]]])]).item() == pytest.approx(5 * scale)


def test_a_step_goes_down_the_gradient_in_every_parameter():
    one = torch.ones(1, 1, 1)
    moved = step(Layer(one, one, one, one), Layer(one, 2 * one, 3 * one, 4 * one), torch.full((1, 1, 1), 0.5))
    assert [p.item() for p in moved.tensors()] == [0.5, 0, -0.5, -1]


@pytest.mark.parametrize(
    ("depth", "layers"),
    [(1, []), (2, [1]), (9, [1, 2, 3, 4, 5, 6, 7, 8]), (50, [1, 8, 15, 22, 28, 35, 42, 49])],
)
def test_deep_networks_are_read_at_eight_layers_with_the_second_and_the_last(depth, layers):
    assert list(moved_layers(depth)) == layers
