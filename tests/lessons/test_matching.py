"""What is compared at equal loss: only snapshots whose losses agree, once both networks have learned."""

import numpy as np
import pytest

from bnviz import Experiment, History, Run
from bnviz.lessons.matching import at_equal_loss, largest, typical, walk_at_loss
from bnviz.snapshot import Snapshot


def history(plain, bn, steps=range(0, 100, 10)):
    """One seed; each arm a list of (training loss, smoothness), the first of them at step 0."""
    arms = {"plain": Run(), "bn": Run(normalization="batch")}
    made = History(Experiment(arms=arms, seeds=(0,)))
    for step, readings in zip(steps, zip(plain, bn, strict=True), strict=False):
        made.append(Snapshot(step, 0.0, {
            arm: {"train_loss": np.array([loss]), "effective_smoothness": np.array([smoothness])}
            for arm, (loss, smoothness) in zip(arms, readings, strict=True)
        }))  # fmt: skip
    return made


def matched(plain, bn):
    return [values[0] for values in at_equal_loss(history(plain, bn), "effective_smoothness")]


def test_each_plain_snapshot_meets_the_one_of_bn_with_its_loss():
    assert matched([(2, 0), (0.8, 5), (0.4, 7)], [(2, 0), (0.4, 1), (0.8, 3)]) == [6, 2]


def test_losses_that_differ_by_more_than_a_fifth_are_not_equal():
    assert matched([(2, 0), (0.8, 5), (0.4, 7)], [(2, 0), (0.45, 1), (0.1, 3)]) == [7, 1]


def test_it_does_not_matter_which_network_is_called_plain():
    one, other = [(2, 0), (0.8, 5), (0.4, 7), (0.39, 9)], [(2, 0), (0.45, 1), (0.44, 2), (0.0, 3)]
    assert matched(one, other) == matched(other, one)[::-1]


def test_a_plateau_is_left_out():
    assert matched([(2, 0), (2.3, 5), (0.4, 7)], [(2, 0), (2.3, 9), (0.4, 3)]) == [7, 3]


def test_networks_before_their_first_step_are_left_out():
    assert matched([(0.5, 99), (0.5, 1)], [(0.5, 99), (0.5, 2)]) == [1, 2]


def test_without_a_common_loss_there_is_no_number():
    assert np.isnan(matched([(2, 0), (0.8, 5)], [(2, 0), (0.1, 3)])).all()


@pytest.mark.parametrize("gone", [(np.nan, np.nan), (np.inf, np.nan)])
def test_a_network_that_diverged_meets_nobody(gone):
    assert np.isnan(matched([(2, 0), gone], [(2, 0), (0.1, 3)])).all()


def test_a_typical_value_is_the_median_after_step_0_up_to_a_step():
    made = history([(2, 50), (1, 3), (1, 4), (1, 8), (1, 99)], 5 * [(1, 1)])
    assert typical(made, "plain", "effective_smoothness", 30) == [4]


def test_a_value_that_was_not_read_is_left_out_of_the_median():
    made = history([(2, 50), (1, 3), (1, np.nan), (1, np.inf)], 4 * [(1, 1)])
    assert typical(made, "plain", "effective_smoothness", 30) == [3]


def test_a_snapshot_stands_for_the_steps_since_the_one_before():
    made = history([(2, 50), (1, 3), (1, 4), (1, 8)], 4 * [(1, 1)], steps=(0, 1, 2, 100))
    assert typical(made, "plain", "effective_smoothness", 100) == [8]


def test_where_nothing_is_finite_there_is_no_typical_value():
    made = history([(2, 50), (1, np.nan)], 2 * [(1, 1)])
    assert np.isnan(typical(made, "plain", "effective_smoothness", 30)).all()


def test_the_largest_value_is_that_of_all_looks_up_to_a_step_that_are_finite():
    made = history([(2, 5), (1, 3), (1, np.inf), (1, 4), (1, 99)], 5 * [(1, 1)])
    assert largest(made, "plain", "effective_smoothness", 30) == [5]


def test_a_match_in_which_bn_has_no_reading_is_left_out():
    assert matched([(2, 0), (0.8, 5), (0.4, 7)], [(2, 0), (0.8, np.nan), (0.4, 1)]) == [7, 1]


def test_a_walk_begins_where_the_first_seed_has_nearly_this_loss():
    made = History(Experiment(arms={"bn": Run(normalization="batch")}, seeds=(0,)))
    for step, loss in ((0, 2.0), (10, 0.9), (20, np.nan), (30, 0.55)):
        made.append(Snapshot(step, 0.0, {"bn": {"loss_along": np.array([loss, 0.0])}}))
    assert [walk_at_loss(made, "bn", loss) for loss in (2.1, 1.0, 0.5, 0.7, 0.1)] == [0, 10, 30, None, None]
