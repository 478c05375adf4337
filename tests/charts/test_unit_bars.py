"""Unit by unit: a bar holds a unit's percentiles, keeps its place, and loses its colour when the unit is dead."""

import numpy as np
import pytest

from bnviz import charts
from bnviz.charts import draw
from bnviz.charts.stacked import PITCH
from bnviz.charts.unit_bars import REACH
from tests.charts.made_up import history, twins

GREY = "rgba(91,100,112,0.6)"


@pytest.fixture
def made():
    """Twins of four units a layer whose medians change their order on the way."""
    made = history(twins(width=4), steps=20)
    looks = [3.0, -1.0, 0.0, 1.0], [0.0, 9.0, 1.0, 2.0], [-3.0, 0.0, 2.0, 1.0]
    for snapshot, medians in zip(made, looks, strict=True):
        for readings in snapshot.arms.values():
            readings["unit_p50"][:] = medians
            readings["unit_p15"][:], readings["unit_p85"][:] = readings["unit_p50"] - 0.5, readings["unit_p50"] + 0.5
            readings["unit_dead"][:] = [0, 0, 1, 0]
    return made


def strokes(figure, arm, colour):
    """The ends of a unit's strokes of one colour, ``(layers, units, 2)``, and their heights."""
    trace = next(trace for trace in figure.data if trace.meta["arm"] == arm and trace.line.color == colour)
    ends, heights = (np.array(each, dtype=float).reshape(3, -1, 3)[:, :, :2] for each in (trace.x, trace.y))
    return ends - PITCH * np.arange(3)[:, None, None], heights


def test_a_bar_reaches_from_the_15th_to_the_85th_percentile(made):
    bars, heights = strokes(charts.units(made), "bn", "#0B6BB5")
    learns = np.isfinite(heights[0, :, 0])
    assert bars[0, learns] == pytest.approx(np.array([[-3.5, -2.5], [-0.5, 0.5], [0.5, 1.5]]))


def test_a_tick_stands_at_the_median_across_its_bar(made):
    ticks, heights = strokes(charts.units(made), "bn", "#1F2328")
    assert ticks[0, :, 0].tolist() == ticks[0, :, 1].tolist() == [-3, 0, 2, 1]
    assert heights.mean(2)[0].tolist() == [3, 0, 1, 2]


@pytest.mark.parametrize("step", [0, 10, 20])
def test_a_unit_keeps_the_place_that_its_median_had_at_the_first_look(made, step):
    _, heights = strokes(charts.units(made, step), "plain", "#1F2328")
    assert heights.mean(2)[0].tolist() == [3, 0, 1, 2]


def test_behind_a_bar_is_where_the_unit_stood_at_step_0(made):
    faint, _ = strokes(charts.units(made), "plain", "rgba(91,100,112,0.25)")
    assert faint[0] == pytest.approx(np.array([[2.5, 3.5], [-1.5, -0.5], [-0.5, 0.5], [0.5, 1.5]]))


def test_a_dead_unit_is_grey_and_no_other(made):
    figure = charts.units(made)
    known = [np.isfinite(strokes(figure, "plain", colour)[1][0, :, 0]).tolist() for colour in ("#C2410C", GREY)]
    assert known == [[True, True, False, True], [False, False, True, False]]


def test_a_history_that_does_not_know_who_is_dead_has_all_units_in_colour(made):
    for snapshot in made:
        for readings in snapshot.arms.values():
            del readings["unit_dead"]
    figure = charts.units(made)
    assert np.isfinite(strokes(figure, "plain", "#C2410C")[1]).all()
    assert np.isnan(strokes(figure, "plain", GREY)[1]).all()


def test_a_bar_ends_at_the_edge_of_its_layer(made):
    bars, _ = strokes(charts.units(made, 10), "plain", "#C2410C")
    assert bars[0, 1].tolist() == [REACH, REACH]


def test_what_is_flat_is_shaded_behind_the_bars():
    layout = charts.units(history(twins(activation="tanh", width=4, depth=2))).layout
    edge = np.arctanh(0.9)
    inner = [[shape.x0, shape.x1] for shape in layout.shapes if shape.yref == "y domain"]
    assert inner == [pytest.approx(ends) for ends in (
        [-REACH, -edge], [edge, REACH], [PITCH - REACH, PITCH - edge], [PITCH + edge, PITCH + REACH])]  # fmt: skip


def test_the_caption_counts_the_units_that_sit_still(made):
    texts = [note.text for note in draw("units", made).layout.annotations]
    assert "Units that sit still, layer by layer: plain 1, 1, 1 of 4; BN 1, 1, 1 of 4." in texts
