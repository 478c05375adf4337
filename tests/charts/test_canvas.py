"""What the canvas of the map page draws: axes with ticks at round numbers, one scale for all arms."""

import numpy as np
import pytest

from bnviz.axes import Axis
from bnviz.charts.canvas import axis_words, canvas, ends, ticks
from bnviz.charts.pixels import DIVERGED, TRAINED, pixels_of
from tests.charts.made_up_maps import made_up_map, table

MADE = made_up_map()
SHOWN = pixels_of(table(MADE), MADE.cells)


def test_a_map_has_its_axes_and_arms_before_it_has_a_network():
    words = canvas(MADE)
    assert [arm["label"] for arm in words["arms"]] == ["plain", "BN"]
    assert (words["x"]["title"], words["cells"]) == ("learning rate, log", 16)


def test_what_has_no_place_on_a_scale_is_named():
    scales = canvas(MADE)["scales"]
    assert scales["test_loss"]["without"] == [DIVERGED, "diverged"]
    assert scales["diverged_at"]["without"] == [TRAINED, "did not diverge"]


def test_a_scale_has_ends_before_it_has_a_value():
    assert all(scale["low"] < scale["high"] for scale in ends({}).values())


def test_the_ends_hold_all_networks_of_both_arms():
    values = np.concatenate([one.shown("test_loss").ravel() for one in SHOWN.values()])
    scale = ends(SHOWN)["test_loss"]
    assert scale["low"] <= np.nanquantile(values, 0.03) and scale["high"] >= np.nanquantile(values, 0.97)


def test_ten_decades_in_the_ticks_of_an_axis_say_how_far_they_are_from_its_low_end():
    words = axis_words(Axis("learning_rate", 0.3, 0.3 + 4e-11, log=True), 8)
    assert words["title"] == "learning rate − 0.3"
    assert words["ticks"][1] == [pytest.approx(0.25, abs=1e-3), "1e-11"]
    assert len(set(words["values"])) == 8


def test_an_axis_has_a_value_for_every_pixel_and_ticks_at_their_share_of_it():
    words = axis_words(Axis("learning_rate", 0.01, 100.0, log=True), 8)
    assert len(words["values"]) == 8
    assert words["ticks"] == [[0.0, "0.01"], [0.25, "0.1"], [0.5, "1"], [0.75, "10"], [1.0, "100"]]


@pytest.mark.parametrize(
    ("low", "high", "log", "expected"),
    [
        (0.001, 100, True, [0.001, 0.01, 0.1, 1, 10, 100]),
        (1e-8, 1, True, [1e-8, 1e-6, 1e-4, 1e-2, 1]),
        (0.9, 11, True, [1, 2, 5, 10]),
        (0.3, 0.4, True, [0.3, 0.32, 0.34, 0.36, 0.38, 0.4]),
        (1, 20, False, [5, 10, 15, 20]),
        (0, 0.9, False, [0, 0.2, 0.4, 0.6, 0.8]),
    ],
)  # fmt: skip
def test_ticks_are_round_numbers(low, high, log, expected):
    assert ticks(low, high, log) == pytest.approx(expected)


@pytest.mark.parametrize("quantity", ["test_loss", "gradient_norm", "test_accuracy"])
def test_the_ticks_of_the_scale_lie_on_it(quantity):
    scale = ends(SHOWN)[quantity]
    assert scale["ticks"] and all(0 <= share <= 1 for share, _ in scale["ticks"])
