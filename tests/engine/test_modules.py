"""The stack computes what PyTorch's own layers, loss and optimizers compute in the usual loop."""

from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from bnviz.engine import Lockstep, dataset, record, to_module
from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.datasets import load
from bnviz.engine.inits import initial_layers
from bnviz.engine.modules import AddedNoise, BatchVariant
from bnviz.engine.network import forward, losses
from bnviz.engine.parameters import Parameters
from bnviz.engine.stack import Stack
from bnviz.experiment import Experiment
from bnviz.run import EVERYWHERE, OVER_THE_BATCH, Run
from tests.engine.usual import usual_loop

STEPS, FEW_STEPS, SEED = 15, 6, 1
SHALLOW = Run(depth=1, width=8, groups=2, samples=200)
SMALL = Run(depth=2, width=12, init="xavier", learning_rate=0.1, samples=400)
NORMALIZATIONS = [
    ("none", "before", True), *product(["batch", "layer"], ["before", "after"], [True, False]),
    ("batch", "around", True), ("layer", "around", True),
]  # fmt: skip
OPTIMIZERS = {
    "descent": {},
    "momentum": {"sgd_momentum": 0.9},
    "nearly no momentum, but decay": {"weight_decay": 0.02},
    "momentum and decay": {"sgd_momentum": 0.5, "weight_decay": 0.02},
    "adam": {"optimizer": "adam", "learning_rate": 0.01},
    "adam and decay": {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.02},
    "descent at a rate that falls": {"half_life": 4},
    "momentum at a rate that falls": {"sgd_momentum": 0.9, "weight_decay": 0.02, "half_life": 4},
    "adam at a rate that falls": {"optimizer": "adam", "learning_rate": 0.01, "half_life": 4},
    "descent at a rate that falls in steps": {"schedule": "step", "schedule_steps": 4},
    "momentum along a cosine": {"sgd_momentum": 0.9, "schedule": "cosine", "schedule_steps": 20},
    "adam that warms up": {"optimizer": "adam", "learning_rate": 0.01, "schedule": "warmup", "schedule_steps": 8},
}


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
    assert stack_losses(run) == pytest.approx(usual_loop(run, SEED, STEPS)[0], abs=2e-5)


@pytest.mark.parametrize("choices", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize(("normalization", "placement", "affine"), NORMALIZATIONS[:3])
def test_every_optimizer_steps_as_torch_optim_does(choices, normalization, placement, affine):
    run = SMALL.replace(normalization=normalization, placement=placement, affine=affine, **choices)
    assert stack_losses(run) == pytest.approx(usual_loop(run, SEED, STEPS)[0], abs=2e-5)


@pytest.mark.parametrize("init", ["he", "lecun", "orthogonal", "gaussian"])
def test_every_init_starts_the_module_and_the_stack_alike(init):
    run = SMALL.replace(init=init, init_scale=0.5)
    assert stack_losses(run)[0] == pytest.approx(usual_loop(run, SEED, STEPS)[0][0], abs=1e-6)


def test_dropout_is_where_the_module_has_it_and_only_there():
    kinds = [type(layer).__name__ for layer in to_module(SMALL.replace(dropout=0.5, normalization="layer"), 0)]
    assert kinds == ["Linear", "LayerNorm", "Sigmoid", "Dropout"] * 2 + ["Linear"]


def test_a_bias_in_front_of_batch_normalization_is_left_out():
    before, after = (to_module(SMALL.replace(normalization="batch", placement=p), 0) for p in ("before", "after"))
    assert before[0].bias is None and before[-1].bias is not None
    assert after[0].bias is not None


def kinds(**choices):
    return [type(layer).__name__ for layer in to_module(SHALLOW.replace(**choices), 0)]


def test_group_norm_is_pytorchs_own():
    assert kinds(normalization="group") == ["Linear", "GroupNorm", "Sigmoid", "Linear"]


def test_ghost_batches_take_the_variant():
    assert kinds(normalization="batch") == ["Linear", "BatchNorm1d", "Sigmoid", "Linear"]
    assert kinds(normalization="batch", ghost_size=30) == ["Linear", "BatchVariant", "Sigmoid", "Linear"]


@pytest.mark.parametrize("affine", [True, False])
def test_the_variant_by_the_variance_is_pytorchs_batch_norm_in_both_modes(affine):
    ours = BatchVariant(Run(width=3, normalization="batch", eps=1e-3, bn_momentum=0.2, affine=affine))
    theirs, x = torch.nn.BatchNorm1d(3, 1e-3, 0.2, affine), torch.arange(12.0).view(4, 3).square()
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x))


WITHOUT_STATISTICS = [
    *(({"normalization": word}, 1) for word in OVER_THE_BATCH), ({"normalization": "batch", "eps": 0.0}, 1),
    *(({"normalization": "batch", "ghost_size": 4}, examples) for examples in (1, 6)),
    *(({"normalization": "l1", "ghost_size": 8}, examples) for examples in (4, 12)),
]  # fmt: skip


@pytest.mark.parametrize(("choices", "examples"), WITHOUT_STATISTICS, ids=str)
def test_a_mini_batch_without_statistics_is_refused_in_a_sentence_and_poisons_nothing(choices, examples):
    run = Run(dataset="moons", width=4, depth=2, batch_size=16, **choices)
    module, x = to_module(run, 0), dataset(run, 0).train_x
    for _ in range(2):
        module(x[:16])
    kept = {name: value.clone() for name, value in module.state_dict().items() if "running" in name}
    with pytest.raises(ValueError, match=r"mini-batch were 1;|more than 1 value|multiple of the ghost size"):
        module(x[:examples])
    assert kept and all(torch.equal(module.state_dict()[name], value) for name, value in kept.items())
    assert module.eval()(x[:examples]).isfinite().all()


@pytest.mark.parametrize("normalization", ["batch", "layer", "group", "noisy", "l1", "linf", "detached"])
@pytest.mark.parametrize("network", ["mlp", "cnn", "rnn"])
def test_what_trains_without_eps_can_be_taken_home(network, normalization):
    if network != "mlp" and normalization not in EVERYWHERE:
        return
    run = SHALLOW.replace(network=network, normalization=normalization, eps=0.0, activation="tanh", init="xavier")
    ours = record(Experiment(arms={"only": run}, seeds=(SEED,)), 5, 1, probes=False).series("only", "train_loss")[1:, 0]
    its, module = usual_loop(run, SEED, 5)
    if normalization != "noisy":  # which draws from the global generator there
        assert ours == pytest.approx(its, abs=2e-4)
    assert module.eval()(dataset(run, SEED).test_x).isfinite().all()


def test_one_picture_is_enough_for_a_convolutional_module_and_its_stack():
    run = CNN.replace(normalization="batch", batch_size=1, learning_rate=0.01)
    found, _ = trained(run)
    assert found == pytest.approx(usual_loop(run, SEED, FEW_STEPS)[0], abs=1e-3)


def test_noise_moves_units_in_train_mode_only():
    y = torch.ones(500, 300)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        noisy = AddedNoise()(y)
    assert noisy.mean().item() == pytest.approx(1.125, abs=0.05)
    assert noisy.mean(0).std().item() == pytest.approx((1 / 12 + 0.25**2 / 12) ** 0.5, rel=0.15)
    assert noisy.std(0).mean().item() == pytest.approx((0.2**2 / 12 + 0.1**2) ** 0.5, rel=0.05)
    assert AddedNoise().eval()(y) is y


CNN = Run(network="cnn", depth=3, width=6, init="he", activation="tanh", learning_rate=0.1, samples=300)
RNN = CNN.replace(network="rnn", depth=2, width=24, init="xavier", learning_rate=0.01)
NORMALIZED = [
    network.replace(normalization=n, placement=p, affine=a)
    for network in (CNN, RNN) for n in ("batch", "layer")
    for p, a in [*product(("before", "after"), (True, False)), ("around", True)]
]
RUNS = [CNN, RNN, *NORMALIZED, RNN.replace(normalization="batch", per_step=True)]


def words(run):
    affine = "" if run.affine else " without gamma and beta"
    return f"{run.network} {run.normalization} {run.placement}{affine}{' per step' * run.per_step}"


EVERY_RUN = pytest.mark.parametrize("run", RUNS, ids=words)


def trained(run):
    """The losses of the same run as the second of three in a stack, and the stack."""
    seeds, found = (0, SEED, 2), []
    stack = Stack([run] * 3, seeds, [load(run, seed) for seed in seeds])
    for _ in range(FEW_STEPS):
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
    (ours, stack), (its, module) = trained(run), usual_loop(run, SEED, FEW_STEPS)
    assert ours == pytest.approx(its, abs=2e-5)
    x, seen = dataset(run, SEED).test_x, stack.at_rest()
    logits = forward(run, seen.layers, x.T.expand(3, -1, -1), seen.running).logits[1].T
    torch.testing.assert_close(logits, module.eval()(x), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("run", [SMALL, CNN, RNN], ids=words)
def test_making_a_module_leaves_the_global_generator_alone(run):
    state = torch.get_rng_state()
    to_module(run.replace(init="orthogonal", normalization="batch"), SEED)
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
def test_a_network_is_watched_with_every_quantity_of_a_fully_connected_one_but_pictures_of_its_own(network):
    run = network.replace(normalization="batch")
    kinds = [record(Experiment(arms={"bn": each}, seeds=(0,)), 20, 20) for each in (run, run.replace(network="mlp"))]
    finite = [{name for name, value in history.latest["bn"].items() if np.isfinite(value).any()} for history in kinds]
    pictures = {"filters", "feature_maps", "network_weights", "network_answers", "network_pictures"}
    assert finite[0] - pictures == finite[1] - pictures
