"""An activation of one's own trains as the built-in one of the same function, or is refused in a sentence."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from bnviz import Experiment, InvalidChoice, Run, activation_from, record
from bnviz.engine import to_module
from bnviz.engine.activations import ACTIVATIONS, flat_share
from bnviz.flat import FLAT, NEARLY_ALL

SAME = {"relu": torch.relu, "tanh": torch.tanh, "silu": F.silu, "identity": lambda x: x}
RUN = Run(depth=3, width=20, init="he", learning_rate=0.1)


def losses(one, other, **choices):
    arms = {"one": RUN.replace(activation=one, **choices), "other": RUN.replace(activation=other, **choices)}
    history = record(Experiment(arms=arms, seeds=[0, 1]), steps=20, every=5)
    return history["one"]["train_loss"], history["other"]["train_loss"]


@pytest.mark.parametrize("choices", [
    {}, {"normalization": "batch"}, {"normalization": "group"}, {"dropout": 0.3}, {"network": "cnn", "width": 6},
], ids=str)  # fmt: skip
def test_relu_of_ones_own_trains_to_the_bits_of_the_word(choices):
    assert np.array_equal(*losses("relu", activation_from(torch.relu), **choices))


@pytest.mark.parametrize("word", SAME)
def test_every_function_trains_as_its_word(word):
    assert np.allclose(*losses(word, activation_from(SAME[word])), rtol=1e-5)


def test_all_that_is_read_is_what_is_read_of_the_word():
    arms = {"one": RUN.replace(activation="relu"), "other": RUN.replace(activation=activation_from(torch.relu))}
    history = record(Experiment(arms=arms, seeds=[0], instruments=["geometry"]), steps=10, every=10)
    apart = [quantity for quantity in history["one"] if quantity != "network_answers"
             and not np.array_equal(history["one"][quantity], history["other"][quantity], equal_nan=True)]  # fmt: skip
    assert apart == []


@pytest.mark.parametrize("word", ["relu", "tanh", "sigmoid", "identity", "elu"])
def test_where_it_is_flat_is_measured(word):
    own = FLAT[activation_from(ACTIVATIONS[word].function)]
    assert own[:2] == pytest.approx(FLAT[word][:2], abs=1 / 128) and own.dead == FLAT[word].dead


def test_one_may_be_flat_on_either_side_alone_or_on_two_that_differ():
    x = torch.tensor([[-3.0, -1.0, 1.0, 3.0]])
    for low, high, share in ((-8, 2, 0.25), (-2, 8, 0.25), (-2, 0, 0.75)):
        word = activation_from(lambda x, low=low, high=high: x.clamp(low, high))
        assert flat_share(word, x).item() == share
    assert FLAT[word].dead == NEARLY_ALL


@pytest.mark.parametrize(
    ("function", "gain"),
    [(torch.relu, math.sqrt(2)), (lambda x: x, 1.0), (lambda x: 3 * x, 1 / 3), (torch.square, 1 / math.sqrt(3))],
)
def test_the_gain_is_that_of_the_closed_form(function, gain):
    assert activation_from(function).gain == pytest.approx(gain, rel=1e-4)


def test_the_module_of_a_run_has_it():
    word = activation_from(lambda x: x.clamp(-1, 1))
    x = torch.randn(5, 64, generator=torch.Generator().manual_seed(0))
    module = to_module(RUN.replace(activation=word), 0)
    by_hand = nn.Sequential(*(nn.Hardtanh() if index % 2 else layer for index, layer in enumerate(module)))
    assert torch.equal(module(x), by_hand(x))


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ("relu", "function was 'relu'; allowed is a function of a tensor"),
        (nn.PReLU(), "the function bad has parameters of its own"),
        (lambda x: x[:3], r"gave \(3,\) torch.float32 for \(4097,\) torch.float32; allowed is the same shape and type"),
        (lambda x: x.float(), "gave .* torch.float32 for .* torch.float64"),
        (lambda x: x.detach().numpy(), "gave ndarray"),
        (lambda x: x.missing, "raised AttributeError"),
        (lambda x: x.clamp_(-1, 1), "wrote over the numbers that it was given"),
        (torch.log, r"gave nan at -8; allowed is a finite number and slope everywhere"),
        (lambda x: 1 / x, "gave inf at 0"),
        (lambda x: x.abs().sqrt(), "has the slope nan at 0"),
        (torch.sign, "has a slope of 0 everywhere"),
        (lambda x: x.detach(), "has a slope of 0 everywhere"),
        (lambda x: x - x.mean(), "gave other numbers for the same ones in other company"),
        (lambda x: torch.softmax(x, -1), "gave other numbers for the same ones in other company"),
        (lambda x: F.dropout(x), "gave other numbers for the same ones in other company"),
    ],
)
def test_what_cannot_be_trained_with_is_refused(function, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        activation_from(function, name="bad")
