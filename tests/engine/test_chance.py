"""Chance: the noise is distributed as published, masks drop their share, and every run draws its own."""

import pytest
import torch

from bnviz.engine.chance import NO_CHANCE, Chance, disturbed, dropout_mask, noise
from bnviz.engine.generators import torch_generator
from bnviz.engine.hidden import hidden
from bnviz.engine.trace import Layer
from bnviz.run import Run


def generators(*seeds):
    return [torch_generator(seed, "noise") for seed in seeds]


def drawn(units=400, examples=500):
    return noise(generators(0), units, examples)


def test_every_unit_is_shifted_by_a_number_between_minus_a_half_and_a_half():
    units = drawn().shift.mean(2)
    assert (units.abs() < 0.52).all() and units.std().item() == pytest.approx((1 / 12) ** 0.5, rel=0.1)


def test_every_example_is_shifted_by_up_to_a_tenth_around_its_unit():
    shift = drawn().shift
    around = shift - shift.mean(2, keepdim=True)
    assert around.abs().max() < 0.12 and around.std().item() == pytest.approx(0.2 / 12**0.5, rel=0.02)


def test_every_unit_is_stretched_by_1_to_1_25():
    units = drawn().stretch.mean(2)
    assert (units > 0.98).all() and (units < 1.27).all() and units.mean().item() == pytest.approx(1.125, abs=0.01)


def test_every_example_is_stretched_around_its_unit_with_deviation_a_tenth():
    assert drawn().stretch.std(2).mean().item() == pytest.approx(0.1, rel=0.02)


def test_noise_is_the_runs_own_whoever_stands_beside_it():
    alone, company = noise(generators(7), 5, 6), noise(generators(3, 7), 5, 6)
    assert torch.equal(alone.stretch[0], company.stretch[1]) and torch.equal(alone.shift[0], company.shift[1])


def test_a_signal_is_stretched_then_shifted():
    assert disturbed(torch.tensor(3.0), Chance(torch.tensor(2.0), torch.tensor(1.0))) == 7


def test_a_mask_drops_its_share_and_scales_up_the_rest():
    shares = torch.tensor([0.25, 0.0]).view(2, 1, 1)
    mask = dropout_mask(generators(0, 1), shares, torch.Size((2, 40, 50)))
    assert sorted(mask[0].unique().tolist()) == pytest.approx([0, 1 / 0.75])
    assert float((mask[0] == 0).float().mean()) == pytest.approx(0.25, abs=0.03)
    assert torch.equal(mask[1], torch.ones(40, 50))


GOLDEN = torch.tensor([[[0.0, 2.0, 4.0, 6.0]]])
ONE = torch.ones(1, 1, 1)
NOISE = Chance(2 * ONE, ONE)


def one_unit(placement, chance=NO_CHANCE, normalization="noisy"):
    run = Run(normalization=normalization, activation="identity", placement=placement)
    return hidden(run, Layer(ONE), GOLDEN, chance=chance)


@pytest.mark.parametrize("placement", ["before", "after", "around"])
def test_without_noise_the_noisy_layer_is_that_of_batch_normalization(placement):
    assert torch.equal(one_unit(placement).output, one_unit(placement, normalization="batch").output)


def test_noise_comes_right_behind_the_normalization():
    before, after = (one_unit(placement, NOISE) for placement in ("before", "after"))
    disturbed_units = 2 * one_unit("before").output + 1
    assert torch.equal(before.nonlinearity_input, disturbed_units)
    assert torch.equal(after.nonlinearity_input, GOLDEN) and torch.equal(after.output, disturbed_units)
    assert torch.equal(one_unit("around", NOISE).nonlinearity_input, disturbed_units)
