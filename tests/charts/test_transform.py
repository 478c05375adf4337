"""Figures of the transform hold the numbers they were given, and the laws they are compared with."""

import numpy as np
import pytest

from bnviz.charts import draw_study
from bnviz.charts.figure import fill
from bnviz.charts.theme import ARM_COLOURS
from bnviz.charts.transform import FEW, pairs, passed_on, scale_law, shapes, size_law, stages
from bnviz.study import STUDIES, Study
from bnviz.table import Table

GOLDEN = {"x": [0.0, 2.0, 4.0, 6.0], "x − mean": [-3.0, -1.0, 1.0, 3.0]}


def traces(template, name):
    return [trace for trace in fill(template, {}).data if trace.name == name]


@pytest.mark.parametrize("stage", GOLDEN)
def test_a_stage_shows_every_example_at_its_value(stage):
    (strip,) = traces(stages(GOLDEN), stage)
    assert list(strip.y) == GOLDEN[stage]


def test_a_grey_bar_marks_the_mean_of_each_stage():
    bars = [trace.y[0] for trace in fill(stages(GOLDEN), {}).data if trace.mode == "lines" and len(trace.y) == 2]
    assert bars == [3, 0]


def test_an_example_has_one_line_through_all_stages():
    path = fill(stages(GOLDEN), {}).data[0]
    assert list(path.y[:2]) == [0, -3] and np.isnan(path.y[2])
    assert not path.connectgaps


def test_many_examples_have_no_lines():
    many = {"x": np.arange(FEW + 1.0)}
    assert len(fill(stages(many), {}).data) == len(fill(stages({"x": np.arange(float(FEW))}), {}).data) - 1


def test_the_axis_holds_the_farthest_value_and_0():
    low, high = fill(stages({"x": [50.0, 100.0]}), {}).layout.yaxis.range
    assert low < 0 and high > 100


def test_a_stage_can_say_more_than_its_name():
    figure = fill(stages(GOLDEN, {"x": "x, mean 3"}), {})
    assert list(figure.layout.xaxis.ticktext) == ["x, mean 3", "x − mean"]


def test_a_unit_of_a_network_stands_there_with_its_own_numbers():
    table = Table.of(STUDIES["one_unit"].columns, [[1, 8, -2.0, 1.0, 2.0, 5.5, -3.0, 0.25, 3.0, -0.5]])
    figure = draw_study(table, Study("one_unit"))
    assert list(figure.layout.xaxis.ticktext) == ["x", "x + 3", "x̂ = that / 0.5", "y = 3 x̂ − 0.5"]
    assert [trace.y[0] for trace in figure.data if trace.mode == "markers"] == [-2, 1, 2, 5.5]


def test_what_is_before_has_the_plain_colour_and_what_comes_after_bn_s():
    figure = fill(shapes([1, 2], [3, 4]), {}, look="dark")
    assert [trace.marker.color for trace in figure.data] == [ARM_COLOURS["plain"][1], ARM_COLOURS["bn"][1]]


def test_the_bars_of_a_shape_add_up_to_all_values():
    values = np.random.default_rng(0).normal(size=500)
    assert [sum(trace.y) for trace in fill(shapes(values, 2 * values), {}).data] == pytest.approx([1, 1])


def test_every_distribution_has_its_strip_and_a_bar_at_its_mean_before_and_after():
    figure = fill(passed_on({"a": [-1, 1], "b": [-2, 2]}, {"a": [0, 1], "b": [0, 2]}), {})
    strips, bars = ([trace for trace in figure.data if trace.mode == mode] for mode in ("markers", "lines"))
    assert [(strip.name, strip.xaxis, list(strip.y)) for strip in strips] == [
        ("a", "x", [-1, 1]), ("b", "x", [-2, 2]), ("a", "x2", [0, 1]), ("b", "x2", [0, 2]),
    ]  # fmt: skip
    assert [bar.y[0] for bar in bars] == [0, 0, 0.5, 1]
    assert list(figure.layout.xaxis2.ticktext) == ["a", "<br>b"]  # in two lines by turns


def test_a_pair_shows_one_feature_over_the_other():
    values = np.array([[1.0, 2.0], [3.0, 5.0]])
    cloud = fill(pairs(values, -values), {}).data[1]
    assert (list(cloud.x), list(cloud.y)) == ([-1, -3], [-2, -5])


def test_the_law_of_scale_is_one_over_a():
    (law,) = traces(scale_law([0.1, 1, 10], [9, 1, 0.1], 1, 1), "1/a")
    assert list(law.y) == pytest.approx([10, 1, 0.1])


def test_the_laws_of_size_are_a_root_and_a_share():
    spread, variance = traces(size_law([4, 16], [0, 0], [0, 0]), "law")
    assert list(spread.y) == [0.5, 0.25]
    assert list(variance.y) == [0.75, 0.9375]
