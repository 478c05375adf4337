"""Numbers of the lessons that no recording holds: their networks are trained here, or a few seeds of them."""

import numpy as np
import pytest
import torch

from bnviz import record
from bnviz.engine import dataset
from bnviz.engine.studies import measure
from bnviz.experiment import Experiment
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.measured import found
from bnviz.study import Study
from tests.engine.usual import usual_loop
from tests.lessons.made import TRIALS
from tests.lessons.test_sources import words

pytestmark = pytest.mark.slow


def says(lesson, sentence):
    return sentence in " ".join(words(LESSONS[lesson]))


def right(run, steps, seeds=range(5)):
    """Test accuracies at this step, ``(seeds,)``."""
    return record(Experiment(arms={"run": run}, seeds=seeds), steps, steps, probes=True).latest["run"]["test_accuracy"]


def test_the_linear_map_is_nearer_to_a_gaussian_with_every_nonlinearity_most_with_relu():
    *_, table = measure(Study("gaussianity"))
    before, after = found("gaussianity", table).split(" After 800 steps ")
    assert "relu, leaky_relu, elu, gelu, silu;" in before
    assert after.startswith(
        "Wu + b is nearer to a Gaussian than u: sigmoid, tanh, relu, leaky_relu, elu, gelu, silu; as near"
    )
    gained = {each: far(table, each, "u") - far(table, each, "Wu + b") for each in table.different("activation")}
    assert sorted(gained, key=gained.get)[-2:] == ["leaky_relu", "relu"]
    assert says("placement", "holds in trained networks with every nonlinearity tried, most with ReLU and its kin")


def far(table, activation, signal):
    """The mean distance from a Gaussian, trained."""
    return np.mean(table.where(activation=activation, signal=signal, step=800).numbers("distance"))


def test_a_deep_plain_network_has_one_answer_for_most_pictures_and_gradients_that_agree_only_if_its_weights_are_large():
    *_, table = measure(Study("channels"))
    classes, means, gradients = found("channels", table).split(". ")
    assert classes.endswith("more than BN: plain, plain larger") and means.endswith("more than BN: plain, plain larger")
    assert gradients.endswith("more than BN: plain larger; not told from BN by these seeds: plain.")
    assert says("depth", "a deep plain ReLU network gives most pictures one class, whatever the size of its weights")


def test_sigmoid_layers_learn_from_four_times_xaviers_weights():
    six = TRIALS["learning_rates", "sigmoid"].experiment.arms["plain"]
    larger = right(six.replace(init_scale=4.0, learning_rate=0.5), 1000)
    assert larger.mean() == pytest.approx(0.96, abs=0.01)
    assert says("learning_rates", "it reaches 96% in as many steps")


def test_at_the_plain_networks_small_rate_bn_is_behind_from_hes_start():
    plain = TRIALS["covariate_shift", "careful_start"].experiment.arms["plain_he"]
    told = [right(run, 500, range(10)).mean() for run in (plain.replace(normalization="batch"), plain)]
    assert told == pytest.approx([0.859, 0.925], abs=0.01)
    assert says("covariate_shift", "with 85.9 against 92.5% right (ten seeds)")


def test_at_a_higher_rate_noise_costs_bn_two_points_and_the_plain_network_falls_far_behind():
    arms = TRIALS["reduced_shift", "noisy_relu"].experiment.arms
    plain, bn, noisy = (right(arms[arm].replace(learning_rate=0.3), 200, range(8)).mean() for arm in arms)
    assert bn - noisy == pytest.approx(0.02, abs=0.01) and bn - plain > 0.3
    assert says("reduced_shift", "Turn the rate up to 0.3: the plain network falls far behind, noisy BN two points.")


def linear_inputs(network, x):
    """Every hidden linear layer, the normalization behind it, and what it receives in train mode."""
    found = []
    for layer, normalization in zip(network, [*network][1:], strict=False):
        if isinstance(normalization, torch.nn.BatchNorm1d):
            found.append((layer, normalization, x))
        x = layer(x)
    return found


def test_singular_values_of_a_layer_spread_widely_around_their_root_mean_square():
    run = TRIALS["depth", "stretch"].experiment.arms["bn_he"]
    _, network = usual_loop(run, 0, 100)
    spread = []
    with torch.no_grad():
        for layer, normalization, x in linear_inputs(network, dataset(run, 0).train_x)[1:]:
            fed = layer(x)
            passed = normalization(fed)[:8] > 0
            slopes = passed * (normalization.weight / (fed.var(0, correction=0) + run.eps).sqrt())
            values = torch.linalg.svdvals(slopes[:, :, None] * layer.weight)
            sizes = values / values.square().mean(1, keepdim=True).sqrt()
            near = ((sizes > 0.5) & (sizes < 2)).float().mean()
            spread.append([sizes.amax(1).mean(), sizes.median(1).values.mean(), near])
    largest, middle, near = torch.tensor(spread).mean(0).tolist()
    assert largest == pytest.approx(2.5, abs=0.15) and 1 / 8 < middle < 1 / 5 and near == pytest.approx(0.4, abs=0.04)
    assert says("depth", "the largest is 2.5 times as large, the median a sixth of it, and two in five lie between")


def ratios_where_statistics_fit(run, seed):
    """Of every layer, the running variances in those of the whole training set without dropout, in the median."""
    _, network = usual_loop(run, seed, 500)
    for layer in network:
        if isinstance(layer, torch.nn.Dropout):
            layer.eval()
    with torch.no_grad():
        kept = [normalization.running_var.clone() for normalization in network if hasattr(normalization, "running_var")]
        found = linear_inputs(network, dataset(run, seed).train_x)
        return [(running / layer(x).var(0)).median().item() for running, (layer, _, x) in zip(kept, found, strict=True)]


def test_the_variance_shift_does_not_add_up_where_statistics_fit():
    run = TRIALS["regularization", "variance_shift"].experiment.arms["bn_drop_50"]
    ratios = np.mean([ratios_where_statistics_fit(run, seed) for seed in range(5)], axis=0)
    assert ratios == pytest.approx([1.0, 1.6, 1.3, 1.3], abs=0.12)
    assert says("regularization", "the four ratios are 1.0, 1.6, 1.3 and 1.3 on average over five seeds")
