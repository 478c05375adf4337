"""What was done to a run is written on its curves, and so is what lies beyond an axis."""

import numpy as np
import pytest

from bnviz.charts import loss_curve
from bnviz.charts.flags import Planted, sides
from bnviz.charts.marks import beyond_mark, event_marks, short
from bnviz.snapshot import Event
from tests.charts.made_up import history, twins


def away():
    """A history whose plain arm goes to 2e8 in two rows and is lost at step 20."""
    made = history(twins(), steps=40, diverged_from=20)
    for snapshot, loss in zip(made, (2.3, 2e8), strict=False):
        snapshot.arms["plain"]["train_loss"][:] = loss
    return made


def test_a_new_learning_rate_is_a_hairline_with_its_words_on_the_curves():
    made = history(twins(), steps=100)
    made.events = [Event(40, "learning rate set to 0.1")]
    figure = loss_curve(made)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(40, 40)]
    assert [note.x for note in figure.layout.annotations if note.text == "rate 0.1"] == [40]


def test_marks_that_are_too_near_keep_their_hairline_and_the_newest_its_words():
    shapes, words = event_marks([Event(10, "rate 1"), Event(50, "rate 2"), Event(52, "rate 3")], last=100)
    assert sorted(shape["x0"] for shape in shapes) == [10, 50, 52]
    assert [note["text"] for note in words] == ["rate 3", "rate 1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("learning rate set to 0.1", "rate 0.1"), ("learning rate of BN set to 3", "rate of BN 3")],
)
def test_an_event_is_said_in_few_words(text, words):
    assert short(text) == words


def test_the_flag_of_an_arm_that_left_the_axis_stands_just_below_its_upper_end():
    figure = loss_curve(away())
    flag = next(trace for trace in figure.data if trace.meta.get("flag") and trace.meta["arm"] == "plain")
    assert flag.x[0] == 20
    assert 0.8 < flag.y[0] / figure.layout.yaxis.range[1] < 1


def test_of_flags_in_one_place_the_words_stand_on_different_sides_while_there_are_any():
    here = Planted(x=300, y=100, letters=10)
    assert sides([here] * 5, width=600) == ["top right", "bottom right", "top left", "bottom left", None]


def test_a_flag_s_words_stay_within_the_chart():
    assert sides([Planted(x=590, y=100, letters=10)], width=600) == ["top left"]


def test_a_curve_beyond_its_axis_is_marked_with_how_far_it_goes():
    curves = [np.array([1.0, 2e8, np.nan]), np.array([2.0, 3.0, np.inf])]
    assert [note["text"] for note in beyond_mark(curves, ends=(0, 5))] == ["▲ up to 2e+08"]
    assert beyond_mark(curves[1:], ends=(0, 5)) == []


def test_a_curve_below_its_axis_is_marked_too():
    (mark,) = beyond_mark([np.array([4e-7, 0.5, np.nan]), np.array([300.0])], ends=(1e-2, 10))
    assert mark["text"] == "▲ up to 300  ▼ down to 4e-07"
