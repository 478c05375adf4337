"""A look by autograd reads what the look by hand reads, and what the definitions say, of any network."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.nn.functional import one_hot

from bnviz.engine import network
from bnviz.engine.probes import Reader
from bnviz.engine.probes import look as looking
from bnviz.engine.probes.gradients import step
from bnviz.engine.probes.look import alike, disturbance, glance, look
from bnviz.engine.probes.passes import each
from bnviz.engine.probes.seen import PROBES, sorted_units
from bnviz.quantities import QUANTITIES

SAME = {"atol": 1e-5, "rtol": 1e-3, "check_dtype": False, "equal_nan": True}
WIRED = [{}, {"normalization": "batch"}, {"normalization": "layer", "placement": "after"}]
NEW = [
    {"normalization": "group", "groups": 2, "width": 8}, {"normalization": "noisy"},
    {"normalization": "noisy", "placement": "after"}, {"normalization": "l1"},
    {"normalization": "linf", "affine": False}, {"normalization": "detached"},
    {"normalization": "batch", "ghost_size": 5},
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
    watched, (x, _, truth) = stack.watched(), batch(data)
    seen, gradients = look(watched, x, truth)
    monkeypatch.setattr(looking, "is_wired", lambda run: False)
    seen_too, gradients_too = look(watched, x, truth)
    for probe in PROBES.values():
        torch.testing.assert_close(torch.as_tensor(probe(seen_too)), torch.as_tensor(probe(seen)), **SAME)
    torch.testing.assert_close(gradients_too, gradients, **SAME)


def gradient(watched, layers, x, labels):
    """Autograd's gradient in the weights of every hidden layer."""
    learned = [each(layer, lambda p: p.detach().requires_grad_()) for layer in layers]
    trace = network.forward(watched.run, learned, x, chances=disturbance(watched, x.shape[2]))
    loss = network.losses(trace.logits, labels).sum()
    found = iter(torch.autograd.grad(loss, [p for layer in learned for p in layer.tensors()]))
    return [each(layer, lambda _: next(found)) for layer in learned]


@pytest.mark.parametrize("choices", NEW + OTHER_NETWORKS, ids=str)
def test_gradient_norm_and_shift_are_those_of_the_definition(trained, choices):
    stack, data = trained(learning_rate=2.0, **choices)
    watched, (x, labels, truth) = stack.watched(), batch(data)
    before, readings = gradient(watched, watched.layers, x, labels), look(watched, x, truth)[1]
    new = [step(layer, by, watched.learning_rate) for layer, by in zip(watched.layers, before, strict=True)]
    for i in range(1, watched.run.depth):
        g = before[i].weight.flatten(1)
        after = gradient(watched, (*new[:i], *watched.layers[i:]), x, labels)[i].weight.flatten(1)
        torch.testing.assert_close(readings["gradient_norm"][i], g.norm(dim=1), **SAME)
        torch.testing.assert_close(readings["gradient_shift"][i], (g - after).norm(dim=1) / g.norm(dim=1), **SAME)
        torch.testing.assert_close(readings["gradient_cosine"][i], F.cosine_similarity(g, after), **SAME)


@pytest.mark.parametrize("choices", NEW + OTHER_NETWORKS, ids=str)
def test_a_glance_sees_what_a_look_sees(trained, choices):
    stack, data = trained(**choices)
    watched, (x, _, truth) = stack.watched(), batch(data)
    assert np.array_equal(sorted_units(glance(watched, x)), look(watched, x, truth)[0].sorted_units)


@pytest.mark.parametrize("choices", NEW + OTHER_NETWORKS, ids=str)
def test_a_reader_reads_every_ordinary_quantity_of_every_network(trained, choices):
    stack, data = trained(steps=30, **choices)
    readings = Reader(stack.watched().run, data).read(stack.watched())
    ordinary = {name for name, quantity in QUANTITIES.items() if not quantity.instrument}
    assert set(readings) == ordinary - {"train_loss", "diverged_at", "decision"}
    assert all(np.isfinite(readings[name]).all() for name in ("test_loss", "pre_std", "gradient_norm", "unit_p50"))
    assert np.isfinite(readings["running_var"]).all() == stack.watched().run.uses_batch


@pytest.mark.parametrize("choices", NEW, ids=str)
def test_looking_changes_nothing_that_trains(trained, choices):
    (watched, data), (alone, _) = (trained(dropout=0.2, **choices) for _ in range(2))
    reader = Reader(watched.watched().run, data)
    for _ in range(5):
        reader.read(watched.watched())
        reader.remember(watched.watched())
        watched.advance(2)
    alone.advance(10)
    state = [(p for layer in s.watched().layers for p in layer.tensors()) for s in (watched, alone)]
    assert all(torch.equal(*pair) for pair in zip(*state, strict=True))
    assert [r.mean.tolist() for r in watched.watched().running] == [r.mean.tolist() for r in alone.watched().running]


def test_a_look_is_disturbed_alike_at_one_step_and_otherwise_at_the_next(trained):
    stack, data = trained(normalization="noisy")
    x = batch(data)[0]
    first, again = (glance(stack.watched(), x) for _ in range(2))
    stack.set_learning_rate(0.0, [0, 1])
    stack.advance(1)
    assert torch.equal(first, again) and not torch.allclose(first, glance(stack.watched(), x), atol=0.05)


def test_the_noise_of_a_run_is_its_own_whoever_stands_beside_it(trained):
    (pair, both), (single, one) = (trained(seeds=seeds, normalization="noisy") for seeds in ((0, 1), (1,)))
    beside, alone = glance(pair.watched(), batch(both)[0]), glance(single.watched(), batch(one)[0])
    torch.testing.assert_close(beside[:, 1], alone[:, 0], atol=1e-4, rtol=1e-3)


def test_noise_shows_in_the_distribution_shift(trained):
    shifts = {}
    for word in ("batch", "noisy"):
        stack, data = trained(normalization=word, learning_rate=0.01)
        reader = Reader(stack.watched().run, data)
        reader.read(stack.watched())
        stack.advance(20)
        shifts[word] = reader.read(stack.watched())["distribution_shift"]
    assert (shifts["noisy"] > 3 * shifts["batch"]).all()


def test_layers_of_many_columns_are_seen_at_as_many_as_the_one_with_the_fewest():
    many, few = torch.arange(10.0).view(1, 1, 10), torch.arange(4.0).view(1, 1, 4)
    assert [columns.flatten().tolist() for columns in alike([many, few])] == [[0, 2, 4, 6], [0, 1, 2, 3]]
