"""Inputs over time hold every share of every step, on the same axes for all, and say how wide the river is."""

import numpy as np
import pytest

from bnviz import charts
from bnviz.charts.densities import POWER, REACH
from bnviz.quantities import HISTOGRAM_EDGES
from bnviz.snapshot import Event
from tests.charts.made_up import history, many_arms, twins


def shares_of(**places):
    """A histogram by hand: bin to share."""
    shares = np.zeros(len(HISTOGRAM_EDGES) + 1, np.float32)
    for place, share in places.items():
        shares[{"below": 0, "zero": 31, "one": 36, "above": -1}[place]] = share
    return shares


def made_of(*steps):
    """Twins of one layer whose plain arm has these histograms, a step each."""
    made = history(twins(depth=1), steps=10 * (len(steps) - 1))
    for snapshot, shares in zip(made, steps, strict=True):
        snapshot.arms["plain"]["pre_histogram"] = np.broadcast_to(shares, (3, 1, len(shares)))
    return made


def maps(figure, arm):
    return [trace for trace in figure.data if trace.meta["arm"] == arm]


def test_every_layer_of_every_arm_has_a_map_with_a_column_for_every_step():
    made = history(twins())
    figure = charts.inputs_over_time(made)
    for arm in ("plain", "bn"):
        shares = made.series(arm, "pre_histogram").mean(1)  # (steps, layers, bins)
        for layer, drawn in enumerate(maps(figure, arm)):
            peaks = shares[:, layer].max(1, keepdims=True)
            assert drawn.z == pytest.approx(((shares[:, layer] / peaks) ** POWER).T, abs=1e-6)
            assert drawn.x.tolist() == made.steps.tolist()


def test_each_step_is_as_dark_at_its_peak_however_wide_it_is():
    (drawn,) = maps(charts.inputs_over_time(made_of(shares_of(zero=1), shares_of(zero=0.5, one=0.5))), "plain")
    assert drawn.z.max(0).tolist() == [1, 1]


def test_the_outer_rows_hold_what_lies_beyond_six():
    (drawn,) = maps(charts.inputs_over_time(made_of(shares_of(zero=0.4, below=0.2, above=0.4))), "plain")
    assert (drawn.z[0, 0], drawn.z[-1, 0]) == (pytest.approx(0.5**POWER), 1)
    assert [*drawn.y[:2], *drawn.y[-2:]] == [-REACH, -6, 6, REACH]


def test_what_lies_between_has_the_bins_of_the_histogram():
    (drawn,) = maps(charts.inputs_over_time(made_of(shares_of(one=1))), "plain")
    (row,) = np.flatnonzero(drawn.z[:, 0])
    assert drawn.y[row : row + 2].tolist() == pytest.approx([1.0, 1.2])


def test_a_network_that_became_infinite_leaves_no_trace():
    made = history(twins(), diverged_from=30)
    plain = maps(charts.inputs_over_time(made), "plain")[0]
    assert np.isnan(plain.z).all(0).tolist() == (made.steps >= 30).tolist()


def test_all_maps_have_the_same_axes():
    layout = charts.inputs_over_time(history(many_arms(3))).layout
    assert {layout[f"yaxis{n}"].range for n in ("", 2, 3)} == {(-REACH, REACH)}
    assert {layout[f"xaxis{n}"].range for n in ("", 2, 3)} == {(0, 60)}


def test_a_map_stands_above_its_layer_of_the_histograms_and_is_as_wide():
    made = history(twins())
    over_time, cut = charts.inputs_over_time(made).layout, charts.input_histograms(made).layout
    low, high = cut.xaxis.range
    for layer, axis in enumerate(("xaxis", "xaxis2", "xaxis3")):
        ends = [low + share * (high - low) for share in over_time[axis].domain]
        assert ends == pytest.approx([15 * layer - REACH, 15 * layer + REACH])


def test_a_new_learning_rate_is_a_hairline_with_a_mark_in_every_map():
    made = history(twins())
    made.events = [Event(40, "learning rate set to 1")]
    layout = charts.inputs_over_time(made).layout
    assert [(shape.xref, shape.layer) for shape in layout.shapes if shape.x0 == 40] == [
        ("x", "above"), ("x2", "above"), ("x3", "above")
    ]  # fmt: skip
    assert [note.xref for note in layout.annotations if note.text == "▾"] == ["x", "x2", "x3"]


def test_the_caption_says_where_the_middle_of_the_last_layer_s_inputs_lay_and_lies():
    made = made_of(shares_of(zero=1), shares_of(zero=0.5, above=0.5))
    notes = [note.text for note in charts.inputs_over_time(made).layout.annotations]
    assert "plain 0.06 to 6 (step 0: 0.03 to 0.17)" in next(text for text in notes if text.startswith("Middle"))
