"""A sweep as curves: medians and ranges over the seeds, flags where some diverged, a ring at each arm's best."""

import pytest

from bnviz import Experiment, Run
from bnviz.charts import best_values, sweep_curve
from bnviz.charts.sweeps import field_title, looks_of
from bnviz.charts.theme import arm_looks
from bnviz.choices import ARMS
from bnviz.table import Table
from tests.charts.made_up_maps import made_up_sweep, table

ROWS = table(made_up_sweep())
ACCURACY = {0.1: 0.81, 0.3: 0.9 - 0.0522879 + 0.01, 1.0: 0.91, 3.0: 0.9 - 0.0477121 + 0.01}
"""The middle of three seeds."""


def traces(name, rows=ROWS, quantity="test_accuracy"):
    return [trace for trace in sweep_curve(rows, "learning_rate", quantity).data if trace.name == name]


def test_a_curve_is_the_median_over_the_seeds():
    (curve,) = traces("BN")
    assert dict(zip(curve.x, curve.y, strict=True)) == pytest.approx(ACCURACY, abs=1e-6)


def test_seeds_that_diverged_are_no_part_of_the_curve():
    (curve,) = traces("plain")
    assert list(curve.x) == [0.1, 0.3]


def test_a_flag_says_how_many_seeds_diverged_and_when():
    (flags,) = traces("plain diverged")
    assert list(flags.x) == [1, 3] and set(flags.customdata) == {"3 of 3 seeds diverged, step 7"}
    assert not traces("BN diverged")


def test_flags_stand_above_the_curves_and_inside_the_axis():
    drawn = sweep_curve(ROWS, "learning_rate")
    (flags,) = traces("plain diverged")
    assert all(1 < y < drawn.layout.yaxis.range[1] for y in flags.y)


def test_a_ring_marks_the_best_value_of_each_arm():
    plain, bn = traces("best of plain"), traces("best of BN")
    assert [*plain[0].x, *bn[0].x] == [0.3, 1.0]


def test_the_best_value_names_what_its_seeds_reached_and_what_is_as_good():
    rows = [["bn", seed, rate, accuracy + 0.02 * seed, None] for rate, accuracy in
            ((0.1, 0.5), (0.3, 0.89), (1.0, 0.9)) for seed in (0, 1)]  # fmt: skip
    (best,) = best_values(
        Table.of(("arm", "seed", "learning_rate", "test_accuracy", "diverged_at"), rows), "learning_rate",
        "test_accuracy",
    )  # fmt: skip
    assert (best.at, best.reached, best.as_good) == (1.0, (0.9, 0.92), (0.3,))
    assert best.middle == pytest.approx(0.91)


def test_of_a_loss_the_lowest_is_best():
    assert [best.at for best in best_values(ROWS, "learning_rate", "test_loss")] == [0.3, 1.0]


def test_an_arm_that_diverged_everywhere_has_no_best_value():
    rows = table(made_up_sweep((1.0, 3.0)))
    assert [best.arm for best in best_values(rows, "learning_rate", "test_accuracy")] == ["bn"]
    assert not traces("best of plain", rows)


def test_a_frame_gives_the_same_figure_as_the_table():
    drawn = (sweep_curve(rows, "learning_rate").to_json() for rows in (ROWS, ROWS.to_frame()))
    assert len(set(drawn)) == 1


def test_a_field_that_was_not_swept_and_no_rows_are_refused():
    with pytest.raises(ValueError, match="the rows have no 'depth'"):
        sweep_curve(ROWS, "depth")
    with pytest.raises(ValueError, match="no row yet"):
        sweep_curve(Table.of(ROWS.columns, []), "learning_rate")


def test_names_alone_give_arms_the_looks_of_their_experiment():
    arms = {arm: Run(normalization=kind) for arm, kind in {**ARMS, "bn_x5": "batch", "plain_x5": "none"}.items()}
    assert looks_of(list(arms)) == arm_looks(Experiment(arms=arms))


def test_names_that_say_nothing_give_as_many_looks_as_there_are_names():
    assert len(set(looks_of(list("abcdefgh")).values())) == 8


def test_an_axis_names_unit_and_scale():
    assert field_title("batch_size") == "batch size, examples, log" and field_title("depth") == "hidden layers"
