"""The picture of a network holds the weights and the answers that were read."""

import numpy as np
import pytest

from bnviz import charts
from bnviz.charts import CHARTS, board, drawn_from, watched
from bnviz.charts.networks import BINS, HIGH, network
from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.snapshot import History, Snapshot
from tests.charts.made_up import history, many_arms, snapshot, twins

SMALL = Experiment(arms={"bn": Run(depth=2, width=2)}, seeds=(0,))


def made_of(experiment, **readings):
    """A history of one step in which the only arm reads this."""
    seen, made = snapshot(experiment, 0), History(experiment)
    (arm,) = experiment.arms
    made.append(Snapshot(0, 0.0, {arm: {**seen[arm], **{name: np.array(v, np.uint8) for name, v in readings.items()}}}))
    return made


def lines(figure):
    """The lines of each sign, ``[negative, positive]``, a trace for every width: what is drawn first."""
    return [figure.data[sign : 2 * len(BINS) : 2] for sign in (0, 1)]


def test_a_weight_is_a_line_as_thick_as_it_is_large_in_the_hue_of_its_sign():
    weights = np.full(4 + 20, 127)
    weights[:4] = 254, 127 + 13, 127 - 70, 0  # of the largest: all, a tenth, minus 0.55, all the other way
    negative, positive = lines(charts.network(made_of(SMALL, network_weights=weights)))
    assert [len(trace.y) // 3 for trace in negative] == [0, 0, 1, 1]
    assert [len(trace.y) // 3 for trace in positive] == [0, 0, 0, 1]
    assert [trace.line.width for trace in positive] == [width for _, width, _ in BINS]
    rows = np.array([(10 - 2) / 2, (10 - 2) / 2 + 1])
    assert positive[3].y[:2] == pytest.approx(rows[[0, 0]]) and negative[2].y[:2] == pytest.approx(rows[[0, 1]])
    assert negative[3].y[:2] == pytest.approx(rows[[1, 1]]), "from the second unit to the second unit"


@pytest.mark.parametrize(("activation", "foot"), [("sigmoid", 0), ("tanh", 127), ("relu", 0), ("elu", 127)])
def test_bars_stand_where_the_answer_is_nothing_and_reach_as_high_as_it_is(activation, foot):
    experiment = Experiment(arms={"bn": SMALL.arms["bn"].replace(activation=activation)}, seeds=(0,))
    answers = np.zeros((4 + 10, 10))
    answers[0] = np.linspace(0, 252, 10)
    figure = charts.network(made_of(experiment, network_answers=answers.ravel()))
    inside = figure.data[-2]
    tops = np.array(inside.y[: 10 * 5 : 5])
    bottom = (10 - 2) / 2 + HIGH
    assert bottom - tops == pytest.approx(2 * HIGH * answers[0] / 254)
    assert bottom - np.array(inside.y[2 : 10 * 5 : 5]) == pytest.approx(2 * HIGH * foot / 254)


def test_in_the_plane_every_unit_is_a_map_that_begins_below():
    experiment = Experiment(arms={"plain": Run(dataset="moons", depth=1, width=2)}, seeds=(0,))
    maps = np.zeros((4, 10, 10))
    maps[1, 0, 9] = 254
    figure = charts.network(made_of(experiment, network_answers=maps.ravel()))
    drawn = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(drawn) == 2 + 2 + 2
    assert drawn[3].z[0][9] == 254 and drawn[3].y[0] > drawn[3].y[-1], "the axis of rows runs down"


def test_what_is_not_finite_is_not_drawn():
    unread = np.full(24, 255), np.full(140, 255)
    figure = charts.network(made_of(SMALL, network_weights=unread[0], network_answers=unread[1]))
    assert not any(len(trace.y) for sign in lines(figure) for trace in sign)


def test_the_caption_counts_units_that_answer_alike():
    answers = np.zeros((4 + 10, 10))
    answers[:3, 0] = 254
    figure = charts.network(made_of(SMALL, network_answers=answers.ravel()))
    words = "Shown units that answer (nearly) the same to every class, layer by layer: BN 0, 1 of 2."
    assert figure.layout.annotations[-1].text.replace("<br>", " ") == words


def test_layers_that_are_left_out_are_counted():
    words = [note["text"] for note in network(twins(depth=9))["layout"]["annotations"]]
    assert words.count("3 more") == 2 and words.count("7") == 2 + 2, "a layer's name and a class's in each network"


def test_arms_stand_two_by_two_on_one_scale():
    layout = network(many_arms(4))["layout"]
    assert layout["yaxis"]["domain"][1] == layout["yaxis2"]["domain"][1] > layout["yaxis3"]["domain"][1]
    assert layout["xaxis"]["range"] == layout["xaxis4"]["range"]


def test_other_networks_are_left_out_and_alone_have_no_picture():
    arms = {"plain": Run(), "filters": Run(network="cnn")}
    assert len(network(Experiment(arms=arms))["data"]) == 1
    alone = Experiment(arms={"filters": arms["filters"]})
    assert "network" not in [chart["name"] for chart in board(alone)]
    with pytest.raises(ValueError, match="network='mlp'"):
        network(alone)


def test_a_history_in_which_nobody_watched_has_no_picture_and_says_so():
    made = History(twins())
    seen = snapshot(twins(), 0)
    made.append(Snapshot(0, 0.0, {
        arm: {name: values for name, values in seen[arm].items() if not name.startswith("network")} for arm in seen.arms
    }))  # fmt: skip
    assert drawn_from(made, ["loss", "network"]) == ("loss",) and "network" not in drawn_from(made)
    with pytest.raises(ValueError, match="does not hold the network"):
        charts.network(made)


def test_whoever_sees_the_picture_watches_the_network():
    assert (watched(twins(), ["loss", "network"]), watched(twins(), ["loss"])) == (("network",), ())
    assert drawn_from(history(twins()), ["network"]) == ("network",)
    assert CHARTS["network"].shows(twins())
