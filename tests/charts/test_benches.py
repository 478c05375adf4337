"""Figures of the benches hold the numbers they were given."""

import numpy as np

from bnviz.charts.benches import company, drifts
from bnviz.charts.transform import drawn

FOUND = {1: [0.0, 0.0], 2: [-1.0, 1.0], 4: [0.5, 5.5]}


def test_every_size_has_its_strip_of_dots_at_its_place():
    strips = [trace for trace in drawn(company(FOUND, 1.0)).data if trace.mode == "markers"]
    assert [list(strip.y) for strip in strips] == list(FOUND.values())
    assert [round(np.mean(strip.x), 9) for strip in strips] == [0, 1, 2]


def test_a_line_marks_the_value_of_the_example():
    (line,) = [trace for trace in drawn(company(FOUND, 1.5)).data if trace.mode == "lines"]
    assert set(line.y) == {1.5}


def test_the_axis_of_x_hat_has_0_in_its_middle_and_holds_the_farthest_dot():
    low, high = drawn(company(FOUND, 1.0)).layout.yaxis.range
    assert low == -high and high >= 5.5


def test_bias_and_loss_stand_side_by_side_over_the_steps():
    figure = drawn(drifts({"constant": [0, 2, 4], "through": [0, 0, 0]}, {"constant": [1, 1, 1], "through": [1, 1, 1]}))
    assert [(trace.name, trace.xaxis, list(trace.y)) for trace in figure.data] == [
        ("constant", "x", [0, 2, 4]), ("through", "x", [0, 0, 0]),
        ("constant", "x2", [1, 1, 1]), ("through", "x2", [1, 1, 1]),
    ]  # fmt: skip
    assert list(figure.data[0].x) == [0, 1, 2]
