"""The Keras program of a run is the same network in Keras's words: layers, arguments, first weights, optimizer."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from bnviz.code import to_keras
from bnviz.code.keras_layers import ACTIVATIONS
from bnviz.engine import to_module
from bnviz.engine.modules import BatchVariant
from bnviz.run import FIELDS, Run
from bnviz.strides import strides
from tests.code.runs import CNN, MLP, PLACES, RNN, RUNS, words
from tests.code.stand_in import Kept, run_program

EVERY_RUN = pytest.mark.parametrize("run", RUNS, ids=words)
NORMALIZATIONS = {
    "batch": "BatchNormalization", "layer": "LayerNormalization", "group": "GroupNormalization", "l1": "BatchNorm",
}  # fmt: skip


@pytest.fixture
def made_by(monkeypatch):
    """What the Keras program of a run defines."""
    return lambda run: run_program(to_keras(run), monkeypatch)


@pytest.fixture
def layers_of(made_by):
    """The layers of its network, the input first."""
    return lambda run: made_by(run)["network"].given["layers"]


def test_the_first_figure_with_bn_is_written_as_a_hand_would_write_it(layers_of):
    (first, *hidden, output), found = layers_of(Run(normalization="batch")), []
    for layer in (first, *hidden, output):
        found.append((layer.kind, {name: value for name, value in layer.given.items() if name != "kernel_initializer"}))
    layer = [
        ("Dense", {"units": 100, "use_bias": False}),
        ("BatchNormalization", {"momentum": 0.9, "epsilon": 1e-5}),
        ("Activation", {"activation": "sigmoid"}),
    ]
    assert found == [("Input", {"shape": (64,)}), *layer * 3, ("Dense", {"units": 10})]


@EVERY_RUN
def test_every_name_and_argument_is_documented(made_by, run):
    made = made_by(run)
    assert made["network"].loss.given == {"from_logits": True}
    assert {"step", "accuracy"} <= set(made)


@EVERY_RUN
def test_a_bias_is_left_out_where_the_run_has_none(layers_of, run):
    *hidden, output = (layer for layer in layers_of(run) if layer.kind in ("Dense", "Conv2D", "Recurrent"))
    linear = [layer.linear if layer.kind == "Recurrent" else layer for layer in hidden]
    assert [layer.given.get("use_bias", True) for layer in (*linear, output)] == [run.has_bias] * run.depth + [True]


@EVERY_RUN
def test_momentum_and_epsilon_are_those_of_the_run(layers_of, run):
    found = [norm.given for layer in layers_of(run)
             for norm in (layer, *getattr(layer, "norms", [getattr(layer, "norm", layer)]))
             if "epsilon" in norm.given]  # fmt: skip
    assert bool(found) == (run.normalization != "none")
    assert {given["epsilon"] for given in found} <= {run.eps}
    if run.uses_batch:
        assert [given["momentum"] for given in found] == pytest.approx([1 - run.bn_momentum] * len(found))


ORDERS = {
    "before": ["{}", "Activation"],
    "after": ["Activation", "{}"],
    "around": ["{}", "Activation", "GammaAndBeta"],
}


@pytest.mark.parametrize(("placement", "affine"), PLACES)
@pytest.mark.parametrize("word", NORMALIZATIONS)
def test_sites_stand_in_the_order_of_the_run(layers_of, word, placement, affine):
    run = MLP.replace(normalization=word, placement=placement, affine=affine, dropout=0.5, depth=1)
    _, linear, *sites, drop, _ = layers_of(run)
    assert [site.kind for site in sites] == [kind.format(NORMALIZATIONS[word]) for kind in ORDERS[placement]]
    (norm,) = (site for site in sites if site.kind == NORMALIZATIONS[word])
    own = affine and placement != "around"
    assert [norm.given.get(name, True) for name in ("center", "scale")] == [own] * 2
    assert (linear.kind, drop.given) == ("Dense", {"rate": 0.5})


def test_layer_norm_of_a_picture_is_one_group_of_maps_and_group_norm_has_its_groups(layers_of):
    one = next(each for each in layers_of(CNN.replace(normalization="layer")) if each.kind == "GroupNormalization")
    three = next(each for each in layers_of(MLP.replace(normalization="group")) if each.kind == "GroupNormalization")
    assert (one.given["groups"], three.given["groups"]) == (1, 3)


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_convolutions_have_a_border_of_zeros_and_the_strides_of_the_engine(layers_of, dataset):
    layers = layers_of(CNN.replace(dataset=dataset, depth=4))
    found = [(before.kind, layer.given["filters"], layer.given["kernel_size"], layer.given["strides"])
             for before, layer in pairwise(layers) if layer.kind == "Conv2D"]  # fmt: skip
    pixels = {"digits": 64, "mnist": 784}[dataset]
    assert found == [("ZeroPadding2D", 6, 3, stride) for stride in strides(pixels, 4)]
    assert layers[1].given["target_shape"] == (math.isqrt(pixels), math.isqrt(pixels), 1)


def test_a_recurrent_layer_has_a_normalization_for_every_time_step(layers_of):
    recurrent = [layer for layer in layers_of(RNN.replace(normalization="batch")) if layer.kind == "Recurrent"]
    assert [len(layer.norms) for layer in recurrent] == [8, 8]


class Standardized:
    """Keras's batch normalization without gamma and beta, in numpy: batch statistics, or those that it keeps."""

    def __init__(self, generator, units):
        self.moving_mean, self.moving_variance = generator.standard_normal(units), generator.uniform(0.5, 2, units)

    def __call__(self, z, training):
        mean, var = (z.mean(0), z.var(0)) if training else (self.moving_mean, self.moving_variance)
        return (z - mean) / np.sqrt(var + 1e-5)


RECURRENT = [RNN.replace(normalization="batch", placement=placement, per_step=per_step)
             for placement in FIELDS["placement"].choices for per_step in (False, True)]  # fmt: skip


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("run", [RNN, *RECURRENT], ids=words)
def test_a_recurrent_layer_computes_what_the_modules_does(layers_of, run, training):
    ours, its = next(layer for layer in layers_of(run) if layer.kind == "Recurrent"), to_module(run, 0)[1]
    ours.build((None, 8, 8))
    assert ours.linear.shape == (None, 8 + run.width)
    generator, weight = np.random.default_rng(0), its.linear.weight.detach().numpy()
    ours.linear, ours.nonlinearity = lambda x: x @ weight.T, np.tanh
    ours.norms = [Standardized(generator, run.width) for _ in range(8)]
    for norm, module in zip(ours.norms, its.normalizations, strict=True):
        for name, kept in (("running_mean", norm.moving_mean), ("running_var", norm.moving_variance)):
            if run.uses_batch:
                module.get_buffer(name).copy_(torch.from_numpy(kept))
    x = generator.standard_normal((60, 8, 8))
    found = ours.call(x, training) if run.uses_batch else ours.call(x)
    expected = its.train(training)(torch.from_numpy(x).float()).detach()
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def deviation(initializer, inputs, outputs):
    """The standard deviation of weights by what Keras documents of an initializer."""
    given = initializer.given
    if initializer.kind == "RandomNormal":
        return given["stddev"]
    assert given["distribution"] == "untruncated_normal"
    fan = {"fan_in": inputs, "fan_avg": (inputs + outputs) / 2}[given["mode"]]
    return math.sqrt(given["scale"] / fan)


RULES = {
    "he": lambda inputs, outputs: math.sqrt(2 / inputs),
    "xavier": lambda inputs, outputs: math.sqrt(2 / (inputs + outputs)),
    "lecun": lambda inputs, outputs: math.sqrt(1 / inputs),
    "gaussian": lambda inputs, outputs: 1.0,
}


@pytest.mark.parametrize("scale", [0.3, 1.0])
@pytest.mark.parametrize("init", RULES)
def test_weights_begin_with_the_deviation_of_the_rule(layers_of, init, scale):
    _, hidden, _, output = layers_of(MLP.replace(init=init, init_scale=scale, depth=1))
    for layer, inputs, outputs in ((hidden, 64, 12), (output, 12, 10)):
        found = deviation(layer.given["kernel_initializer"], inputs, outputs)
        assert found == pytest.approx(scale * RULES[init](inputs, outputs))


def test_xavier_counts_the_outputs_of_a_convolution_as_maps(layers_of):
    run = CNN.replace(init="xavier", init_scale=0.5)
    found = [layer.given["kernel_initializer"].given["stddev"] for layer in layers_of(run) if layer.kind == "Conv2D"]
    assert found == pytest.approx([0.5 * math.sqrt(2 / (9 * below + 6)) for below in (1, 6, 6)])


def test_orthogonal_weights_are_as_long_as_the_scale(layers_of):
    starts = [layer.given["kernel_initializer"] for layer in layers_of(MLP.replace(init="orthogonal", init_scale=2.0))
              if layer.kind == "Dense"]  # fmt: skip
    assert {(start.kind, start.given["gain"]) for start in starts} == {("Orthogonal", 2.0)}


@EVERY_RUN
def test_an_initializer_that_layers_share_has_a_seed_that_moves_on(made_by, run):
    assert made_by(run)["start"].given["seed"].kind == "SeedGenerator"


OPTIMIZERS = {
    "descent": ({}, ("SGD", {"learning_rate": 0.1})),
    "momentum": ({"sgd_momentum": 0.9}, ("SGD", {"learning_rate": 0.1, "momentum": 0.9})),
    "adam": ({"optimizer": "adam"}, ("Adam", {"learning_rate": 0.1, "epsilon": 1e-8})),
}


@pytest.mark.parametrize(("choices", "expected"), OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_the_optimizer_is_that_of_the_run(made_by, choices, expected):
    optimizer = made_by(MLP.replace(**choices))["network"].optimizer
    assert (optimizer.kind, optimizer.given) == expected


def test_a_rate_that_falls_halves_in_the_steps_of_the_run(made_by):
    schedule = made_by(MLP.replace(half_life=200))["network"].optimizer.given["learning_rate"]
    assert schedule.given == {"initial_learning_rate": 0.1, "decay_steps": 200, "decay_rate": 0.5}


SCHEDULES = {
    "step": ("ExponentialDecay", {"decay_steps": 200, "decay_rate": 0.1, "staircase": True}),
    "cosine": ("CosineDecay", {"decay_steps": 200}),
    "warmup": ("PolynomialDecay", {"initial_learning_rate": 0.1 / 200, "decay_steps": 199, "end_learning_rate": 0.1}),
}


@pytest.mark.parametrize(("word", "expected"), SCHEDULES.items(), ids=SCHEDULES)
def test_a_schedule_is_keras_s_own(made_by, word, expected):
    rate = made_by(MLP.replace(schedule=word, schedule_steps=200))["network"].optimizer.given["learning_rate"]
    assert (rate.kind, rate.given) == (expected[0], {"initial_learning_rate": 0.1, **expected[1]})


def test_a_warm_up_of_one_step_is_none(made_by):
    made = made_by(MLP.replace(schedule="warmup", schedule_steps=1))
    assert made["network"].optimizer.given["learning_rate"] == 0.1


@pytest.mark.parametrize("optimizer", FIELDS["optimizer"].choices)
def test_weight_decay_is_half_its_size_as_a_penalty_on_every_parameter(made_by, optimizer):
    made = made_by(MLP.replace(normalization="batch", placement="after", weight_decay=0.02, optimizer=optimizer))
    penalties = [value.given["l2"] for layer in made["network"].given["layers"] for name, value in layer.given.items()
                 if name.endswith("_regularizer")]  # fmt: skip
    assert penalties == [pytest.approx(0.01)] * (3 * 2 + 2 * 2)  # weight and bias three times, gamma and beta twice
    assert "weight_decay" not in made["network"].optimizer.given


VARIANTS = [run for run in RUNS if run.ghost_size or run.normalization in ("l1", "linf", "detached")]


@pytest.mark.parametrize("run", VARIANTS, ids=words)
def test_a_variant_computes_what_the_engines_does_and_keeps_the_same_statistics(layers_of, run):
    ours, its = next(layer for layer in layers_of(run) if layer.kind == "BatchNorm"), BatchVariant(run)
    ours.momentum, ours.epsilon, ours.gamma, ours.beta = ours.given["momentum"], ours.given["epsilon"], 1.0, 0.0
    ours.moving_mean, ours.moving_variance = np.zeros(12).view(Kept), np.ones(12).view(Kept)
    x = np.random.default_rng(0).standard_normal((60, 12)) * 3 + 1
    expected = its(torch.from_numpy(x).float())
    np.testing.assert_allclose(ours.call(x, training=True), expected.detach(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.moving_mean, its.running_mean, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.moving_variance, its.running_var, rtol=1e-4)


def test_what_keras_does_otherwise_is_said():
    text = to_keras(Run(normalization="batch", weight_decay=0.01))
    assert "Keras's momentum weighs the old average" in text and "the biased variance" in text
    assert "penalty" in text and "penalty" not in to_keras(Run(normalization="batch"))


def test_every_nonlinearity_has_its_words():
    assert set(ACTIVATIONS) == set(FIELDS["activation"].choices)
    assert "negative_slope=0.01" in ACTIVATIONS["leaky_relu"]
