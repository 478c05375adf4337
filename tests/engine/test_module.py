"""The stack computes what PyTorch's own layers, loss and optimizers compute in the usual loop."""

from itertools import islice, product

import pytest
import torch
import torch.nn.functional as F

from bnviz.engine import Lockstep, dataset, mini_batches, to_module
from bnviz.engine.activations import ACTIVATIONS
from bnviz.experiment import Experiment
from bnviz.run import Run

STEPS, SEED = 15, 1
SMALL = Run(depth=2, width=12, init="xavier", learning_rate=0.1, samples=400)
NORMALIZATIONS = [("none", "before", True), *product(["batch", "layer"], ["before", "after"], [True, False])]
OPTIMIZERS = {
    "descent": {},
    "momentum": {"sgd_momentum": 0.9},
    "nearly no momentum, but decay": {"weight_decay": 0.02},
    "momentum and decay": {"sgd_momentum": 0.5, "weight_decay": 0.02},
    "adam": {"optimizer": "adam", "learning_rate": 0.01},
    "adam and decay": {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.02},
}


def usual_optimizer(run, parameters):
    if run.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=run.learning_rate, weight_decay=run.weight_decay)
    return torch.optim.SGD(
        parameters, lr=run.learning_rate, momentum=run.sgd_momentum, weight_decay=run.weight_decay
    )


def usual_loop(run):
    """The losses of a plain PyTorch training loop, and the module it leaves behind."""
    module, data, losses = to_module(run, SEED), dataset(run, SEED), []
    optimizer = usual_optimizer(run, module.parameters())
    for indices in islice(mini_batches(run, SEED), STEPS):
        loss = F.cross_entropy(module(data.train_x[indices]), data.train_y[indices])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses, module


def stack_losses(run):
    """The losses of the same run, trained as the second of three in a stack."""
    lockstep = Lockstep(Experiment(arms={"only": run}, seeds=(0, SEED, 2)), probes=False)
    losses = []
    for _ in range(STEPS):
        lockstep.advance()
        losses.append(float(lockstep.snapshot()["only"]["train_loss"][1]))
    return losses


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("normalization", "placement", "affine"), NORMALIZATIONS)
def test_every_network_learns_as_the_usual_loop_teaches_it(normalization, placement, affine, activation):
    run = SMALL.replace(normalization=normalization, placement=placement, affine=affine, activation=activation)
    assert stack_losses(run) == pytest.approx(usual_loop(run)[0], abs=2e-5)


@pytest.mark.parametrize("choices", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize(("normalization", "placement", "affine"), NORMALIZATIONS[:3])
def test_every_optimizer_steps_as_torch_optim_does(choices, normalization, placement, affine):
    run = SMALL.replace(normalization=normalization, placement=placement, affine=affine, **choices)
    assert stack_losses(run) == pytest.approx(usual_loop(run)[0], abs=2e-5)


@pytest.mark.parametrize("init", ["he", "lecun", "orthogonal", "gaussian"])
def test_every_init_starts_the_module_and_the_stack_alike(init):
    run = SMALL.replace(init=init, init_scale=0.5)
    assert stack_losses(run)[0] == pytest.approx(usual_loop(run)[0][0], abs=1e-6)


def test_dropout_is_where_the_module_has_it_and_only_there():
    kinds = [type(layer).__name__ for layer in to_module(SMALL.replace(dropout=0.5, normalization="layer"), 0)]
    assert kinds == ["Linear", "LayerNorm", "Sigmoid", "Dropout"] * 2 + ["Linear"]


def test_a_bias_in_front_of_batch_normalization_is_left_out():
    before, after = (to_module(SMALL.replace(normalization="batch", placement=p), 0) for p in ("before", "after"))
    assert before[0].bias is None and before[-1].bias is not None
    assert after[0].bias is not None


def test_making_a_module_leaves_the_global_generator_alone():
    state = torch.get_rng_state()
    to_module(SMALL.replace(init="orthogonal"), SEED)
    assert torch.equal(torch.get_rng_state(), state)
