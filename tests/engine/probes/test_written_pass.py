"""The quick pass is the readable network: the same tensors forward, autograd's gradients backward."""

from itertools import product

import pytest
import torch
from torch.nn.functional import one_hot

from bnviz.engine import network
from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.probes.gradients import backward
from bnviz.engine.probes.written_pass import forward, normalize, watched_inputs
from bnviz.run import Run

KINDS = [
    {"normalization": normalization, "placement": placement, "affine": affine}
    for normalization, placement, affine in product(("batch", "layer"), ("before", "after"), (True, False))
] + [{"normalization": "none"}, *({"normalization": word, "placement": "around"} for word in ("batch", "layer"))]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
SAME = {"atol": 1e-5, "rtol": 1e-4}


def batch(data):
    x = torch.stack([each.pool_x[each.train[:30]].T for each in data])
    return x, torch.stack([each.pool_y[each.train[:30]] for each in data])


@every_kind
def test_the_forward_pass_is_the_networks(trained, kind):
    stack, data = trained(**kind)
    view, (x, _) = stack.at_rest(), batch(data)
    passed, logits = forward(view.run, view.layers, x)
    trace = network.forward(view.run, view.layers, x)
    torch.testing.assert_close(logits, trace.logits, **SAME)
    for ours, theirs in zip(passed, trace.layers, strict=True):
        torch.testing.assert_close(ours.nonlinearity_input, theirs.nonlinearity_input, **SAME)
        torch.testing.assert_close(ours.output, theirs.output, **SAME)


def autograd(view, x, labels):
    learned = [layer.map(lambda p: p.detach().requires_grad_()) for layer in view.layers]
    loss = network.losses(network.forward(view.run, learned, x).logits, labels).sum()
    return torch.autograd.grad(loss, [p for layer in learned[:-1] for p in layer.tensors()])


def compare(stack, data):
    view, (x, labels) = stack.at_rest(), batch(data)
    truth = one_hot(labels, data[0].classes).transpose(1, 2).float()
    passed, logits = forward(view.run, view.layers, x)
    ours = [p for layer in backward(view.run, view.layers, passed, logits, truth) for p in layer.tensors()]
    torch.testing.assert_close(ours, list(autograd(view, x, labels)), **SAME)


@every_kind
def test_the_gradients_are_autograds(trained, kind):
    compare(*trained(**kind))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("placement", ["before", "after", "around"])
def test_the_gradients_are_autograds_for_every_activation(trained, activation, placement):
    compare(*trained(activation=activation, normalization="batch", placement=placement, init="he"))


@every_kind
def test_the_quick_look_sees_the_same_inputs(trained, kind):
    stack, data = trained(width=40, **kind)
    view, (x, _) = stack.at_rest(), batch(data)
    passed, _ = forward(view.run, view.layers, x)
    expected = torch.stack([layer.nonlinearity_input[:, :32] for layer in passed])
    torch.testing.assert_close(watched_inputs(view.run, view.layers, x), expected)


def test_the_golden_mini_batch_is_normalized_as_by_hand():
    seen = normalize(Run(normalization="batch"), torch.tensor([[[0.0, 2.0, 4.0, 6.0]]]))
    assert (seen.mean.item(), seen.var.item()) == (3, 5)
    assert seen.x_hat.flatten().tolist() == pytest.approx([-1.3416, -0.4472, 0.4472, 1.3416], abs=1e-4)


def test_a_pass_writes_to_nothing_it_was_given(trained):
    stack, data = trained(normalization="batch")
    view, (x, _) = stack.at_rest(), batch(data)
    given = [x, *(p for layer in view.layers for p in layer.tensors())]
    before = [tensor.clone() for tensor in given]
    passed, logits = forward(view.run, view.layers, x)
    backward(view.run, view.layers, passed, logits, torch.zeros_like(logits))
    assert all(torch.equal(*pair) for pair in zip(given, before, strict=True))
