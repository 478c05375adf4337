"""The deep linear network against a plain PyTorch loop, and the shift of its gradients against its definition."""

import pytest
import torch
from torch import nn

from bnviz.engine.generators import torch_generator
from bnviz.engine.studies import measure
from bnviz.study import Study

SMALL = {"rates": (1e-3, 1e-2), "steps": 20, "seeds": 2, "depth": 4, "width": 5, "examples": 60, "layers": (1, 3, 4)}
SEED, RATE = 1, 1e-2


def measured(**changes):
    *_, table = measure(Study("deep_linear", **{**SMALL, **changes}))
    return table


@pytest.fixture(scope="module")
def table():
    return measured()


def task():
    data = torch_generator(SEED, "data")
    x = torch.randn(5, 60, generator=data).T
    return x, x @ torch.randn(5, 5, generator=data).T


def module(arm):
    start, layers = torch.randn(4, 5, 5, generator=torch_generator(SEED, "weights")) / 5**0.5, []
    for weight in start:
        layer = nn.Linear(5, 5, bias=False)
        layer.weight.data.copy_(weight)
        layers += [layer, nn.BatchNorm1d(5, affine=False)] if arm == "bn" else [layer]
    return nn.Sequential(*layers[: -1 if arm == "bn" else None])


def loss_of(network):
    x, y = task()
    return (network(x) - y).square().sum(1).mean()


@pytest.mark.parametrize("arm", ["plain", "bn"])
def test_the_losses_are_those_of_a_pytorch_loop(table, arm):
    network, losses = module(arm), []
    descent = torch.optim.SGD(network.parameters(), lr=RATE)
    for _ in range(21):
        loss = loss_of(network)
        losses.append(loss.item())
        descent.zero_grad()
        loss.backward()
        descent.step()
    found = table.where(arm=arm, seed=SEED, rate=RATE, layer=1)
    assert found.columns["step"] == list(range(21))
    assert found.columns["loss"] == pytest.approx(losses, rel=1e-4)


@pytest.mark.parametrize("arm", ["plain", "bn"])
def test_the_shift_is_that_of_the_definition(table, arm):
    network = module(arm)
    weights = list(network.parameters())
    old = torch.autograd.grad(loss_of(network), weights)
    for weight, gradient in zip(weights[:2], old[:2], strict=True):
        weight.data.sub_(RATE * gradient)
    new = torch.autograd.grad(loss_of(network), weights)[2]
    found = table.where(arm=arm, seed=SEED, rate=RATE, layer=3, step=0)
    cosine = (old[2] * new).sum() / old[2].norm() / new.norm()
    assert found.columns["shift"][0] == pytest.approx(float((old[2] - new).norm() / old[2].norm()), rel=1e-3)
    assert found.columns["cosine"][0] == pytest.approx(float(cosine), rel=1e-4)


def test_the_first_layer_has_nothing_below_that_could_move(table):
    first = table.where(layer=1)
    assert max(first.columns["shift"]) < 1e-6 and min(first.columns["cosine"]) > 1 - 1e-6


def test_a_run_learns_alike_whatever_stands_beside_it(table):
    alone = measured(rates=(RATE,))
    assert alone.columns["loss"] == pytest.approx(table.where(rate=RATE).columns["loss"], rel=1e-5)


@pytest.mark.slow
def test_batch_normalization_turns_the_gradients_more_and_still_learns_more():
    table = measured(rates=(1e-4,), steps=600, seeds=3, depth=25, width=10, examples=1000, layers=(21,))
    end = {arm: table.where(arm=arm, step=600).numbers("loss") for arm in ("plain", "bn")}
    turned = {arm: sum(table.where(arm=arm).numbers("cosine")) for arm in ("plain", "bn")}
    assert sum(end["bn"]) < 0.9 * sum(end["plain"])
    assert turned["bn"] < 0.5 * turned["plain"]
