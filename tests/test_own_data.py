"""Arrays of one's own become a data set that networks learn from, standardized, and are refused in a sentence."""

import numpy as np
import pandas
import pytest
import torch

import bnviz
from bnviz import own_data
from bnviz.experiment import MOST_ARMS
from bnviz.fields import InvalidChoice
from bnviz.own_data import MOST_TAKEN, arrays_of, body_at_hand, dataset_from, prepared, take
from bnviz.own_words import EXTENT, own_set

X = np.random.default_rng(0).normal([3.0, -1.0, 0.0], [2.0, 0.1, 1.0], (40, 3))
Y = np.array(["no", "yes"])[(X[:, 0] > 3).astype(int)]


def test_every_column_has_mean_zero_and_deviation_one_and_classes_are_numbers_in_order():
    arrays = arrays_of(dataset_from(X, Y, name="mine"))
    assert np.allclose(arrays.x.mean(0), 0, atol=1e-6) and np.allclose(arrays.x.std(0), 1, atol=1e-6)
    assert arrays.y.tolist() == (Y == "yes").tolist() and arrays.about["classes"] == ["no", "yes"]


def test_the_numbers_of_the_columns_are_told():
    about = arrays_of(dataset_from(X, Y)).about
    assert about["means"] == pytest.approx(X.mean(0)) and about["deviations"] == pytest.approx(X.std(0))


def test_a_column_that_never_changes_is_zero():
    assert not arrays_of(dataset_from(np.c_[X, np.full(40, 7.0)], Y)).x[:, 3].any()


@pytest.mark.parametrize("value", [0.1, 1e-3, 1 / 3])
def test_a_column_whose_one_value_cannot_be_summed_exactly_is_zero_too(value):
    arrays = arrays_of(dataset_from(np.c_[X, np.full(40, value)], Y))
    assert not arrays.x[:, 3].any() and arrays.about["means"][3] == value and arrays.about["deviations"][3] == 0


def test_tensors_that_remember_how_they_were_made_are_arrays():
    assert dataset_from(torch.tensor(X, requires_grad=True), Y) == dataset_from(X, Y)


def test_equal_arrays_have_one_word_and_others_another():
    assert dataset_from(X, Y) == dataset_from(X.copy(), Y) != dataset_from(X + np.eye(40, 3), Y)


def test_points_in_the_plane_fit_into_its_frame_and_ride_in_the_word():
    own = own_set(dataset_from(X[:, :2], Y))
    assert own.rides and np.abs(arrays_of(own.word).x).max() == pytest.approx(EXTENT, abs=2e-3)
    assert not own_set(dataset_from(np.tile(X[:, :2], (11, 1)), np.tile(Y, 11))).rides


def test_what_is_not_to_be_standardized_stays():
    assert np.array_equal(arrays_of(dataset_from(X, Y, standardize=False)).x, X.astype(np.float32))


def test_networks_learn_from_it():
    run = bnviz.Run(dataset=bnviz.dataset_from(X, Y, name="mine"), depth=1, width=16, batch_size=16, learning_rate=1.0)
    latest = bnviz.record(bnviz.Experiment(arms={"plain": run}, seeds=[0]), steps=200, every=200).latest
    assert latest["plain"]["train_loss"] < 0.3 and latest["plain"]["test_accuracy"] > 0.6


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (X[:9], Y[:9], "There were 9 examples; allowed are 10 to"),
        (X, np.zeros(40), "There was one class"),
        (X, np.arange(40), "There were 40 classes; allowed are 2 to 10"),
        (X, Y[:39], r"x had the shape \(40, 3\) and y \(39,\)"),
        (np.where(X > 5, np.nan, X), Y, r"example \d+ had nan as feature 1; allowed are finite numbers"),
        ([["a", "b"]] * 40, Y, "allowed are numbers"),
        (X + 1j, Y, "x held something else than numbers"),
        (np.ma.masked_greater(X, 5), Y, r"example \d+ had nan as feature 1; allowed are finite numbers"),
        (X * 1e300, Y, r"example 1 had \S+e\+300 as feature 1; allowed are numbers up to 1e\+30"),
        (X, [None, *Y[1:]], "example 1 had no label in y; allowed is one for every example"),
        (X, np.where(np.arange(40) == 3, np.nan, np.arange(40) % 2), "example 4 had no label in y"),
        (X, np.ma.masked_array(Y, np.arange(40) == 3), "example 4 had no label in y"),
        (X, [pandas.NA, *Y[1:]], "example 1 had no label in y"),
        (X, np.array([1, *Y[1:]], object), "y held labels that cannot be put in order.*allowed are numbers alone or"),
        (X, [[0, 1], *Y[1:]], "y held something else than labels"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(x, y, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        dataset_from(x, y)


@pytest.fixture
def elsewhere(monkeypatch):
    """A process that has made nothing."""
    monkeypatch.setattr(own_data, "_made", {})


def test_what_is_not_at_hand_is_gone_and_what_was_taken_is_at_hand(elsewhere):
    made = prepared(X, (Y == "yes").astype(int), "mine", {})
    with pytest.raises(InvalidChoice, match=r"The data set mine, 40 x 3, is not kept here.*load the same file again"):
        arrays_of(made.word)
    take(made.word, made.body)
    assert arrays_of(made.word).x.shape == (40, 3)


def test_bytes_of_another_set_are_not_taken(elsewhere):
    one, two = (prepared(X + shift, (Y == "yes").astype(int), "mine", {}) for shift in (0, np.eye(40, 3)))
    with pytest.raises(ValueError, match="another data set's"):
        take(one.word, two.body)


def test_the_sets_of_all_arms_are_kept():
    assert MOST_TAKEN >= MOST_ARMS


def test_few_sets_from_elsewhere_are_kept(elsewhere):
    moved = (X + place * np.eye(40, 3) for place in range(MOST_TAKEN + 1))
    made = [prepared(x, (Y == "yes").astype(int), "mine", {}) for x in moved]
    for each in made:
        take(each.word, each.body)
    assert body_at_hand(made[0].word) is None and body_at_hand(made[-1].word) == made[-1].body


@pytest.mark.parametrize("name", [None, 5, b"iris"])
def test_a_name_that_is_no_text_is_refused(name):
    with pytest.raises(InvalidChoice, match=r"name was .*; allowed is a text"):
        dataset_from(X, Y, name=name)
