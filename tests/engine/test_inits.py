"""Initial weights: their size is the closed form, their stream is the seed's own."""

import math

import pytest
import torch

from bnviz.engine.inits import INITS, initial_layers
from bnviz.run import Run

DEVIATIONS = {"he": math.sqrt(2 / 64), "xavier": math.sqrt(2 / (64 + 200)), "lecun": math.sqrt(1 / 64), "gaussian": 1.0}
WIDE = Run(width=200, depth=2, init_scale=1.0)


@pytest.mark.parametrize(("init", "deviation"), DEVIATIONS.items())
def test_gaussian_inits_have_their_deviation(init, deviation):
    weight = initial_layers(WIDE.replace(init=init), 0, 64, 10)[0].weight
    assert weight.std().item() == pytest.approx(deviation, rel=0.03)
    assert weight.mean().item() == pytest.approx(0, abs=0.03 * deviation)


def test_an_orthogonal_layer_keeps_lengths():
    weight = initial_layers(WIDE.replace(init="orthogonal"), 0, 64, 10)[0].weight
    torch.testing.assert_close(weight.T @ weight, torch.eye(64), atol=1e-5, rtol=0)


@pytest.mark.parametrize("init", INITS)
def test_the_scale_stretches_the_same_weights(init):
    one, three = (initial_layers(WIDE.replace(init=init, init_scale=scale), 4, 64, 10) for scale in (1.0, 3.0))
    for small, large in zip(one, three, strict=True):
        torch.testing.assert_close(small.weight * 3, large.weight)


def test_arms_of_one_seed_share_linear_weights():
    plain, bn = (initial_layers(WIDE.replace(normalization=word), 5, 64, 10) for word in ("none", "batch"))
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(plain, bn, strict=True))


def test_another_seed_has_other_weights():
    assert not torch.equal(*(initial_layers(WIDE, seed, 64, 10)[0].weight for seed in (0, 1)))


def test_nothing_but_weights_and_gammas_starts_away_from_zero():
    first, *_, last = initial_layers(WIDE.replace(normalization="layer"), 0, 64, 10)
    assert not first.bias.any() and not first.beta.any() and not last.bias.any()
    assert torch.equal(first.gamma, torch.ones(200, 1)) and last.gamma is None
