"""Every quantity of a network has a scale of round ends, and bright is where more is better."""

import pytest

from bnviz.charts.shades import SHADES, VIRIDIS, shade_of
from bnviz.sweeps import RESULTS


def test_every_result_of_a_network_has_a_scale():
    assert set(SHADES) == set(RESULTS)


def test_a_low_loss_is_as_bright_as_a_high_accuracy():
    assert SHADES["test_loss"].stops[0] == SHADES["test_accuracy"].stops[-1] == VIRIDIS[-1]


def test_accuracy_always_goes_from_nothing_to_all():
    assert SHADES["test_accuracy"].limits([0.4, 0.5]) == (0, 1)


def test_a_logarithmic_scale_ends_at_half_powers_of_ten():
    assert SHADES["test_loss"].limits([0.02, 0.5]) == pytest.approx((0.01, 1.0))


def test_one_network_does_not_take_all_colours():
    assert SHADES["test_loss"].limits([0.5] * 99 + [1e30])[1] == pytest.approx(1.0)


def test_without_a_single_value_there_is_a_scale_all_the_same():
    low, high = SHADES["gradient_norm"].limits([float("nan"), 0.0])
    assert 0 < low < high


def test_an_unknown_quantity_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="quantity was 'speed'; allowed are test_accuracy"):
        shade_of("speed")
