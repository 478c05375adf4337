"""The walk down the gradient is the one that PyTorch's own SGD takes."""

import copy
import dataclasses

import pytest
import torch
from torch.nn.functional import cross_entropy

from bnviz.engine.modules import to_module
from bnviz.engine.probes.instruments.landscape import landscape, losses_along
from bnviz.engine.trace import Layer
from bnviz.quantities import WALK
from tests.engine.probes.conftest import SMALL

BATCH = SMALL.batch_size


def sloped(module, examples):
    """The module's loss on one mini-batch, and its whole gradient as one vector."""
    loss = cross_entropy(module(examples.x[0, :, :BATCH].T.double()), examples.labels[0, :BATCH])
    return loss.item(), torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(module.parameters()))])


def stepped(module, examples, rate):
    moved = copy.deepcopy(module)
    cross_entropy(moved(examples.x[0, :, :BATCH].T.double()), examples.labels[0, :BATCH]).backward()
    torch.optim.SGD(moved.parameters(), lr=rate).step()
    return moved


def walked(module, examples, rate):
    """The readings of a whole run from their definitions."""
    here, g = sloped(module, examples)
    walk = [(k * rate, *sloped(stepped(module, examples, k * rate), examples)) for k in (0.5, 1, 2, 4)]
    losses = [loss for _, loss, _ in walk]
    return {
        "loss_range": max(losses) - min(losses),
        "loss_steepness": max(abs(loss - here) / (eta * g.norm()) for eta, loss, _ in walk).item(),
        "gradient_predictiveness": max((there - g).norm() for _, _, there in walk).item(),
        "effective_smoothness": max((there - g).norm() / (eta * g.norm()) for eta, _, there in walk).item(),
        "gradient_alignment": sum(torch.cosine_similarity(g, there, 0) for _, _, there in walk).item() / 4,
        "fidelity": ((here - losses[1]) / (rate * g.norm() ** 2)).item(),
        "promised_decrease": (rate * g.norm() ** 2).item(),
    }


KINDS = [{}, {"normalization": "batch"}, {"normalization": "layer", "activation": "relu"}]


@pytest.mark.parametrize("choices", KINDS, ids=str)
def test_the_landscape_is_the_one_that_pytorch_walks(context, choices):
    seen = context(seeds=(3,), steps=0, learning_rate=2.0, **choices)
    expected = walked(to_module(SMALL.replace(**choices), 3).double(), seen.probe, 2.0)
    found = landscape(seen)
    assert {quantity: found[quantity].item() for quantity in found.keys() - {"loss_along"}} == pytest.approx(expected)


@pytest.mark.parametrize("choices", KINDS, ids=str)
def test_the_walk_of_the_first_seed_is_the_loss_after_a_step_of_each_length(context, choices):
    seen = context(seeds=(3, 4), steps=0, learning_rate=2.0, **choices)
    module = to_module(SMALL.replace(**choices), 3).double()
    expected = [sloped(stepped(module, seen.probe, 2.0 * k), seen.probe)[0] for k in WALK[::5]]
    assert landscape(seen)["loss_along"][:, ::5].tolist() == [pytest.approx(expected)]


def test_down_a_parabola_the_walk_is_the_one_of_the_closed_form():
    weights, rate = torch.tensor([[[3.0]], [[-1.0]]]).double(), torch.tensor([[[0.5]], [[0.1]]]).double()
    parabola, here = (lambda layers: layers[0].weight.square().flatten() / 2), [Layer(weights)]
    along = losses_along(parabola, here, here, rate)
    assert along == pytest.approx(0.5 * weights.flatten(1).numpy() ** 2 * (1 - WALK * rate.flatten(1).numpy()) ** 2)


def test_the_walk_begins_as_steep_as_the_promise(context):
    found = landscape(context(learning_rate=1e-5))
    here, *along = found["loss_along"][0].tolist()
    promised = found["promised_decrease"][0].item()
    assert [(here - loss) / promised for loss in along] == pytest.approx(WALK[1:], rel=1e-3)


def test_a_part_without_the_first_seed_walks_nowhere(context):
    assert landscape(dataclasses.replace(context(), first=()))["loss_along"].shape == (0, len(WALK))


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_a_tiny_step_keeps_what_the_gradient_promised(context, normalization):
    found = landscape(context(learning_rate=1e-5, normalization=normalization))
    assert found["fidelity"].tolist() == pytest.approx([1, 1], abs=1e-3)
    assert found["gradient_alignment"].tolist() == pytest.approx([1, 1], abs=1e-5)


def test_where_nothing_is_promised_nothing_is_kept(context):
    seen = context()
    seen.stack.learning_rate.zero_()
    found = landscape(seen)
    assert found["fidelity"].isnan().all() and found["loss_range"].tolist() == [0, 0]


def test_every_run_walks_with_its_own_learning_rate(context):
    seen = context()
    both = landscape(seen)["loss_range"].tolist()
    seen.stack.learning_rate[1] *= 2
    changed = landscape(seen)["loss_range"].tolist()
    assert changed[0] == both[0] and changed[1] != both[1]
