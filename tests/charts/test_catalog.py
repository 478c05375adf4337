"""Every chart keeps the contract, and every figure holds the numbers it was given."""

import json
import subprocess
import sys

import numpy as np
import pytest

from bnviz import Experiment, History, Run, charts, record
from bnviz.charts import CHARTS, Columns, board, draw, quantities_drawn
from bnviz.charts.bindings import evaluate
from bnviz.charts.figure import _apart
from bnviz.charts.theme import CLASS_COLOURS
from bnviz.quantities import QUANTITIES, layers_moved
from tests.charts.made_up import history, many_arms, twins

INSTRUMENTS = ("landscape", "modes", "geometry", "memory")
MADE = {
    "twins": history(twins()),
    "one seed": history(twins(seeds=(7,))),
    "one arm": history(many_arms(1)),
    "eight arms": history(many_arms(8)),
    "one layer": history(twins(depth=1)),
    "fifty layers": history(twins(depth=50, width=8), steps=20),
    "plane": history(twins(dataset="moons", width=8)),
    "convolution": history(twins(network="cnn", width=6)),
    "diverged": history(twins(), diverged_from=30),
    "only step 0": history(twins(), steps=0),
    "instruments": history(twins().replace(instruments=INSTRUMENTS)),
    "instruments of eight arms": history(many_arms(8).replace(instruments=INSTRUMENTS), diverged_from=30),
}
LETTERS = 43
"""Of 13 pixels, in a card on a screen of 320."""
ONLY_BY_NAME = {"weights", "weight_growth", "bias_norm", "signal"}


DRAWABLE = [
    (name, kind) for name in CHARTS for kind, made in MADE.items()
    if name in ONLY_BY_NAME or CHARTS[name].shows(made.experiment)
]  # fmt: skip


@pytest.fixture
def twin_history():
    return MADE["twins"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_a_title_and_two_sentences_of_what_to_look_for(name):
    chart = CHARTS[name]
    assert chart.title and len(chart.look_for) == 2
    assert all(sentence.endswith(".") for sentence in chart.look_for)
    assert chart.look_for[1].startswith("Look for ")


@pytest.mark.parametrize(("name", "kind"), DRAWABLE)
def test_a_chart_can_be_drawn_from_any_history(name, kind):
    figure = draw(name, MADE[kind])
    titles = {note.name: note.text for note in figure.layout.annotations if note.name}
    assert titles["x title"] and titles["y title"] and figure.layout.title.text == CHARTS[name].title


def test_every_axis_title_has_a_quantity_and_where_it_has_one_a_unit():
    notes = [note for chart in board(twins()) for note in chart["layout"]["annotations"]]
    words = {note["text"] for note in notes if note.get("name") == "y title"}
    assert "training loss, nats" in words and "deviations per 20 steps, log" in words


@pytest.mark.parametrize("kind", MADE)
def test_no_title_is_longer_than_a_chart_on_the_narrowest_phone(kind):
    instruments = MADE[kind].experiment.replace(instruments=INSTRUMENTS)
    layouts = [chart["layout"] for chart in board(instruments)]
    titles = [note["text"] for layout in layouts if "panels" not in layout["meta"] and "squares" not in layout["meta"]
              for note in layout["annotations"] if note.get("name") == "y title"]
    assert titles and max(map(len, titles)) <= LETTERS


@pytest.mark.parametrize("kind", MADE)
def test_the_board_is_plain_data_whose_columns_exist(kind):
    experiment = MADE[kind].experiment
    columns = Columns(experiment)
    known = {column.name for column in (*columns.specs, *columns.apart)}
    text = json.dumps(board(experiment))
    named = [binding[word] for binding in bindings(json.loads(text)) for word in ("series", "row", "first", "at")
             if word in binding]
    assert named and set(named) <= known


def bindings(part):
    if isinstance(part, dict):
        if {"series", "row", "first"} & part.keys():
            yield part
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from bindings(inner)


def names_on_board(experiment):
    return {chart["name"] for chart in board(experiment)}


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_instrument_brings_its_charts_and_no_others(instrument):
    brought = names_on_board(twins().replace(instruments=[instrument])) - names_on_board(twins())
    read = {q for q, words in QUANTITIES.items() if words.instrument == instrument}
    shown = {b["series" if "series" in b else "row"].split(".")[1] for name in brought
             for b in bindings(CHARTS[name].make(twins())["data"]) if "." in b.get("series", b.get("row", ""))}
    assert shown & read and shown - read <= {"test_accuracy", "diverged_at"}


@pytest.mark.parametrize("name", sorted(ONLY_BY_NAME))
def test_some_charts_are_drawn_only_where_they_are_named(name):
    assert name not in names_on_board(twins().replace(instruments=INSTRUMENTS))
    assert [chart["name"] for chart in board(twins(), [name])] == [name]


def test_a_plane_is_drawn_for_two_features_only():
    names = [[chart["name"] for chart in board(twins(dataset=data))] for data in ("digits", "moons")]
    assert "decision" not in names[0] and "decision" in names[1]


def line(figure, arm):
    return next(trace for trace in figure.data if (trace.meta or {}).get("label") and trace.meta["arm"] == arm)


@pytest.mark.parametrize(
    ("chart", "quantity"),
    [("loss", "train_loss"), ("accuracy", "test_accuracy"), ("train_accuracy", "train_accuracy"),
     ("loss_range", "loss_range"), ("gradient_change", "gradient_predictiveness"), ("fidelity", "fidelity"),
     ("smoothness", "effective_smoothness"), ("mates", "mates_disagree"), ("gradient_growth", "gradient_growth")],
)  # fmt: skip
def test_a_curve_holds_the_mean_over_the_seeds(chart, quantity):
    made = MADE["instruments"]
    curve = line(draw(chart, made), "bn")
    assert curve.x.tolist() == made.steps.tolist()
    assert curve.y == pytest.approx(made.series("bn", quantity).mean(1), rel=1e-6)


def test_the_band_is_the_range_over_the_seeds(twin_history):
    figure = charts.loss_curve(twin_history)
    edge = next(trace for trace in figure.data if trace.fill == "toself" and trace.meta["arm"] == "plain")
    losses, rows = twin_history.series("plain", "train_loss"), len(twin_history)
    assert edge.y[:rows] == pytest.approx(losses.max(1)) and edge.y[rows:][::-1] == pytest.approx(losses.min(1))


@pytest.mark.parametrize(
    ("chart", "quantity"), [("gradients", "gradient_norm"), ("saturation", "saturation"),
                            ("distribution_shift", "distribution_shift"), ("weights", "weight_norm"),
                            ("bias_norm", "bias_norm"), ("variance_ratio", "variance_ratio"),
                            ("sample_cosine", "sample_cosine"), ("jacobian_scale", "jacobian_scale")],
)  # fmt: skip
def test_a_chart_by_layer_holds_the_row_of_its_step(chart, quantity):
    made = MADE["instruments"]
    dots = line(draw(chart, made, step=20), "bn")
    assert dots.x.tolist() == [1, 2, 3]
    assert dots.y == pytest.approx(made.at(20)["bn"][quantity].mean(0), rel=1e-6)


@pytest.mark.parametrize(
    ("chart", "quantities"),
    [("statistics", ["test_accuracy", "accuracy_population", "accuracy_batch", "accuracy_small_batch"]),
     ("altered_inputs", ["test_accuracy", "accuracy_contrast", "accuracy_contrast_batch", "accuracy_brightness",
                         "accuracy_brightness_batch"])],
    ids=["statistics", "altered inputs"],
)  # fmt: skip
def test_a_dot_stands_for_each_word_at_its_step(chart, quantities):
    made = MADE["instruments"]
    dots = line(draw(chart, made, step=20), "bn")
    assert dots.y == pytest.approx([made.at(20)["bn"][quantity].mean() for quantity in quantities], rel=1e-6)


def test_a_box_around_a_dot_reaches_from_the_least_seed_to_the_greatest():
    made = MADE["instruments"]
    box = next(trace for trace in draw("statistics", made).data if trace.fill and trace.meta["arm"] == "bn")
    read = made.latest["bn"]["test_accuracy"]
    assert (min(box.y), max(box.y)) == pytest.approx((read.min(), read.max()), rel=1e-6)


@pytest.mark.parametrize("layer", [1, 3])
def test_the_growth_of_the_weights_is_that_of_the_chosen_layer(twin_history, layer):
    curve = line(draw("weight_growth", twin_history, layer=layer), "plain")
    expected = twin_history.series("plain", "weight_norm")[:, :, layer - 1].mean(1)
    assert curve.y == pytest.approx(expected, rel=1e-6)


def test_the_thin_line_beside_the_running_statistics_is_the_populations():
    made = MADE["instruments"]
    thin = draw("population", made).data[-1]
    assert thin.y == pytest.approx(made.series("bn", "accuracy_population").mean(1), rel=1e-6)


def test_a_promise_falls_by_one_a_step_and_the_outcome_is_counted_in_it():
    made = MADE["instruments"]
    traces = [trace for trace in draw("promise", made).data if trace.meta["arm"] == "bn"]
    between, promise, outcome, landed = (np.array([trace.x, trace.y], float) for trace in traces)
    assert promise[1, :3] == pytest.approx([0, -2, np.nan], nan_ok=True)
    first = next(iter(made))["bn"]
    kept = (first["loss_along"] - first["loss_along"][0]) / first["promised_decrease"][0]
    assert outcome[1, :21] == pytest.approx(kept) and landed[1, 0] == pytest.approx(kept[10])
    assert landed[0, 0] == pytest.approx(promise[0, 1] / 2)
    assert between[:, [0, 20, 21]] == pytest.approx(np.array([outcome[:, 0], outcome[:, 20], promise[:, 1]]).T)


def test_the_gradient_shift_begins_at_the_second_layer(twin_history):
    dots = line(charts.gradient_shift(twin_history), "plain")
    assert dots.x.tolist() == [2, 3]
    assert dots.y == pytest.approx(twin_history.latest["plain"]["gradient_shift"].mean(0)[1:], rel=1e-6)


def test_the_gradient_shift_of_a_deep_network_has_no_gap_where_no_layer_is_read():
    made = history(twins(depth=10, width=8), steps=20)
    dots = line(charts.gradient_shift(made), "bn")
    assert dots.x.tolist() == layers_moved(10) == [2, 3, 4, 5, 7, 8, 9, 10]
    read = [layer - 1 for layer in layers_moved(10)]
    assert dots.y == pytest.approx(made.latest["bn"]["gradient_shift"].mean(0)[read], rel=1e-6)


def test_dead_units_stand_beside_the_saturated_ones(twin_history):
    diamonds = [trace for trace in charts.saturation(twin_history).data if trace.marker.symbol == "diamond-open"]
    assert diamonds[1].y == pytest.approx(twin_history.latest["bn"]["dead_units"].mean(0), rel=1e-6)


def test_histograms_hold_every_share_of_every_layer(twin_history):
    outline = line(charts.input_histograms(twin_history), "bn")
    heights = np.array(outline.y, dtype=float).reshape(3, -1)
    shares = twin_history.latest["bn"]["pre_histogram"].mean(0)
    assert heights[:, 5:65] == pytest.approx(shares[:, 1:61], rel=1e-6)
    assert heights[:, 1] == pytest.approx(shares[:, 0]) and heights[:, -4] == pytest.approx(shares[:, -1])


def test_the_ghost_behind_a_histogram_is_step_0(twin_history):
    faint = next(trace for trace in charts.input_histograms(twin_history).data if trace.meta["arm"] == "bn")
    start = next(iter(twin_history))["bn"]["pre_histogram"].mean(0)
    assert np.array(faint.y, dtype=float).reshape(3, -1)[:, 5:65] == pytest.approx(start[:, 1:61], rel=1e-6)


def test_histograms_of_both_arms_lie_on_one_axis(twin_history):
    layout = charts.input_histograms(twin_history).layout
    assert layout.yaxis.range == layout.yaxis2.range and "xaxis2" not in layout.to_plotly_json()


def test_percentiles_follow_the_chosen_unit_of_the_first_seed(twin_history):
    median = line(charts.unit_percentiles(twin_history, layer=2, unit=5), "plain")
    assert median.y == pytest.approx(twin_history.series("plain", "unit_p50")[:, 0, 1, 4], rel=1e-6)


def test_percentiles_follow_the_last_layer_unless_told_otherwise(twin_history):
    median = line(charts.unit_percentiles(twin_history), "plain")
    assert median.y == pytest.approx(twin_history.series("plain", "unit_p50")[:, 0, 2, 0], rel=1e-6)


def test_percentiles_of_both_arms_have_the_same_axis(twin_history):
    layout = charts.unit_percentiles(twin_history).layout
    assert layout.yaxis.range == layout.yaxis2.range


def test_a_decision_map_holds_every_point():
    made = MADE["plane"]
    heat = charts.decision_boundary(made).data[0]
    assert np.array_equal(heat.z, made.latest["plain"]["decision"])


def test_a_decision_map_has_the_examples_of_each_class_in_its_colour():
    made = MADE["plane"]
    dots = [trace for trace in draw("decision", made).data if trace.type == "scatter" and trace.xaxis == "x"]
    assert [trace.marker.color for trace in dots] == list(CLASS_COLOURS["light"][:2])
    assert np.array_equal([[trace.x, trace.y] for trace in dots], made.latest["plain"]["points"])


def test_a_decision_boundary_of_many_features_is_refused_in_words(twin_history):
    with pytest.raises(ValueError, match="two features"):
        charts.decision_boundary(twin_history)


def test_every_filter_stands_above_its_feature_map_and_the_picture_before_them():
    made = MADE["convolution"]
    above, below = (np.array(trace.z, float) for trace in draw("filters", made).data[:2])
    read = made.latest["plain"]
    assert above.shape == (5, 7 * 5) and below.shape == (10, 7 * 10)
    assert np.isnan(above[:, :5]).all() and np.array_equal(below[::-1][1:9, 1:9], read["feature_maps"][0])
    assert np.array_equal(above[::-1][1:4, 6:9], read["filters"][0])
    assert np.array_equal(below[::-1][1:9, 61:69], read["feature_maps"][6])


def test_filters_of_a_network_that_has_none_are_refused_in_words(twin_history):
    with pytest.raises(ValueError, match="convolutional"):
        charts.filters_and_maps(twin_history)


def test_a_divergence_is_a_flag_on_the_curve_with_its_step():
    made = MADE["diverged"]
    flags = [trace for trace in charts.loss_curve(made).data if trace.meta.get("flag")]
    assert flags[0].x.tolist() == [20] and np.isnan(flags[1].x).all()
    assert flags[0].y == pytest.approx(made.at(20)["plain"]["train_loss"].mean(), rel=1e-6)


def test_arms_are_named_beside_their_lines(twin_history):
    notes = {note.text: note for note in charts.accuracy_curve(twin_history).layout.annotations}
    assert notes["BN"].font.color == "#0B6BB5" and notes["plain"].font.color == "#C2410C"
    assert notes["BN"].y == pytest.approx(twin_history.latest["bn"]["test_accuracy"].mean(), rel=1e-6)


def test_names_that_would_lie_on_each_other_are_moved_apart():
    figure = charts.loss_curve(history(many_arms(4), steps=0))
    notes = [note for note in figure.layout.annotations if note.yref == "y"]
    low, high = figure.layout.yaxis.range
    pixels = sorted(-174 * note.y / (high - low) - note.yshift for note in notes)
    assert len(notes) == 4 and min(np.diff(pixels)) >= 17


def test_a_name_that_is_out_of_the_crowds_way_stays_where_it_is():
    names = [{"y": value, "yref": "y"} for value in (1.0, 0.0, 0.0)]
    apart = _apart(names, {"height": 100, "margin": {"t": 0, "b": 0}, "yaxis": {"range": [0, 1]}})
    assert [round(name["yshift"]) for name in apart] == [0, 18, 0]


def test_templates_name_numbers_and_hold_none(twin_history):
    columns = Columns(twin_history.experiment)
    table = columns.table(twin_history) | columns.insides(twin_history, (1, 1))
    for chart in board(twin_history.experiment):
        for trace in chart["data"]:
            meta = trace["meta"].get("network", trace["meta"])
            numbers = next(meta[word] for word in ("z", "y", "upper", "answers") if word in meta)
            assert trace.get("y") in (None, [None]) and "z" not in trace and evaluate(numbers, table).size


def test_importing_the_charts_does_not_load_plotly():
    code = "import sys, bnviz.charts; bnviz.charts.board; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_chart_names_the_quantities_it_draws():
    assert quantities_drawn(twins(), ["loss"]) == {"train_loss", "diverged_at"}
    assert quantities_drawn(twins(), ["saturation", "histograms"]) == {"saturation", "dead_units", "pre_histogram"}


@pytest.mark.parametrize("name", [chart["name"] for chart in board(twins())])
def test_what_has_to_be_watched_bears_the_name_of_the_chart_that_draws_it(name):
    drawn = quantities_drawn(twins(), [name])
    assert {QUANTITIES[quantity].watch for quantity in drawn} <= {"", name}


@pytest.mark.parametrize("name", ["inputs_over_time", "units", "accuracy", "inside"])
def test_a_chart_of_what_was_never_read_is_refused_instead_of_saying_no_finite_value(name):
    run = Run(dataset="moons", depth=1, width=4, batch_size=20)
    bare = record(Experiment(arms={"plain": run}, seeds=[0]), steps=2, every=1, probes=False)
    with pytest.raises(ValueError, match="this history was recorded without probes"):
        draw(name, bare)
    assert draw("loss", bare).data


@pytest.mark.parametrize("chart", [charts.loss_curve, charts.units, charts.network, charts.inside])
def test_a_history_without_a_snapshot_says_that_there_is_none(chart):
    with pytest.raises((ValueError, IndexError), match="this history has no snapshot"):
        chart(History(Experiment(arms={"plain": Run()}, seeds=[0])))
