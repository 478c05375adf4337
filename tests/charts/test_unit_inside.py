"""One unit's picture: every dot is an example of the reading, and sits on the nonlinearity that the engine trains."""

import numpy as np
import pytest
import torch

from bnviz import Experiment, Run, charts, record
from bnviz.charts import board
from bnviz.charts.nonlinearity import NONLINEARITIES, slope_of
from bnviz.charts.unit_rows import END, GRID, rows_of
from bnviz.engine.activations import ACTIVATIONS
from bnviz.inside import place
from tests.charts.made_up import history as made_up
from tests.charts.made_up import twins

RUN = Run(width=8, depth=2, samples=200, batch_size=20, learning_rate=3.0)
BN = RUN.replace(normalization="batch")


@pytest.fixture(scope="module")
def history():
    arms = {"plain": RUN, "bn": BN, "bn_after": BN.replace(placement="after")}
    return record(Experiment(arms=arms, seeds=(0,)), 20, 20, probes=False, inside=[(2, 5)])


def dots(figure, arm):
    """An arm's dots: how far across and up each example is, row after row, ``(rows, examples)`` by class."""
    own = [trace for trace in figure.data if trace.mode == "markers" and trace.meta["arm"] == arm]
    return [np.stack([trace.x, trace.y]) for trace in own]


def of(history, arm, word):
    run = history.experiment.arms[arm]
    values = history.latest[arm]["inside"][0][slice(*place(run, word))]
    return values[~np.isnan(values)]


def test_every_example_stands_in_every_row_in_the_colour_of_its_class(history):
    figure = charts.inside(history, 2, 5)
    shown = {trace.marker.color: np.isfinite(trace.x).sum() for trace in figure.data
             if trace.mode == "markers" and trace.meta["arm"] == "bn"}  # fmt: skip
    counts = np.bincount(of(history, "bn", "class").astype(int), minlength=10)
    assert list(shown.values()) == [5 * count for count in counts] and len(shown) == 10


def test_the_dots_are_where_the_reading_says(history):
    rows = np.concatenate([x.reshape(5, -1)[0] for x, _ in dots(charts.inside(history, 2, 5), "bn")])
    assert np.sort(rows[np.isfinite(rows)]) == pytest.approx(np.clip(np.sort(of(history, "bn", "x")), -END, END))


@pytest.mark.parametrize("row", ["curve", "slope"])
@pytest.mark.parametrize("arm", ["plain", "bn", "bn_after"])
def test_dots_sit_on_the_curve_and_on_its_slope(history, arm, row):
    figure, level = charts.inside(history, 2, 5), rows_of([*history.experiment.arms.values()])[row]
    curves = [np.array(trace.y) for trace in figure.data if trace.meta["arm"] == arm and len(trace.x) == len(GRID)]
    within = [abs(curve - level.middle).max() < level.height / 2 for curve in curves]
    x, y = np.concatenate(dots(figure, arm), axis=1)
    here = abs(y - level.middle) < level.height / 2
    assert sum(within) == 1 and here.sum() == 20
    assert y[here] == pytest.approx(np.interp(x[here], GRID, curves[within.index(True)]), abs=0.3)


def test_without_normalization_an_example_falls_straight_from_the_sum_to_the_curve(history):
    for x, _ in dots(charts.inside(history, 2, 5), "plain"):
        first, *others = x.reshape(3, -1)
        assert all(np.array_equal(first, other, equal_nan=True) for other in others)


def test_behind_the_nonlinearity_the_rows_stand_below_it():
    before, after = ([*rows_of([BN.replace(placement=place)])] for place in ("before", "after"))
    assert before == ["x", "x_hat", "scaled", "curve", "slope"]
    assert after == ["x", "curve", "slope", "output", "after:x_hat", "after:scaled"]


@pytest.mark.parametrize("word", NONLINEARITIES)
def test_the_curves_are_the_nonlinearities_that_train(word):
    x = torch.linspace(-6, 6, 60, dtype=torch.float64, requires_grad=True)
    y = ACTIVATIONS[word].function(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    at = x.detach().numpy()
    assert NONLINEARITIES[word](at) == pytest.approx(y.detach().numpy(), abs=1e-6)
    assert slope_of(NONLINEARITIES[word])(at) == pytest.approx(slope.numpy(), abs=1e-5)


def test_the_caption_says_mean_deviation_and_what_sits_in_the_flat_ends(history):
    said = charts.inside(history, 2, 5).layout.annotations[-1].text.replace("<br>", " ").replace("−", "-")
    x, flat = of(history, "plain", "x"), of(history, "plain", "flat")[0]
    assert f"Layer 2, unit 5, mini-batch of 20. plain: linear sum {x.mean():.3g} ± {x.std():.3g}" in said
    assert f"{100 * flat:.3g}% where sigmoid is nearly flat" in said


def test_a_unit_of_which_nothing_was_kept_is_refused_with_a_way_out(history):
    with pytest.raises(ValueError, match=r"unit 1 of layer 2: try record\(..., inside=\[\(2, 1\)\]\)"):
        charts.inside(history, 2, 1)


def test_what_a_picture_cannot_show_as_expected_it_says():
    arms = {"layer_norm": RUN.replace(normalization="layer"), "large": RUN.replace(batch_size=100)}
    words = board(Experiment(arms=arms), ["inside"])[0]["layout"]["meta"]["caption"]
    assert any("own statistics over the units" in str(part) for part in words)
    assert any("first 64 examples" in str(part) for part in words)


def test_a_board_that_shows_all_units_can_open_one():
    assert [chart["name"] for chart in board(twins(), ["loss", "units", "accuracy"])] == [
        "loss", "units", "inside", "accuracy"
    ]  # fmt: skip
    assert [chart["name"] for chart in board(twins(), ["inside", "units"])] == ["inside", "units"]


def test_a_history_that_kept_nothing_draws_empty_rows():
    figure = charts.draw("inside", made_up(twins()))
    assert not any(np.isfinite(np.array(trace.x, float)).any() for trace in figure.data if trace.mode == "markers")
