"""Convolutional and recurrent runs in PyTorch's own layers: the same numbers, gradients and losses."""

from itertools import islice

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from bnviz.engine import dataset, mini_batches, record, to_module
from bnviz.engine.datasets import load
from bnviz.engine.inits import initial_layers
from bnviz.engine.network import forward, losses
from bnviz.engine.parameters import Parameters
from bnviz.engine.stack import Stack
from bnviz.experiment import Experiment
from bnviz.run import Run

STEPS, SEED = 6, 1
CNN = Run(network="cnn", depth=3, width=6, init="he", activation="tanh", learning_rate=0.1, samples=300)
RNN = CNN.replace(network="rnn", depth=2, width=24, init="xavier", learning_rate=0.01)
NORMALIZED = [
    network.replace(normalization=n, placement=p, affine=a)
    for network in (CNN, RNN) for n in ("batch", "layer") for p in ("before", "after") for a in (True, False)
]
RUNS = [CNN, RNN, *NORMALIZED, RNN.replace(normalization="batch", per_step=True)]


def words(run):
    affine = "" if run.affine else " without gamma and beta"
    return f"{run.network} {run.normalization} {run.placement}{affine}{' per step' * run.per_step}"


EVERY_RUN = pytest.mark.parametrize("run", RUNS, ids=words)


def usual_loop(run):
    """The losses of a plain PyTorch training loop, and the module it leaves behind."""
    module, data, found = to_module(run, SEED), dataset(run, SEED), []
    optimizer = torch.optim.SGD(module.parameters(), lr=run.learning_rate)
    for indices in islice(mini_batches(run, SEED), STEPS):
        loss = F.cross_entropy(module(data.train_x[indices]), data.train_y[indices])
        found.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return found, module


def trained(run):
    """The losses of the same run as the second of three in a stack, and the stack."""
    seeds, found = (0, SEED, 2), []
    stack = Stack([run] * 3, seeds, [load(run, seed) for seed in seeds])
    for _ in range(STEPS):
        stack.advance(1)
        found.append(stack.loss[1].item())
    return found, stack


@EVERY_RUN
def test_gradients_are_those_of_pytorchs_layers(run):
    data, module = dataset(run, SEED), to_module(run, SEED)
    layers = Parameters([initial_layers(run, SEED, 64, 10)]).layers
    learned = [tensor.requires_grad_() for layer in layers for tensor in layer.tensors()]
    found = torch.autograd.grad(losses(forward(run, layers, data.test_x.T[None]).logits, data.test_y[None]), learned)
    loss = F.cross_entropy(module(data.test_x), data.test_y)
    for ours, its in zip(found, torch.autograd.grad(loss, list(module.parameters())), strict=True):
        torch.testing.assert_close(ours.flatten(), its.flatten(), rtol=1e-3, atol=1e-5)


@EVERY_RUN
def test_a_stack_learns_as_the_usual_loop_teaches_and_is_used_as_the_module_is(run):
    (ours, stack), (its, module) = trained(run), usual_loop(run)
    assert ours == pytest.approx(its, abs=2e-5)
    x, seen = dataset(run, SEED).test_x, stack.watched()
    logits = forward(run, seen.layers, x.T.expand(3, -1, -1), seen.running).logits[1].T
    torch.testing.assert_close(logits, module.eval()(x), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("network", [CNN, RNN], ids=words)
def test_making_a_module_leaves_the_global_generator_alone(network):
    state = torch.get_rng_state()
    to_module(network.replace(init="orthogonal", normalization="batch"), SEED)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("network", [CNN, RNN], ids=words)
def test_dropout_stands_behind_every_hidden_layer(network):
    kinds = [type(layer).__name__ for layer in to_module(network.replace(dropout=0.5), SEED)]
    assert kinds.count("Dropout") == network.depth and kinds[-1] == "Linear"


@pytest.mark.parametrize("network", [CNN, RNN], ids=words)
def test_dropout_costs_a_stack_some_of_its_fit(network):
    plain, dropped = (trained(network.replace(learning_rate=0.1, dropout=share))[0][-1] for share in (0.0, 0.5))
    assert dropped > plain


@pytest.mark.parametrize("network", [CNN, RNN], ids=words)
def test_a_network_is_watched_with_every_quantity_of_a_fully_connected_one(network):
    run = network.replace(normalization="batch")
    kinds = [record(Experiment(arms={"bn": each}, seeds=(0,)), 20, 20) for each in (run, run.replace(network="mlp"))]
    finite = [{name for name, value in history.latest["bn"].items() if np.isfinite(value).any()} for history in kinds]
    assert finite[0] == finite[1]
