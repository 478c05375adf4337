"""Figures of studies hold the numbers they were given, in the look that was asked for."""

import math

import orjson
import pytest

from bnviz.charts import STUDY_CHARTS, draw_study, drawn_study
from bnviz.charts.theme import colour
from bnviz.charts.unit_studies import largest_first
from bnviz.study import STUDIES, Study
from bnviz.table import Table


def made_up(name):
    """A small table of each study with plain numbers."""
    columns = STUDIES[name].columns
    rows = {
        "deep_linear": [
            [arm, rate, seed, step, layer, 100 - step + seed, 0.1, 0.5 - 0.1 * layer + 0.01 * step]
            for arm in ("plain", "bn") for rate in (1e-5, 1e-4) for seed in (0, 1, 2)
            for step in (0, 20) for layer in (2, 4)
        ],
        "whitening": [[16, 8, 5.0, 0.5, 0.1, 7, math.inf], [16, 32, 6.0, 0.6, 0.1, 16, 20.0],
                      [64, 32, 9.0, 0.9, 0.1, 31, math.inf], [64, 128, 12.0, 1.2, 0.1, 64, 30.0]],
        "backward_terms": [["x_hat", 1, 1.0, None, 1.0, 0.0], ["x_hat", 2, -0.5, None, -0.5, 0.0],
                           ["gamma", None, -1.25, -1.25, -1.25, 0.0]],
        "residual_variance": [[arm, seed, depth, 2.0**depth * (seed + 1)] for arm in
                              ("plain", "bn", "residual", "residual_bn") for seed in (0, 1, 2) for depth in (0, 1, 2)],
        "ensemble": [[0, 1, 0.97], [0, 2, 0.98], [0, None, 0.99], [1, 1, 0.96], [1, 2, 0.95], [1, None, 0.96]],
        "placement": [[task, activation, arm, seed, 0.9 + 0.02 * seed] for task in ("digits", "spirals")
                      for activation in ("relu", "tanh") for arm in ("plain", "bn_before", "bn_after_affine")
                      for seed in (0, 1)],
        "scale_invariance": [[eps, scale, eps * scale, 1.0, 1 / scale] for eps in (1e-5, 0.0)
                             for scale in (0.1, 1.0, 10.0)],
        "one_unit": [[place + 1, 0, x, x - 3.0, (x - 3) / 5**0.5, (x - 3) / 5**0.5, 3.0, 5.0, 1.0, 0.0]
                     for place, x in enumerate((0.0, 2.0, 4.0, 6.0))],
        "cost": [["plain", 2, 0.2, 1.0, 2.0], ["bn", 2, 0.3, 1.5, 3.0],
                 ["plain", 8, 0.5, 1.0, 5.0], ["bn", 8, 0.9, 1.8, 9.0]],
        "gaussianity": [[activation, step, seed, signal, distance + 0.01 * seed, 1.0] for activation in ("relu", "tanh")
                        for seed in (0, 1) for step in (0, 800) for signal, distance in (("u", 0.3), ("Wu + b", 0.1))],
        "channels": [row for arm, offset, named in (("plain", 8.0, 1.0), ("plain_larger", 8.0, 1.0), ("bn", 0.5, 0.5))
                     for seed in (0, 1, 2) for row in (
                         [arm, seed, "last hidden", 1, offset * (seed + 1), None, None],
                         [arm, seed, "last hidden", 2, offset / 2, None, None],
                         [arm, seed, "last hidden", None, None, None, named / 4],
                         [arm, seed, "output", 1, 1.0, 1 - named, None], [arm, seed, "output", 2, 1.0, named, None])],
    }  # fmt: skip
    return Table.of(columns, rows[name])


def figure(name, look="light"):
    return draw_study(made_up(name), Study(name), look)


def traces(study, **words):
    return [trace for trace in figure(study).data if all(getattr(trace, key) == it for key, it in words.items())]


def test_every_study_has_a_figure_and_says_what_to_look_for():
    assert list(STUDY_CHARTS) == list(STUDIES)
    assert all(len(chart.look_for) == 2 for chart in STUDY_CHARTS.values())


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", STUDIES)
def test_a_figure_is_drawn_in_the_look_that_was_asked_for(name, look):
    drawn = figure(name, look)
    assert drawn.layout.paper_bgcolor == colour("page", look)
    assert drawn.layout.font.color == colour("text", look)
    assert "arm:" not in drawn.to_json() and "band:" not in drawn.to_json()


def test_a_table_that_is_still_empty_is_refused():
    with pytest.raises(ValueError, match="no row yet"):
        draw_study(Table.of(STUDIES["ensemble"].columns, [], 0.0), Study("ensemble"))


@pytest.mark.parametrize("name", STUDIES)
def test_every_number_lies_inside_its_axes(name):
    drawn = figure(name)
    for trace in drawn.data:
        axis = drawn.layout["yaxis" + (trace.yaxis or "y")[1:]]
        values = [math.log10(y) if axis.type == "log" else y for y in trace.y if y is not None and math.isfinite(y)]
        assert all(axis.range[0] - 1e-9 <= value <= axis.range[1] + 1e-9 for value in values)


def test_the_loss_is_the_median_over_the_seeds_in_a_column_for_each_rate():
    lines = traces("deep_linear", name="BN", fill=None)
    assert [(line.xaxis, list(line.y)) for line in lines if line.y[0] > 1] == [("x", [101, 81]), ("x2", [101, 81])]


def test_the_cosine_is_each_seed_s_mean_over_the_steps():
    lines = traces("deep_linear", name="plain", fill=None)
    below = next(line for line in lines if line.xaxis == "x3")
    assert list(below.x) == [2, 4] and list(below.y) == pytest.approx([0.4, 0.2])


def test_whitening_is_timed_in_the_largest_mini_batches_and_every_rank_is_shown():
    time, ranks = traces("whitening", name="whitening")
    assert (list(time.x), list(time.y)) == ([16, 64], [6, 12])
    assert list(ranks.y) == [7 / 16, 1, 31 / 64, 1]


def test_the_three_ways_back_stand_in_the_same_places():
    paper, engine, autograd = figure("backward_terms").data
    assert list(paper.y) == list(autograd.y) == [1, -0.5, -1.25]
    assert engine.y[2] == -1.25 and math.isnan(engine.y[0])
    assert list(figure("backward_terms").layout.xaxis.ticktext) == ["dx̂ 1", "dx̂ 2", "dgamma"]


def test_the_variance_is_the_median_over_the_seeds_in_powers_of_ten():
    (line,) = traces("residual_variance", name="residual, BN", fill=None)
    assert list(line.y) == [2, 4, 8]
    assert figure("residual_variance").layout.yaxis.type == "log"


def test_each_network_is_a_circle_and_each_vote_a_diamond():
    alone, voted = figure("ensemble").data
    assert (list(alone.x), list(alone.y)) == ([1, 1, 2, 2], [0.97, 0.98, 0.96, 0.95])
    assert (list(voted.x), list(voted.y)) == ([1, 2], [0.99, 0.96])


def test_a_change_of_exactly_0_has_no_place_on_a_logarithmic_axis():
    change, gradient = traces("scale_invariance", name="eps 0")
    assert len(change.y) and all(math.isnan(y) for y in change.y)
    assert list(gradient.y) == [10, 1, 0.1]


def test_a_step_is_drawn_in_milliseconds_and_over_the_plain_one():
    time, ratio = traces("cost", name="BN")
    assert (list(time.x), list(time.y), list(ratio.y)) == ([2, 8], [0.3, 0.9], [1.5, 1.8])


def test_both_signals_stand_beside_each_other_at_their_activation_and_every_network_is_a_mark():
    before, after = traces("gaussianity", name="u")
    assert list(before.x) == pytest.approx([-0.15, -0.15, 0.85, 0.85]) and list(before.y) == [0.3, 0.31, 0.3, 0.31]
    assert (before.yaxis, after.yaxis) == ("y", "y2")
    assert list(traces("gaussianity", name="Wu + b")[0].x) == pytest.approx([0.15, 0.15, 1.15, 1.15])


def test_units_are_drawn_from_the_largest_down_and_the_median_over_the_seeds():
    offsets, named, _ = traces("channels", name="plain", fill=None)
    assert (list(offsets.x), list(offsets.y)) == ([1, 2], [16, 4])
    assert list(named.y) == [1, 0]


def test_what_a_layer_keeps_of_its_gradients_is_a_mark_a_network():
    *_, kept = traces("channels", name="BN", fill=None)
    assert (list(kept.x), list(kept.y)) == ([2, 2, 2], [0.125] * 3)


def test_units_are_ordered_seed_by_seed_and_what_is_no_number_is_left_out():
    table = Table.of(("seed", "named"), [[0, 0.1], [0, None], [0, 0.7], [1, 0.3]])
    assert largest_first(table, "named").columns == {"place": [1, 2, 1], "seed": [0, 0, 1], "named": [0.7, 0.1, 0.3]}


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_drawn_from_its_first_rows_as_plain_data(name):
    whole = made_up(name)
    for count in range(len(whole) + 1):
        table = Table({column: values[:count] for column, values in whole.columns.items()}, 0.5)
        drawn = orjson.loads(orjson.dumps(drawn_study(table, Study(name)), option=orjson.OPT_SERIALIZE_NUMPY))
        assert drawn["layout"]["height"] and bool(drawn["data"]) == (count > 0)


def words_elsewhere(part, key=""):
    """Colour words that do not stand under a name that ends in color: the page's script would leave them."""
    if isinstance(part, dict):
        return [word for name, inner in part.items() for word in words_elsewhere(inner, name)]
    if isinstance(part, list):
        return [word for inner in part for word in words_elsewhere(inner)]
    return [part] if isinstance(part, str) and colour(part) != part and not key.endswith("color") else []


@pytest.mark.parametrize("name", STUDIES)
def test_every_colour_of_the_plain_data_stands_where_it_is_painted(name):
    assert not words_elsewhere(drawn_study(made_up(name), Study(name)))
