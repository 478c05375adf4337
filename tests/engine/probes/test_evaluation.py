"""Eval mode on test examples and over the plane."""

import math
from itertools import product

import pytest
import torch

from bnviz.engine import network
from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.probes.evaluation import NOT_FINITE, decision_map, eval_logits, evaluate, plane
from bnviz.engine.trace import Layer, Running
from bnviz.quantities import DECISION_EXTENT, DECISION_GRID
from bnviz.run import Run

KINDS = [
    {"normalization": normalization, "placement": placement, "affine": affine}
    for normalization, placement, affine in product(
        ("none", "batch", "layer", "noisy", "l1", "linf", "detached"), ("before", "after"), (True, False)
    )
] + [
    {"normalization": "group", "groups": 2, "width": 8}, {"normalization": "batch", "ghost_size": 5},
    *({"normalization": word, "placement": "around"} for word in ("batch", "layer", "l1")),
]  # fmt: skip


def same_logits(stack, data):
    view = stack.at_rest()
    x = torch.stack([each.pool_x[each.test].T for each in data])
    ours = eval_logits(view.run, view.layers, view.running, x)
    reference = network.forward(view.run, view.layers, x, view.running).logits
    torch.testing.assert_close(ours, reference, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def test_folding_batch_normalization_away_changes_no_logit(trained, kind):
    same_logits(*trained(steps=20, **kind))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_gives_the_networks_logits(trained, activation):
    same_logits(*trained(activation=activation, normalization="batch"))


def scored(*logits, labels=(0, 1)):
    """A network of one layer whose hidden units are the two examples, so that it says what is wanted."""
    layers = [Layer(torch.eye(2)[None]), Layer(torch.tensor(logits).T[None])]
    return evaluate(Run(activation="identity", depth=1), layers, [], torch.eye(2)[None], torch.tensor([labels]))


def test_accuracy_is_the_share_of_examples_named_right():
    assert [scored((9.0, 0.0), right)[1].item() for right in ((0.0, 9.0), (9.0, 0.0))] == [1, 0.5]


def test_a_network_that_does_not_know_loses_log_2():
    assert scored((0.0, 0.0), (0.0, 0.0))[0].item() == pytest.approx(0.6931, abs=1e-4)


def test_an_infinite_network_has_neither_loss_nor_accuracy():
    loss, accuracy = scored((float("nan"), 0.0), (0.0, 9.0))
    assert not loss.isfinite() and accuracy.isnan()


def test_eval_mode_uses_the_running_statistics():
    run = Run(activation="identity", depth=1, normalization="batch", eps=0.0)
    layers = [Layer(torch.ones(1, 1, 1)), Layer(torch.ones(1, 1, 1))]
    running = [Running(torch.full((1, 1, 1), 3.0), torch.full((1, 1, 1), 4.0))]
    assert eval_logits(run, layers, running, torch.tensor([[[7.0]]])).item() == (7 - 3) / 2


def test_the_plane_is_drawn_row_by_row_from_its_lower_left_corner():
    points = plane().view(2, DECISION_GRID, DECISION_GRID)
    assert points[:, 0, 0].tolist() == [-DECISION_EXTENT, -DECISION_EXTENT]
    assert points[:, 0, -1].tolist() == [DECISION_EXTENT, -DECISION_EXTENT]
    assert points[:, -1, 0].tolist() == [-DECISION_EXTENT, DECISION_EXTENT]


def code(*logits):
    return decision_map(torch.tensor(logits).view(1, -1, 1).expand(1, -1, DECISION_GRID**2))[0, 0, 0].item()


def test_certainty_about_a_class_is_50_times_the_class_and_49():
    assert [code(99.0, 0.0, 0.0), code(0.0, 99.0, 0.0), code(0.0, 0.0, 99.0)] == [49, 99, 149]


def test_a_mere_guess_has_no_confidence():
    assert code(0.0, 0.0, 0.0) % 50 == 0


def test_confidence_is_the_way_from_guess_to_certainty_in_49ths():
    assert code(math.log(4.0), 0.0) == round(49 * (0.8 - 0.5) / 0.5)


def test_an_infinite_network_is_marked_in_its_map():
    assert code(float("nan"), 0.0) == NOT_FINITE
