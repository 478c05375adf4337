"""A pass by autograd reads what the pass by hand reads, and what the definitions say, of any network."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.nn.functional import one_hot

from bnviz.engine import network
from bnviz.engine.probes import Reader, probe_pass
from bnviz.engine.probes.gradients import step
from bnviz.engine.probes.hidden_layers import PROBES, sorted_units
from bnviz.engine.probes.probe_pass import alike, disturbance, layers_and_gradients, unit_inputs
from bnviz.quantities import QUANTITIES

SAME = {"atol": 1e-5, "rtol": 1e-3, "check_dtype": False, "equal_nan": True}
WIRED = [
    {}, {"normalization": "batch"}, {"normalization": "layer", "placement": "after"},
    {"normalization": "batch", "placement": "around"},
]  # fmt: skip
NEW = [
    {"normalization": "group", "groups": 2, "width": 8}, {"normalization": "noisy"},
    {"normalization": "noisy", "placement": "after"}, {"normalization": "l1"},
    {"normalization": "linf", "affine": False}, {"normalization": "detached"},
    {"normalization": "batch", "ghost_size": 5}, {"normalization": "l1", "placement": "around"},
]  # fmt: skip
OTHER_NETWORKS = [
    {"network": kind, "normalization": normalization} for kind in ("cnn", "rnn") for normalization in ("batch", "none")
]


def batch(data):
    x = torch.stack([each.x(each.train[:40]).T for each in data])
    labels = torch.stack([each.pool_y[each.train[:40]] for each in data])
    return x, labels, one_hot(labels, data[0].classes).transpose(1, 2).float()


@pytest.mark.parametrize("choices", WIRED, ids=str)
def test_both_looks_read_the_same(trained, monkeypatch, choices):
    stack, data = trained(**choices)
    view, (x, _, truth) = stack.at_rest(), batch(data)
    seen, gradients = layers_and_gradients(view, x, truth)
    monkeypatch.setattr(probe_pass, "is_written_out", lambda run: False)
    seen_too, gradients_too = layers_and_gradients(view, x, truth)
    for probe in PROBES.values():
        torch.testing.assert_close(torch.as_tensor(probe(seen_too)), torch.as_tensor(probe(seen)), **SAME)
    torch.testing.assert_close(gradients_too, gradients, **SAME)


def gradient(view, layers, x, labels):
    """Autograd's gradient in the weights of every hidden layer."""
    learned = [layer.map(lambda p: p.detach().requires_grad_()) for layer in layers]
    trace = network.forward(view.run, learned, x, chances=disturbance(view, x.shape[2]))
    loss = network.losses(trace.logits, labels).sum()
    found = iter(torch.autograd.grad(loss, [p for layer in learned for p in layer.tensors()]))
    return [layer.map(lambda _: next(found)) for layer in learned]


@pytest.mark.parametrize("choices", NEW + OTHER_NETWORKS, ids=str)
def test_gradient_norm_and_shift_are_those_of_the_definition(trained, choices):
    stack, data = trained(learning_rate=2.0, **choices)
    view, (x, labels, truth) = stack.at_rest(), batch(data)
    before, readings = gradient(view, view.layers, x, labels), layers_and_gradients(view, x, truth)[1]
    new = [step(layer, by, view.learning_rate) for layer, by in zip(view.layers, before, strict=True)]
    for i in range(1, view.run.depth):
        g = before[i].weight.flatten(1)
        after = gradient(view, (*new[:i], *view.layers[i:]), x, labels)[i].weight.flatten(1)
        torch.testing.assert_close(readings["gradient_norm"][i], g.norm(dim=1), **SAME)
        torch.testing.assert_close(readings["gradient_shift"][i], (g - after).norm(dim=1) / g.norm(dim=1), **SAME)
        torch.testing.assert_close(readings["gradient_cosine"][i], F.cosine_similarity(g, after), **SAME)


@pytest.mark.parametrize("choices", NEW + OTHER_NETWORKS, ids=str)
def test_a_glance_sees_what_a_look_sees(trained, choices):
    stack, data = trained(**choices)
    view, (x, _, truth) = stack.at_rest(), batch(data)
    assert np.array_equal(sorted_units(unit_inputs(view, x)), layers_and_gradients(view, x, truth)[0].sorted_units)


@pytest.mark.parametrize("choices", NEW + OTHER_NETWORKS, ids=str)
def test_a_reader_reads_every_ordinary_quantity_of_every_network(trained, choices):
    stack, data = trained(steps=30, **choices)
    readings = Reader(stack.at_rest().run, data).read(stack.at_rest())
    ordinary = {name for name, quantity in QUANTITIES.items() if not (quantity.instrument or quantity.watch)}
    of_others = set() if stack.at_rest().run.network == "cnn" else {"filters", "feature_maps"}
    assert set(readings) == ordinary - {"train_loss", "diverged_at", "decision", "points"} - of_others
    assert all(np.isfinite(readings[name]).all() for name in ("test_loss", "pre_std", "gradient_norm", "unit_p50"))
    assert np.isfinite(readings["running_var"]).all() == stack.at_rest().run.uses_batch


@pytest.mark.parametrize("choices", NEW, ids=str)
def test_reading_changes_nothing_that_trains(trained, choices):
    (watched, data), (alone, _) = (trained(dropout=0.2, **choices) for _ in range(2))
    reader = Reader(watched.at_rest().run, data)
    for _ in range(5):
        reader.read(watched.at_rest())
        reader.remember(watched.at_rest())
        watched.advance(2)
    alone.advance(10)
    state = [(p for layer in s.at_rest().layers for p in layer.tensors()) for s in (watched, alone)]
    assert all(torch.equal(*pair) for pair in zip(*state, strict=True))
    assert [r.mean.tolist() for r in watched.at_rest().running] == [r.mean.tolist() for r in alone.at_rest().running]


def test_a_look_is_disturbed_alike_at_one_step_and_otherwise_at_the_next(trained):
    stack, data = trained(normalization="noisy")
    x = batch(data)[0]
    first, again = (unit_inputs(stack.at_rest(), x) for _ in range(2))
    stack.set_learning_rate(0.0, [0, 1])
    stack.advance(1)
    assert torch.equal(first, again) and not torch.allclose(first, unit_inputs(stack.at_rest(), x), atol=0.05)


def test_the_noise_of_a_run_is_its_own_whoever_stands_beside_it(trained):
    (pair, both), (single, one) = (trained(seeds=seeds, normalization="noisy") for seeds in ((0, 1), (1,)))
    beside, alone = unit_inputs(pair.at_rest(), batch(both)[0]), unit_inputs(single.at_rest(), batch(one)[0])
    torch.testing.assert_close(beside[:, 1], alone[:, 0], atol=1e-4, rtol=1e-3)


def test_noise_shows_in_the_distribution_shift(trained):
    shifts = {}
    for word in ("batch", "noisy"):
        stack, data = trained(normalization=word, learning_rate=0.01)
        reader = Reader(stack.at_rest().run, data)
        reader.read(stack.at_rest())
        stack.advance(20)
        shifts[word] = reader.read(stack.at_rest())["distribution_shift"]
    assert (shifts["noisy"] > 3 * shifts["batch"]).all()


def test_layers_of_many_columns_are_seen_at_as_many_as_the_one_with_the_fewest():
    many, few = torch.arange(10.0).view(1, 1, 10), torch.arange(4.0).view(1, 1, 4)
    assert [columns.flatten().tolist() for columns in alike([many, few])] == [[0, 2, 4, 6], [0, 1, 2, 3]]
