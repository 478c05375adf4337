"""A snapshot becomes a row of named numbers, and the row comes back from its bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.charts.columns import BINS, Columns, percentile, shown_layers
from bnviz.quantities import HISTOGRAM_EDGES, QUANTITIES
from bnviz.snapshot import Snapshot
from tests.charts.made_up import history, many_arms, snapshot, twins


def changed(seen, arm, **readings):
    return Snapshot(seen.step, seen.epoch, {**seen.arms, arm: {**seen[arm], **readings}})


def test_the_mean_low_and_high_are_over_the_seeds():
    experiment = twins()
    row = Columns(experiment).row(changed(snapshot(experiment, 0), "bn", train_loss=np.array([1.0, 2.0, 6.0])))
    assert [row[f"bn.train_loss.{part}"][0] for part in ("mean", "low", "high")] == [3, 1, 6]


def test_a_seed_that_diverged_is_left_out_of_the_mean():
    experiment = twins()
    seen = changed(snapshot(experiment, 0), "bn", train_loss=np.array([1.0, np.nan, np.inf]))
    assert Columns(experiment).row(seen)["bn.train_loss.high"][0] == 1


def test_where_every_seed_diverged_there_is_no_number():
    experiment = twins()
    row = Columns(experiment).row(snapshot(experiment, 0, diverged="bn"))
    assert np.isnan(row["bn.train_loss.mean"]).all() and np.isnan(row["bn.pre_histogram"]).all()


def test_the_first_divergence_and_how_many_there_were_are_kept():
    experiment = twins()
    seen = changed(snapshot(experiment, 50), "plain", diverged_at=np.array([40, np.nan, 30]))
    row = Columns(experiment).row(seen)
    assert (row["plain.diverged_at"][0], row["plain.diverged"][0]) == (30, 2)
    assert np.isnan(row["bn.diverged_at"][0])


def test_a_histogram_keeps_its_mass():
    experiment = twins()
    shares = Columns(experiment).row(snapshot(experiment, 0))["bn.pre_histogram"].reshape(-1, BINS)
    assert shares.sum(1) == pytest.approx(np.ones(3), abs=1e-5)


def test_the_middle_of_a_histogram_is_that_of_its_inputs():
    inputs = np.random.default_rng(0).normal(1.0, 2.0, 100_000)
    counts, _ = np.histogram(inputs, [-np.inf, *HISTOGRAM_EDGES, np.inf])
    for share in (0.15, 0.5, 0.85):
        assert percentile(counts[None] / len(inputs), share) == pytest.approx(np.quantile(inputs, share), abs=0.02)


def test_in_a_bin_inputs_are_spread_evenly_and_beyond_six_they_count_as_six():
    shares = np.zeros((1, BINS))
    shares[:, [31, -1]] = 0.5  # half from 0 to 0.2, half beyond 6
    assert [percentile(shares, share)[0] for share in (0.15, 0.85)] == pytest.approx([0.06, 6])


def test_a_network_that_became_infinite_has_no_middle():
    assert np.isnan(percentile(np.full((1, BINS), np.nan), 0.5))


def test_dead_units_of_the_first_seed_are_marked_and_counted_layer_by_layer():
    experiment, dead = twins(width=4), np.zeros((3, 3, 4))
    dead[0, 1, [0, 2]] = dead[1] = 1
    row = Columns(experiment).row(changed(snapshot(experiment, 0), "bn", unit_dead=dead))
    assert row["bn.unit_dead"].tolist() == [0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    assert row["bn.unit_dead.count"].tolist() == [0, 2, 0]


@pytest.mark.parametrize("experiment", [twins(), twins(dataset="moons", width=4), many_arms(8, depth=7)], ids=repr)
def test_a_row_comes_back_from_its_bytes(experiment):
    columns, seen = Columns(experiment), snapshot(experiment, 30)
    packed, start = columns.pack(seen), 0
    assert len(packed) % 4 == 0
    for spec in columns.specs:
        values = np.frombuffer(packed, {"f4": "<f4", "u1": "u1"}[spec.dtype], spec.length, start)
        assert np.array_equal(values, columns.row(seen)[spec.name], equal_nan=True), spec.name
        start += values.nbytes


def test_what_was_not_read_is_not_a_number():
    experiment = twins()
    row = Columns(experiment).row(Snapshot(0, 0.0, {arm: {} for arm in experiment.arms}))
    assert np.isnan(row["bn.gradient_norm.mean"]).all() and (row["bn.unit_dead"] == 255).all()


def test_what_an_instrument_reads_travels_only_where_it_is_asked_for():
    columns = [{column.name for column in Columns(twins().replace(instruments=asked)).specs}
               for asked in ((), ("landscape",))]
    assert {name.split(".")[1] for name in columns[1] - columns[0]} == {
        quantity for quantity, words in QUANTITIES.items() if words.instrument == "landscape"
    }


def test_a_reading_of_the_wrong_size_is_refused_by_name():
    experiment = twins()
    with pytest.raises(ValueError, match=r"bn\.test_loss\.mean had 2 numbers"):
        Columns(experiment).row(changed(snapshot(experiment, 0), "bn", test_loss=np.zeros((3, 2))))


def unwatched(seen):
    return Snapshot(seen.step, seen.epoch, {
        arm: {name: values for name, values in readings.items() if not QUANTITIES[name].watch}
        for arm, readings in seen.arms.items()
    })  # fmt: skip


def test_a_row_of_the_first_figure_is_small_and_what_nobody_watches_takes_no_byte_of_it():
    columns, seen = Columns(twins(range(5))), snapshot(twins(range(5)), 0)
    assert [columns.watched(each) for each in (seen, unwatched(seen))] == [["network"], []]
    packed, shorter = columns.pack(seen), columns.pack(unwatched(seen))
    assert len(shorter) < 6000 and len(packed) < 8000
    bare = sum(len(columns.row(seen)[spec.name].tobytes()) for spec in columns.specs if not spec.watch)
    assert packed[:bare] == shorter[:bare] and len(shorter) - bare < 4


def test_units_whose_answers_differ_by_less_than_a_twentieth_of_their_range_are_counted_layer_by_layer():
    experiment = twins(width=3)
    answers = np.zeros((3 * 3 + 10, 10), np.uint8)
    answers[[0, 1, 3], 4] = 12, 13, 254  # of 254 levels a twentieth is 12.7
    answers[8, 0] = 255
    seen = changed(snapshot(experiment, 0), "bn", network_answers=answers.ravel())
    assert Columns(experiment).row(seen)["bn.network_alike"].tolist() == [2, 2, 255]


def test_a_table_has_one_row_a_snapshot():
    made = history(twins())
    assert Columns(made.experiment).table(made)["step"][:, 0].tolist() == made.steps.tolist()


@given(st.integers(1, 50))
def test_at_most_six_layers_are_shown_the_first_and_the_last_among_them(depth):
    layers = shown_layers(depth)
    assert layers[0] == 1 and layers[-1] == depth and len(layers) == min(depth, 6)
    assert layers == sorted(set(layers))
