"""Histories: bounded, evenly thinned, tidy as a table, and the same after a round trip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.snapshot import Event, History, Snapshot

EXPERIMENT = Experiment(arms={"plain": Run(depth=3)}, seeds=[3, 4])


def snapshot(step):
    readings = {
        "train_loss": np.array([step, step + 0.5]),
        "pre_mean": np.arange(6.0).reshape(2, 3) + step,
        "pre_histogram": np.zeros((2, 3, 62), np.float32),
    }
    return Snapshot(step, step / 10, {"plain": readings})


def history(steps, capacity=600):
    seen = History(EXPERIMENT, capacity)
    for step in steps:
        seen.append(snapshot(step))
    return seen


@given(st.integers(2, 40), st.integers(1, 300))
def test_memory_is_bounded_and_the_newest_and_the_first_are_always_there(capacity, count):
    seen = history(range(count), capacity)
    assert len(seen) <= capacity + 1
    assert seen.steps[0] == 0 and seen.latest.step == count - 1


@given(st.integers(2, 40), st.integers(3, 300))
def test_what_is_kept_is_evenly_spaced_but_for_the_newest(capacity, count):
    gaps = np.diff(history(range(count), capacity).steps[:-1])
    assert len(set(gaps)) <= 1


def test_a_step_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="step 5 came after step 5"):
        history([0, 5, 5])


def test_as_many_as_there_is_room_for_are_all_kept():
    assert history(range(10), capacity=10).steps.tolist() == list(range(10))
    assert history(range(11), capacity=10).steps.tolist() == [0, 2, 4, 6, 8, 10]


def test_a_history_of_one_snapshot_is_refused():
    with pytest.raises(ValueError, match="capacity was 1; allowed is 2 or more"):
        History(EXPERIMENT, 1)


def test_before_the_first_snapshot_stands_the_first():
    assert history([10, 20]).at(3).step == 10


def test_since_and_at_find_snapshots_by_step():
    seen = history([0, 10, 20, 30])
    assert [s.step for s in seen.since(10)] == [20, 30]
    assert [seen.at(step).step for step in (0, 9, 10, 25, 99)] == [0, 0, 10, 20, 30]


def test_the_table_has_one_row_a_value_and_an_empty_layer_for_the_whole_network():
    frame = history([0, 10]).to_frame()
    assert list(frame.columns) == ["arm", "seed", "step", "layer", "quantity", "value"]
    whole = frame[frame.quantity == "train_loss"]
    assert whole.layer.isna().all() and list(whole.value) == [0.0, 0.5, 10.0, 10.5]
    layer_two_of_seed_four = frame.query("quantity == 'pre_mean' and layer == 2 and seed == 4 and step == 10")
    assert list(layer_two_of_seed_four.value) == [14.0]


def test_an_empty_history_is_an_empty_table():
    assert len(History(EXPERIMENT).to_frame()) == 0


def test_a_saved_history_comes_back_whole():
    seen = history([0, 10, 20])
    seen.events.append(Event(10, "learning rate 0.1"))
    back = History.from_bytes(seen.to_bytes())
    assert back.experiment == EXPERIMENT and back.events == seen.events
    assert [s.epoch for s in back] == [0, 1, 2]
    np.testing.assert_array_equal(back.series("plain", "pre_mean"), seen.series("plain", "pre_mean"))


def test_a_history_knows_the_changes_of_its_experiment():
    arms = {"plain": Run(), "bn": Run(normalization="batch")}
    turned = Experiment(arms=arms, changes=[(9, 1.0), (20, 0.1, "bn")])
    words = [Event(9, "learning rate set to 1"), Event(20, "learning rate of BN set to 0.1")]
    assert History(turned).events == words


@given(st.integers(0, 2000))
def test_a_damaged_file_is_refused_in_one_sentence(cut):
    data = history([0, 10]).to_bytes()
    with pytest.raises(ValueError, match="not a recorded history"):
        History.from_bytes(data[: min(cut, len(data) - 1)])
