"""How checks read a history: numbers that can be checked in the head."""

import numpy as np

from bnviz.experiment import Experiment
from bnviz.lessons import reading
from bnviz.run import Run
from bnviz.snapshot import History, Snapshot

TWINS = Experiment(arms={"plain": Run(depth=2), "bn": Run(depth=2, normalization="batch")}, seeds=(0, 1))


def history(**series):
    """Two arms, two seeds, one picture a step; ``arm_quantity=[one value or row a step]``, the same for both seeds."""
    made = History(TWINS)
    for step in range(len(next(iter(series.values())))):
        arms = {"plain": {}, "bn": {}}
        for name, values in series.items():
            arm, _, quantity = name.partition("_")
            arms[arm][quantity] = np.array([values[step]] * 2, dtype=float)
        made.append(Snapshot(step, 0.0, arms))
    return made


def test_a_value_is_read_at_the_step_or_at_the_end():
    made = history(plain_train_loss=[3, 2, 1])
    assert reading.value(made, "plain", "train_loss", 1).tolist() == [2, 2]
    assert reading.value(made, "plain", "train_loss").tolist() == [1, 1]


def test_layers_count_from_one_and_from_the_end():
    made = history(plain_gradient_norm=[[5, 7]])
    assert reading.value(made, "plain", "gradient_norm", layer=1)[0] == 5
    assert reading.value(made, "plain", "gradient_norm", layer=-1)[0] == 7


def test_the_accuracy_of_a_network_that_diverged_counts_as_nothing_right():
    assert reading.value(history(plain_test_accuracy=[np.nan]), "plain", "test_accuracy").tolist() == [0, 0]
    assert np.isnan(reading.value(history(plain_train_loss=[np.nan]), "plain", "train_loss")).all()


def test_the_mean_over_layers_leaves_out_layers_without_the_quantity():
    made = history(plain_gradient_shift=[[np.nan, 0.5]])
    assert reading.mean_over_layers(made, "plain", "gradient_shift").tolist() == [0.5, 0.5]
    nowhere = history(plain_gradient_shift=[[np.nan, np.nan]])
    assert np.isnan(reading.mean_over_layers(nowhere, "plain", "gradient_shift")).all()


def test_the_mean_over_time_takes_the_steps_asked_for():
    made = history(plain_train_loss=[9, 2, 4, 9])
    assert reading.over_time(made, "plain", "train_loss", 1, 2).tolist() == [3, 3]


def test_it_does_not_matter_to_the_mean_over_time_how_often_somebody_looked():
    made = History(TWINS)
    for step, loss in ((0, 9.0), (1, 5.0), (2, 5.0), (10, 1.0)):
        made.append(Snapshot(step, 0.0, {"plain": {"train_loss": np.array([loss, loss])}, "bn": {}}))
    assert reading.over_time(made, "plain", "train_loss", 1, 10).tolist() == [1.8, 1.8]


def test_the_first_step_at_an_accuracy_is_missing_where_it_was_never_reached():
    made = history(plain_test_accuracy=[0.1, 0.6, 0.8], bn_test_accuracy=[0.1, 0.2, 0.3])
    assert reading.first_step_at(made, "plain", 0.5).tolist() == [1, 1]
    assert np.isnan(reading.first_step_at(made, "bn", 0.5)).all()


def test_numbers_are_said_with_the_digits_that_count():
    assert reading.between(np.array([0.975, 0.985]), percent=True) == "98.0% (2 seeds, 97.5–98.5)"
    assert reading.between(np.array([1234.0])) == "1,234 (one seed)"
    assert reading.number(0.00004) == "4.0e-05"


def test_a_comparison_says_on_how_many_seeds_the_first_is_larger_and_by_how_much_on_average():
    made = history(plain_test_accuracy=[0.5], bn_test_accuracy=[0.5])
    made.latest["plain"]["test_accuracy"][:] = [0.85, 0.85]
    made.latest["bn"]["test_accuracy"][:] = [0.55, 0.55]
    finding = reading.compare(made, "plain", "bn", "test_accuracy", outcomes=("plain", "bn", "same"))
    assert finding.outcome == "plain"
    assert finding.sentence.endswith("The first is larger on 2 of 2 seeds; the mean difference is 30.0 points.")


def test_an_accuracy_that_is_met_exactly_is_reached():
    assert reading.first_step_at(history(plain_test_accuracy=[0.1, 0.5, 0.8]), "plain", 0.5).tolist() == [1, 1]


def test_points_come_with_their_standard_error():
    assert reading.points(np.array([0.01, 0.02, 0.03, 0.04])) == "+2.5 points (4 seeds, standard error 0.65)"
    assert reading.points(np.array([0.01])) == "+1.0 points (1 seed, no error bar)"
