"""Figures of the benches hold the numbers they were given, and mark where the reader stands."""

import numpy as np
import pytest

from bnviz.charts.benches import PRODUCT_REACH, company, drifts, ghosts, motion, product, slopes
from bnviz.charts.figure import fill
from bnviz.charts.walks import walks
from bnviz.quantities import WALK

FOUND = {1: [0.0, 0.0], 2: [-1.0, 1.0], 4: [0.5, 5.5]}
GIVEN = product([1, 2, 3], [1.0, 0.95, -7.0], (2, 0.95), [0.0, 0.1, 0.2], [1.0, 0.8, 0.7], [1.0, 0.8, 0.6], 0.1)


def test_every_size_has_its_strip_of_dots_at_its_place():
    strips = [trace for trace in fill(company(FOUND, 1.0), {}).data if trace.mode == "markers"]
    assert [list(strip.y) for strip in strips] == list(FOUND.values())
    assert [round(np.mean(strip.x), 9) for strip in strips] == [0, 1, 2]


def test_a_line_marks_the_value_of_the_example():
    (line,) = [trace for trace in fill(company(FOUND, 1.5), {}).data if trace.mode == "lines"]
    assert set(line.y) == {1.5}


def test_the_axis_of_x_hat_has_0_in_its_middle_and_holds_the_farthest_dot():
    low, high = fill(company(FOUND, 1.0), {}).layout.yaxis.range
    assert low == -high and high >= 5.5


def test_a_mini_batch_stands_in_parts_each_with_its_mean_and_a_box_of_one_deviation_beside_those_of_all():
    all_box, all_mean, box, mean, examples = fill(ghosts([0, 2, 4, 10], 2), {}).data
    assert list(examples.y) == [0, 2, 4, 10]
    assert list(all_mean.y)[:2] == [4, 4] and list(all_mean.x)[:2] == [0, 4]
    assert [level for level in mean.y if np.isfinite(level)] == [1, 1, 7, 7]
    assert [{low, high} for low, high in zip(box.y[::6], box.y[2::6], strict=True)] == [{0, 2}, {4, 10}]
    assert set(all_box.y[:5]) == {4 - 14**0.5, 4 + 14**0.5}


def test_bias_and_loss_stand_side_by_side_over_the_steps():
    loss = {"constant": [1, 1, 1], "through": [1, 1, 1]}
    figure = fill(drifts({"constant": [0, 2, 4], "through": [0, 0, 0]}, loss), {})
    assert [(trace.name, trace.xaxis, list(trace.y)) for trace in figure.data] == [
        ("constant", "x", [0, 2, 4]), ("through", "x", [0, 0, 0]),
        ("constant", "x2", [1, 1, 1]), ("through", "x2", [1, 1, 1]),
    ]  # fmt: skip
    assert list(figure.data[0].x) == [0, 1, 2]


@pytest.fixture
def traces():
    return {trace.name: trace for trace in fill(GIVEN, {}).data}


def test_what_is_kept_is_drawn_over_the_number_of_factors(traces):
    assert list(traces["kept"].x) == [1, 2, 3] and list(traces["kept"].y) == [1, 0.95, -7]


def test_a_dot_marks_where_the_reader_stands(traces):
    assert (*traces["here"].x, *traces["here"].y) == (2, 0.95)


def test_the_promise_is_drawn_beside_what_comes(traces):
    assert list(traces["promised"].y) == [1, 0.8, 0.6] and list(traces["product"].y) == [1, 0.8, 0.7]


def test_a_runaway_product_does_not_stretch_the_axes():
    figure = fill(GIVEN, {})
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range == (-PRODUCT_REACH, PRODUCT_REACH)


def test_three_ways_start_in_one_place_and_a_faint_line_marks_the_reader_s_step():
    velocity, product, gamma, step = fill(motion([0, 1], {"v": [1, -1], "p": [1, 0.2], "g": [1, 0]}, 0.5), {}).data
    assert [list(way.y) for way in (velocity, product, gamma)] == [[1, -1], [1, 0.2], [1, 0]]
    assert [way.name for way in (velocity, product, gamma)] == ["v", "p", "g"] and list(step.x) == [0.5, 0.5]


def test_a_curve_stands_beside_its_slope_and_a_dot_marks_the_reader_s_input():
    curve, slope, here = fill(slopes([-1, 0, 1], [0.3, 0.5, 0.7], [0.2, 0.25, 0.2], (0.5, 0.23)), {}).data
    assert (list(curve.y), curve.xaxis, list(slope.y), slope.xaxis) == ([0.3, 0.5, 0.7], "x", [0.2, 0.25, 0.2], "x2")
    assert (*here.x, *here.y) == (0.5, 0.23)


def test_a_walk_stands_beside_the_straight_line_that_was_promised_and_a_dot_where_one_step_lands():
    along = 2 - WALK + 0.6 * WALK**2
    promised, came, landed = fill(walks({"bn": (along, 0.4)}), {}).data
    assert (list(promised.x), list(promised.y)) == ([0, 2], pytest.approx([2, 1.2]))
    assert list(came.y) == pytest.approx(along) and (*landed.x, *landed.y) == (1, pytest.approx(1.6))


def test_a_promise_of_more_than_all_of_the_loss_ends_at_zero():
    promised, *_ = fill(walks({"plain": (2 - WALK, 2.0)}), {}).data
    assert (list(promised.x), list(promised.y)) == ([0, 1], [2, 0])
