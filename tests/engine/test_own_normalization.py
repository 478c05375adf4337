"""A normalization of one's own trains as the built-in one of the same function, in train mode and in eval mode."""

import numpy as np
import pytest
import torch
from torch import nn

from bnviz import Experiment, InvalidChoice, Run, normalization_from, record
from bnviz.engine import to_module

RUN = Run(depth=2, width=20, init="he", activation="relu", learning_rate=0.1, batch_size=40)


def standardized(x):
    return (x - x.mean(0)) / (x.var(0, correction=0) + 1e-5).sqrt()


def by_running(x, mean, var):
    return (x - mean) / (var + 1e-5).sqrt()


def over_units(x):
    return (x - x.mean(1, keepdim=True)) / (x.var(1, correction=0, keepdim=True) + 1e-5).sqrt()


BATCH = normalization_from(standardized, "by hand", evaluate=by_running)
LAYER = normalization_from(over_units, "over units")


SITES = [{}, {"affine": False}, {"placement": "after"}, {"placement": "around"}]
TWINS = [("batch", BATCH, each) for each in [*SITES, {"ghost_size": 10}]] + [("layer", LAYER, each) for each in SITES]


@pytest.mark.parametrize(("word", "own", "choices"), TWINS, ids=str)
def test_it_learns_and_is_tested_as_the_word_of_the_same_function(word, own, choices):
    arms = {"word": RUN.replace(normalization=word, **choices), "own": RUN.replace(normalization=own, **choices)}
    history = record(Experiment(arms=arms, seeds=[0, 1], instruments=["modes", "geometry"]), steps=20, every=10)
    for quantity in ("train_loss", "test_loss", "accuracy_small_batch", "accuracy_population", "jacobian_scale"):
        assert np.allclose(history["word"][quantity], history["own"][quantity], rtol=1e-3, atol=1e-5), quantity


def test_a_run_trains_to_the_same_bits_whoever_stands_beside_it():
    experiment = Experiment(arms={"own": RUN.replace(normalization=BATCH)}, seeds=[0, 1, 2])
    alone = record(experiment.replace(seeds=[1]), steps=10, every=10)["own"]["train_loss"]
    assert np.array_equal(record(experiment, steps=10, every=10)["own"]["train_loss"][:, 1:2], alone)


def test_what_a_run_is_given_is_a_mini_batch_of_examples_by_units():
    shapes = set()

    def seen(x):
        shapes.add(tuple(x.shape))
        return over_units(x)

    run = RUN.replace(normalization=normalization_from(seen, "seen"))
    shapes.clear()
    record(Experiment(arms={"own": run}, seeds=[0]), steps=1, every=1, probes=False)
    assert shapes == {(40, 20)}


def test_only_one_of_the_mini_batch_needs_more_than_one_example_and_has_running_statistics():
    assert not Run(normalization=LAYER, batch_size=1).uses_batch and Run(normalization=BATCH).uses_batch
    with pytest.raises(InvalidChoice, match="batch_size was 1"):
        Run(normalization=BATCH, batch_size=1)
    assert Run(normalization=BATCH).has_bias


def test_networks_that_share_weights_have_none():
    with pytest.raises(InvalidChoice, match="allowed with network='cnn' is none, batch, layer"):
        Run(normalization=LAYER, network="cnn")


def test_there_is_no_module_of_it():
    with pytest.raises(InvalidChoice, match="normalization was over-units, a function of one's own, of which there is"):
        to_module(RUN.replace(normalization=LAYER), 0)


def test_one_that_does_not_fit_the_width_of_a_run_says_what_it_was_given():
    fives = normalization_from(lambda x: torch.nn.functional.group_norm(x, 5), "fives")
    with pytest.raises(InvalidChoice, match=r"the function fives raised RuntimeError \(.*\) for \(40, 32\)"):
        record(Experiment(arms={"own": RUN.replace(normalization=fives, width=32)}, seeds=[0]), steps=1)


@pytest.mark.parametrize(
    ("function", "evaluate", "sentence"),
    [
        ("batch", None, "function was 'batch'; allowed is a function"),
        (nn.LayerNorm(100), None, "has parameters of its own"),
        (standardized, None, "mixes the examples of a mini-batch.*evaluate=lambda x, mean, var:"),
        (over_units, by_running, "treats each example by itself, in eval mode too"),
        (standardized, standardized, r"bad \(evaluate\) raised TypeError"),
        (standardized, lambda x, mean, var: standardized(x), r"bad \(evaluate\) mixes examples"),
        (standardized, lambda x, mean, var: mean, r"bad \(evaluate\) gave \(100,\)"),
        (lambda x: x.T, None, r"gave \(100, 60\) torch.float32 for \(60, 100\)"),
        (lambda x: x + torch.rand(()), None, "gave other numbers the second time"),
        (lambda x: x.sub_(x.mean()), None, "wrote over the numbers"),
        (lambda x: x / (x - x).sum(1, keepdim=True), None, "gave numbers or slopes that are not finite"),
        (lambda x: x.sign(), None, "has a slope of 0 everywhere"),
    ],
)
def test_what_cannot_be_trained_with_is_refused(function, evaluate, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        normalization_from(function, name="bad", evaluate=evaluate)
