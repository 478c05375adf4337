"""One rule for all activations: flat is where the slope is under 0.19 of the steepest."""

import pytest
import torch

from bnviz.engine.activations import ACTIVATIONS, dead, flat_share
from bnviz.flat import FLAT, FLAT_SLOPE

every_activation = pytest.mark.parametrize("word", ACTIVATIONS)


def slopes(word, x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(ACTIVATIONS[word].function(x).sum(), x)[0].abs()


@every_activation
def test_an_input_is_flat_exactly_where_the_slope_is_under_a_fifth_of_a_line(word):
    x = torch.linspace(-8, 8, 3203, dtype=torch.float64)
    slope = slopes(word, x)
    steepest = slopes(word, torch.zeros(1).double()).item() if word in ("sigmoid", "tanh") else 1.0
    clear = ((slope / steepest) - FLAT_SLOPE).abs() > 1e-3
    expected = (slope < FLAT_SLOPE * steepest).double()
    assert torch.equal(flat_share(word, x[clear, None]).double(), expected[clear])


@pytest.mark.parametrize(("word", "low", "high"), [("sigmoid", 0.05, 0.95), ("tanh", -0.9, 0.9)])
def test_the_usual_limits_of_an_output_are_the_limits_of_flatness(word, low, high):
    limits = torch.tensor(FLAT[word][:2])
    assert ACTIVATIONS[word].function(limits).tolist() == pytest.approx([low, high])


def test_the_share_is_taken_over_the_examples_of_each_unit():
    inputs = torch.tensor([[-1.0, 0.0, 1.0, 2.0], [1.0, 2.0, 3.0, 4.0], [-4.0, -3.0, -2.0, 0.0]])
    assert flat_share("relu", inputs).tolist() == [0.5, 0, 1]


def test_a_relu_unit_is_dead_only_when_it_is_silent_on_the_whole_probe():
    assert dead("relu", torch.tensor([0.99, 1.0])).tolist() == [0, 1]


def test_a_sigmoid_unit_is_dead_when_more_than_95_percent_of_it_are_saturated():
    assert dead("sigmoid", torch.tensor([0.95, 0.96])).tolist() == [0, 1]


def test_a_linear_unit_is_never_flat():
    assert flat_share("identity", torch.tensor([[1e9, -1e9]])).tolist() == [0]


def test_what_is_not_a_number_is_not_flat():
    nan = torch.full((1, 4), torch.nan)
    assert [flat_share(word, nan).item() for word in ("sigmoid", "relu")] == [0, 0]


def test_what_is_cut_out_of_wider_rows_is_computed_as_the_same_numbers_by_themselves():
    wide = torch.randn(64, 24, generator=torch.Generator().manual_seed(0))
    for activation in ACTIVATIONS.values():
        alone = activation.over(wide[:1, :23].clone())
        assert torch.equal(activation.over(wide.clone()[:, :23])[:1], alone)
