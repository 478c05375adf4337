"""Strips hold what they were given: a dot for each seed where it is on a round axis, and a bar at the mean."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.lessons.lesson import Row
from bnviz.ui.scales import scale_for
from bnviz.ui.strips import strips

COLOURS = {"BN": "blue", "BN slow": "navy", "plain": "orange"}


def places(drawn, mark):
    """Where these marks stand, in percent, line by line."""
    lines = re.findall(r'<tr style="--arm:.*?</tr>', drawn)
    return [[float(place) for place in re.findall(rf'<{mark} style="left:([-.0-9]+)%">', line)] for line in lines]


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0.811, 0.925), (0.8, 0.85, 0.9, 0.95)),
        ((0.0, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0)),
        ((6.6e-15, 2.62), (1e-15, 1e-11, 1e-7, 1e-3, 10)),
        ((0.3, 0.3), (0.3, 0.4)),
        ((math.nan,), (0.0, 0.25, 0.5, 0.75, 1.0)),
    ],
)
def test_an_axis_has_round_ends_that_hold_every_value(values, ticks):
    assert scale_for(values).ticks == pytest.approx(ticks)


@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=8))
def test_every_value_stands_on_its_axis(values):
    scale = scale_for(values)
    assert all(-0.01 <= scale.place(value) <= 100.01 for value in values)
    assert 2 <= len(scale.ticks) <= 8


def test_a_dot_stands_for_each_seed_and_a_bar_for_their_mean():
    drawn = strips([Row("plain", (0.0, 0.5, 1.0), True), Row("BN", (1.0, 1.0, 1.0), True)], COLOURS)
    assert places(drawn, "i") == [[0, 50, 100], [100, 100, 100]] and places(drawn, "b") == [[50], [100]]


def test_a_seed_without_a_value_has_no_dot_and_is_no_part_of_the_mean():
    drawn = strips([Row("plain, steps", (10.0, math.nan)), Row("BN, steps", (math.nan, math.nan))], COLOURS)
    assert [len(dots) for dots in places(drawn, "i")] == [1, 0] and places(drawn, "b")[1] == []
    assert "each seed: 10 · –" in drawn and drawn.count("<td>–</td>") == 1


def test_each_quantity_has_an_axis_of_its_own_and_all_shares_have_one():
    rows = [Row("plain, loss, nats", (1.0,)), Row("BN, loss, nats", (2.0,)), Row("plain, shift", (3.0,)),
            Row("plain, accuracy", (0.5,), True), Row("BN, brighter", (0.6,), True)]  # fmt: skip
    assert strips(rows, COLOURS).count("<tbody>") == 3


@pytest.mark.parametrize(
    ("label", "colour"),
    [("BN", "blue"), ("BN slow", "navy"), ("BN slow, steps", "navy"), ("BN, half contrast", "blue"),
     ("BNs", "currentColor"), ("step 10, running", "currentColor")],
)  # fmt: skip
def test_a_row_has_the_colour_of_the_arm_that_it_names_first(label, colour):
    assert f"--arm:{colour}" in strips([Row(label, (1.0,))], COLOURS)


def test_a_label_is_text():
    assert "<u>" not in strips([Row("<u>", (1.0,))], {})


def test_what_all_rows_of_an_axis_say_behind_the_arm_is_said_once_above_them():
    drawn = strips([Row("plain, loss, nats", (1.0,)), Row("BN, loss, nats", (2.0,))], COLOURS)
    assert re.findall(r'<th scope="row.*?>(.*?)</th>', drawn) == ["loss, nats", "plain", "BN"]
    apart = strips([Row("step 10, running", (0.5,), True), Row("step 10, population", (0.6,), True)], COLOURS)
    assert re.findall(r'<th scope="row.*?>(.*?)</th>', apart) == ["step 10, running", "step 10, population"]
