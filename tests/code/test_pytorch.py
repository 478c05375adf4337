"""The PyTorch program of a run is the network that the run trains: its layers, its first weights, its steps."""

import math
from itertools import islice

import pytest
import torch

from bnviz.code import to_pytorch
from bnviz.engine import dataset, mini_batches, to_module
from bnviz.engine.activations import ACTIVATIONS
from tests.code.runs import CNN, MLP, NETWORKS, RNN, RUNS, made_by, words
from tests.engine.usual import usual_loop

SEED, STEPS = 1, 3
EVERY_RUN = pytest.mark.parametrize("run", RUNS, ids=words)
NAMED = [run for run in RUNS if run.network != "rnn" and run.normalization != "noisy"]
"""Where the module has no layers inside layers."""
STEADY = pytest.mark.parametrize("run", [run for run in RUNS if run.normalization != "noisy"], ids=words)
OPTIMIZERS = {
    "descent": {},
    "momentum and decay": {"sgd_momentum": 0.9, "weight_decay": 0.02},
    "a rate that falls": {"half_life": 2, "sgd_momentum": 0.5},
    "a rate in steps": {"schedule": "step", "schedule_steps": 2},
    "a rate along a cosine": {"schedule": "cosine", "schedule_steps": 9},
    "a rate that warms up": {"schedule": "warmup", "schedule_steps": 3},
    "adam": {"optimizer": "adam", "learning_rate": 0.01},
    "adam and decay": {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.02},
}


def with_the_state_of(module, network):
    """The network with the parameters and running statistics of a module, one after the other."""
    with torch.no_grad():
        for own, its in zip(network.parameters(), module.parameters(), strict=True):
            own.copy_(its)
        for own, its in zip(network.buffers(), module.buffers(), strict=True):
            own.copy_(its)
    return network


def trained_module(run):
    """The module of a run after some steps, so that running statistics are not where they began."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return usual_loop(run, SEED, STEPS)[1]


def seen(network, x):
    """What it makes of a mini-batch, with the same chance each time."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return network(x)


@EVERY_RUN
def test_its_parameters_are_those_of_the_module(run):
    ours, its = made_by(run)["network"], to_module(run, SEED)
    assert [each.shape for each in ours.parameters()] == [each.shape for each in its.parameters()]


@pytest.mark.parametrize("run", NAMED, ids=words)
def test_its_parameters_have_the_names_of_the_modules(run):
    assert list(made_by(run)["network"].state_dict()) == list(to_module(run, SEED).state_dict())


@EVERY_RUN
def test_in_eval_mode_it_says_what_the_module_says(run):
    module, x = trained_module(run).eval(), dataset(run, SEED).test_x
    network = with_the_state_of(module, made_by(run)["network"]).eval()
    torch.testing.assert_close(network(x), module(x), rtol=1e-4, atol=1e-5)


@STEADY
def test_in_train_mode_it_says_what_the_module_says_and_keeps_the_same_statistics(run):
    module, x = trained_module(run), dataset(run, SEED).train_x[:60]
    network = with_the_state_of(module, made_by(run)["network"])
    torch.testing.assert_close(seen(network.train(), x), seen(module.train(), x), rtol=1e-4, atol=1e-5)
    for ours, its in zip(network.buffers(), module.buffers(), strict=True):
        torch.testing.assert_close(ours, its, rtol=1e-4, atol=1e-5)


def assert_same_steps(run):
    made, module = made_by(run), to_module(run, SEED)
    with_the_state_of(module, made["network"])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        losses, module = usual_loop(run, SEED, STEPS)
    data = dataset(run, SEED)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ours = [made["step"](data.train_x[i], data.train_y[i]) for i in islice(mini_batches(run, SEED), STEPS)]
    assert ours == pytest.approx(losses, abs=1e-4)
    for own, its in zip(made["network"].parameters(), module.parameters(), strict=True):
        torch.testing.assert_close(own, its, rtol=1e-3, atol=1e-4)


@STEADY
def test_its_steps_are_those_of_the_usual_loop(run):
    assert_same_steps(run)


@pytest.mark.parametrize("choices", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_its_optimizer_is_that_of_the_run(choices):
    assert_same_steps(MLP.replace(normalization="batch", **choices))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_its_nonlinearity_is_that_of_the_run(activation):
    assert_same_steps(MLP.replace(activation=activation))


def test_its_accuracy_is_the_share_of_right_answers_in_eval_mode():
    made, data = made_by(MLP.replace(normalization="batch")), dataset(MLP, SEED)
    network = made["network"].train()
    found, kept = made["accuracy"](data.test_x, data.test_y), network[1].running_mean
    right = network.eval()(data.test_x).argmax(1) == data.test_y
    assert found == pytest.approx(right.double().mean().item()) and not kept.any()


DEVIATIONS = {
    "he": lambda outputs, inputs: math.sqrt(2 / inputs),
    "xavier": lambda outputs, inputs: math.sqrt(2 / (inputs + outputs)),
    "lecun": lambda outputs, inputs: math.sqrt(1 / inputs),
    "gaussian": lambda outputs, inputs: 1.0,
}


def first_weights(run):
    """Each layer's weights as the matrix that patches or inputs are multiplied with, and all biases."""
    kinds = torch.nn.Linear | torch.nn.Conv2d
    layers = [layer for layer in made_by(run)["network"].modules() if isinstance(layer, kinds)]
    return [layer.weight.detach().flatten(1) for layer in layers], [layer.bias for layer in layers]


@pytest.mark.parametrize("init", DEVIATIONS)
@pytest.mark.parametrize("network", NETWORKS)
def test_weights_begin_with_mean_0_and_the_deviation_of_the_rule(network, init):
    run = NETWORKS[network].replace(width=64, init=init, init_scale=0.3, normalization="batch")
    weights, _ = first_weights(run)
    for weight in weights:
        deviation, count = 0.3 * DEVIATIONS[init](*weight.shape), weight.numel()
        assert abs(weight.mean()) < 5 * deviation / math.sqrt(count)
        assert weight.std().item() == pytest.approx(deviation, rel=5 / math.sqrt(2 * count))


@pytest.mark.parametrize("network", NETWORKS)
def test_orthogonal_weights_begin_at_right_angles_and_as_long_as_the_scale(network):
    weights, _ = first_weights(NETWORKS[network].replace(init="orthogonal", init_scale=2.0))
    for weight in weights:
        smaller = weight @ weight.T if weight.shape[0] <= weight.shape[1] else weight.T @ weight
        torch.testing.assert_close(smaller, 4 * torch.eye(len(smaller)), rtol=0, atol=1e-4)


@pytest.mark.parametrize("network", NETWORKS)
def test_biases_begin_at_0_and_are_left_out_where_a_batch_mean_would_subtract_them(network):
    *hidden, output = first_weights(NETWORKS[network].replace(normalization="batch"))[1]
    assert hidden == [None] * NETWORKS[network].depth and not output.any()
    assert not any(bias.any() for bias in first_weights(NETWORKS[network])[1])


def test_noise_has_the_moments_of_its_rule_and_rests_in_eval_mode():
    noise, y = made_by(MLP.replace(normalization="noisy"))["Noise"](), torch.ones(500, 300)
    noisy = seen(noise, y)
    assert noisy.mean().item() == pytest.approx(1.125, abs=0.05)
    assert noisy.mean(0).std().item() == pytest.approx((1 / 12 + 0.25**2 / 12) ** 0.5, rel=0.15)
    assert noisy.std(0).mean().item() == pytest.approx((0.2**2 / 12 + 0.1**2) ** 0.5, rel=0.05)
    assert noise.eval()(y) is y


@pytest.mark.parametrize("run", [MLP, CNN, RNN.replace(normalization="batch")], ids=words)
def test_it_imports_torch_alone(run):
    lines = to_pytorch(run).splitlines()
    assert [line for line in lines if "import" in line] == ["import torch", "from torch import nn"]
