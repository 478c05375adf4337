"""The few words in which a template names its numbers, tried on a table that can be checked in the head."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.charts.bindings import apart, axis_range, columns_named, evaluate, outline, rung

TABLE = {
    "step": np.array([[0.0], [10.0], [20.0]]),
    "loss": np.array([[3.0], [2.0], [np.nan]]),
    "norm": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
    "unit": np.arange(12.0).reshape(3, 4),
    "mixed": np.array([[3.0, -1.0, np.nan, 2.0], [0.0, 1.0, 2.0, 3.0]]),
    "flag": np.array([[1, 1, 1, 1], [0, 0, 0, 0], [0, 1, 255, 1]], np.uint8),
    "gone": np.array([[np.nan], [np.nan], [15.0]]),
}
PICK = {"layer": [2, 5], "unit": [1, 2]}


@pytest.mark.parametrize(
    ("binding", "expected"),
    [
        ({"series": "step"}, [0, 10, 20]),
        ({"row": "norm"}, [5, 6]),
        ({"row": "norm", "from": 1, "to": 2}, [6]),
        ({"row": "norm", "from": 0, "to": 1, "times": 0}, [0]),
        ({"row": "norm", "times": 2, "within": [0, 11], "plus": 1}, [11, 12]),
        ({"first": "norm"}, [1, 2]),
        ({"rank": "mixed"}, [2, 0, 3, 1]),
        ({"rank": "mixed", "from": 1, "to": 3, "plus": 0.5}, [0.5, 1.5]),
        ({"weave": [{"row": "norm"}, {"first": "norm"}, {"values": [None]}]}, [5, 1, math.nan, 6, 2, math.nan]),
        ({"only": {"row": "unit"}, "where": {"row": "flag"}, "is": [0, 255]}, [8, math.nan, 10, math.nan]),
        ({"values": [1, None, 3]}, [1, math.nan, 3]),
        ({"join": [{"values": [7]}, {"row": "norm"}]}, [7, 5, 6]),
        ({"at": "gone", "series": "loss"}, [2]),
    ],
    ids=str,
)
def test_a_binding_names_its_numbers(binding, expected):
    assert evaluate(binding, TABLE) == pytest.approx(expected, nan_ok=True)


def test_the_cursor_chooses_the_row():
    assert evaluate({"row": "norm"}, TABLE, cursor=1).tolist() == [3, 4]
    assert np.isnan(evaluate({"at": "gone", "series": "loss"}, TABLE, cursor=1)[0])


def test_wide_folds_a_row_into_a_map():
    assert evaluate({"row": "unit", "wide": 2}, TABLE).tolist() == [[8, 9], [10, 11]]


@pytest.mark.parametrize(
    ("picks", "expected"),
    [({}, [2, 6, 10]), ({"layer": 2, "unit": 2}, [1, 5, 9]), ({"layer": 5, "unit": 2}, [3, 7, 11])],
)
def test_a_pick_chooses_the_entry_the_last_layer_first(picks, expected):
    assert evaluate({"series": "unit", "pick": PICK}, TABLE, picks=picks).tolist() == expected


def test_a_layer_that_an_arm_does_not_have_has_no_numbers():
    assert np.isnan(evaluate({"series": "unit", "pick": PICK}, TABLE, picks={"layer": 3})).all()


def test_every_row_becomes_a_column_of_a_density_map_in_shares_of_its_largest_number_to_a_power():
    shares = {"share": np.array([[0.1, 0.25, 0.5], [0.9, 0.0, 0.09], [np.nan, np.nan, np.nan]])}
    found = evaluate({"rows": "share", "from": 1, "to": 3, "power": 0.5}, shares)
    assert found == pytest.approx(np.array([[0.5**0.5, 0, np.nan], [1, 1, np.nan]]), nan_ok=True)


def test_ridges_are_the_rows_nearest_to_equal_distances_with_a_gap_after_each():
    walks = {"step": np.array([[0.0], [8.0], [18.0], [21.0]]), "walk": np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]])}
    gap = [math.nan]
    assert evaluate({"ridges": "walk"}, walks) == pytest.approx([1, 2, *gap, 3, 4, *gap, 7, 8, *gap], nan_ok=True)
    then = evaluate({"ridges": "walk", "from": 1, "to": 2, "then": [-1]}, walks)
    assert then == pytest.approx([2, -1, *gap, 4, -1, *gap, 8, -1, *gap], nan_ok=True)
    places = evaluate({"ridges": "step", "at": [0, 0.5]}, walks)
    assert places == pytest.approx([0, 5, *gap, 8, 13, *gap, 21, 26, *gap], nan_ok=True)
    assert not evaluate({"ridges": "walk"}, {name: values[:0] for name, values in walks.items()}).size


@pytest.mark.parametrize(("last", "distance"), [(0, 10), (120, 10), (121, 20), (200, 20), (1500, 200), (50_000, 5000)])
def test_about_a_dozen_ridges_stand_in_a_run_at_round_distances(last, distance):
    assert apart(last) == distance


def test_an_axis_of_steps_has_room_for_the_last_ridge():
    assert axis_range({"steps": True, "ridges": True}, TABLE) == [0, 30]


def test_a_template_names_the_columns_of_its_traces_and_of_its_axes():
    trace = {"meta": {"x": {"series": "step"}, "y": {"join": [{"first": "a"}, {"at": "b", "series": "c"}]},
                      "lower": {"only": {"rank": "e"}, "where": {"row": "f"}, "is": [1]}, "z": {"rows": "g"},
                      "upper": {"ridges": "h"}}}
    axes = {"meta": {"axes": {"yaxis": {"covers": [{"row": "d"}]}}}}
    assert columns_named({"data": [trace], "layout": axes}) == {"step", *"abcdefgh"}


def test_an_outline_goes_there_above_and_back_below():
    x, y = outline(np.array([1.0, 2.0, 3.0]), np.array([0.0, np.nan, 0.0]), np.array([5.0, 6.0, 7.0]))
    assert x.tolist() == [1, 3, 3, 1] and y.tolist() == [5, 7, 0, 0]


def table_of(values):
    return {"a": np.array(values, dtype=float)[:, None], "step": np.arange(len(values), dtype=float)[:, None]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.3, 1.0, 0.1], [0, 3]),
        ([2.3, 1.0, math.nan], [0, 3]),
        ([2.3] * 20 + [1e6], [0, 8]),
        ([2.6] + [0.01] * 40, [0, 3]),
        ([math.nan], [0, 1]),
    ],
    ids=["falls", "gap", "spike", "steep", "nothing"],
)
def test_an_axis_shows_the_run_and_leaves_spikes_out(values, expected):
    rule = {"covers": [{"series": "a"}], "least": [0, 1]}
    assert axis_range(rule, table_of(values)) == expected


def test_an_arm_that_goes_far_is_no_spike_beside_others_that_do_not():
    table = {"a": np.full((50, 1), 0.1), "b": np.linspace(0, 4, 50)[:, None]}
    rule = {"covers": [{"series": "a"}, {"series": "b"}], "least": [-1, 1]}
    assert axis_range(rule, table) == [-1, 4]


GONE = [2.3, 40.0, 3e5, 2e8]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"a": [2.3, 2.0, 1.0, 0.5], "b": GONE}, [0, 6]),
        ({"a": [2.3, 4.0, 1.0, 0.5], "b": GONE}, [0, 10]),
        ({"a": [2.3, 2.0, 1.0, 0.5], "b": [5.0, 4.0, 3.0, 2.0]}, [0, 5]),
        ({"b": [2.3, 2.3, 2.3, 3e5, math.nan]}, [0, 15]),
        ({"b": [2.3, 64.0, 45.0, 45.0, 45.0]}, [0, 80]),
        ({"b": [math.nan] * 4}, [0, 1]),
    ],
    ids=["beside a healthy one", "beside a bumpy one", "none gone", "alone", "alone and far, but there", "nothing"],
)
def test_an_arm_that_runs_away_does_not_take_the_axis_with_it(columns, expected):
    table = {name: np.array(values)[:, None] for name, values in columns.items()}
    rule = {"covers": [{"series": name} for name in columns], "least": [0, 1], "most": 2.5}
    assert axis_range(rule, table) == expected


def test_a_logarithmic_axis_ends_at_decades():
    rule = {"covers": [{"series": "a"}], "log": True, "least": [-2, 0]}
    assert axis_range(rule, table_of([0.004, 3.0, 0.0])) == [-3, 1]


@pytest.mark.parametrize(("last", "expected"), [(math.nan, [-2, 1]), (1e20, [0, 20])], ids=["gone", "still there"])
def test_a_logarithmic_axis_forgets_an_arm_that_is_gone(last, expected):
    table = {"a": np.array([[3.0], [3.0]]), "b": np.array([[1e20], [last]])}
    rule = {"covers": [{"series": "a"}, {"series": "b"}], "log": True, "least": [-2, 0]}
    assert axis_range(rule, table) == expected


def test_a_logarithmic_axis_may_have_a_floor():
    rule = {"covers": [{"series": "a"}], "log": True, "least": [-2, 0], "decades": 5}
    assert axis_range(rule, table_of([1e-9, 1.0])) == [-5, 0]


def test_an_arm_that_lives_is_on_a_logarithmic_axis_however_low_it_is():
    table = {"high": np.array([[1e3], [1e3]]), "low": np.array([[2e-6], [2e-6]])}
    rule = {"covers": [{"series": "high"}, {"series": "low"}], "log": True, "least": [-2, 0], "decades": 5}
    assert axis_range(rule, table) == [-6, 3]


def test_a_step_axis_ends_at_the_last_step():
    assert axis_range({"steps": True}, TABLE) == [0, 20]


@given(st.floats(1e-9, 1e9))
def test_a_rung_is_never_below_and_at_most_half_above(value):
    assert value * (1 - 1e-8) <= rung(value) <= 1.5001 * value
