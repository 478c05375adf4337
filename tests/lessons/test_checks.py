"""Checks of lessons 8, 9 and 12 on histories whose numbers were made up: each outcome follows from the numbers."""

import numpy as np
import pytest

from bnviz.lessons.told import (
    batch_size,
    covariate_shift,
    depth,
    learning_rates,
    reduced_shift,
    regularization,
    what_fails,
)
from bnviz.snapshot import History, Snapshot


def history(lesson, slug, steps, **readings):
    """A trial's history; ``arm__quantity=[one value or row a step]`` is the same for every seed."""
    trial = next(trial for trial in lesson.LESSON.trials if trial.slug == slug)
    made, seeds = History(trial.experiment), len(trial.experiment.seeds)
    for place, step in enumerate(steps):
        arms = {arm: {"diverged_at": np.full(seeds, np.nan)} for arm in trial.experiment.arms}
        for name, values in readings.items():
            arm, _, quantity = name.partition("__")
            arms[arm][quantity] = np.array([values[place]] * seeds, dtype=float)
        made.append(Snapshot(step, 0.0, arms))
    return made, trial


def by_size(**accuracy):
    plain = {f"plain_of_{size}__test_accuracy": [0.9] for size in (1, 2, 256)}
    bn = {f"{arm}__test_accuracy": [share] for arm, share in accuracy.items()}
    return history(batch_size, "how_small", [600], **plain, **bn)


@pytest.mark.parametrize(
    ("of_2", "of_4", "outcome"), [(0.3, 0.95, "4"), (0.3, 0.4, "8"), (0.95, 0.95, "2"), (0.95, 0.3, "8")]
)
def test_the_smallest_size_is_the_last_before_the_accuracy_falls(of_2, of_4, outcome):
    made, trial = by_size(bn_of_2=of_2, bn_of_4=of_4, bn_of_8=0.96, bn_of_16=0.97, bn_of_256=0.97)
    assert trial.check(made).outcome == outcome


def test_one_example_under_bn_is_refused_with_a_sentence():
    assert batch_size.refusal(normalization="batch", batch_size=1).startswith("batch_size was 1; allowed")
    assert not batch_size.refusal(normalization="layer", batch_size=1)


def test_the_sentence_says_what_is_left_with_one_example():
    shares = {"layer_of_1": 0.5, "group_of_1": 0.25}
    others = [f"{kind}_of_{size}" for kind in ("bn", "layer", "group") for size in (2, 64)]
    readings = {f"{arm}__test_accuracy": [shares.get(arm, 0.9)] for arm in (*shares, *others)}
    made, trial = history(batch_size, "other_norms", [600], **readings)
    alone = "With one example: layer of 1 50.0% (8 seeds, 50.0–50.0), group of 1 25.0% (8 seeds, 25.0–25.0)."
    assert trial.check(made).sentence.endswith(alone)


def test_shuffling_that_helps_both_alike_is_not_bn_s():
    gains = {"plain": 0.75, "plain_fixed": 0.5, "bn": 1.0, "bn_fixed": 0.75}
    made, trial = history(batch_size, "shuffling", [600], **{f"{a}__test_accuracy": [y] for a, y in gains.items()})
    assert trial.check(made).outcome == "both"


def memory(noise, plain, bn):
    """What two networks know of their training examples, of which this share has a label drawn at random."""
    known = {"plain__train_accuracy": [plain], "bn__train_accuracy": [bn]}
    right = {f"{arm}__test_accuracy": [0.9] for arm in ("plain", "bn")}
    made, trial = history(regularization, "wrong_labels", [800], **known, **right)
    made.experiment = trial.experiment.replace(label_noise=noise)
    return trial.check(made)


def test_labels_are_learned_by_heart_where_the_seeds_agree_on_it():
    readings = {f"{arm}__{name}": [0.9] for arm in ("plain", "bn") for name in ("train_accuracy", "test_accuracy")}
    made, trial = history(regularization, "wrong_labels", [800], **readings)
    made.latest["bn"]["train_accuracy"][1:5] = 0.5
    assert trial.check(made).outcome == "undecided"


@pytest.mark.parametrize(("noise", "outcome"), [(0.4, "learned"), (0.05, "as_many")])
def test_who_ignores_every_wrong_label_has_learned_none(noise, outcome):
    """Of 5% drawn at random one in ten is right: a network that knows the other 95.5% repeats no wrong one for sure."""
    assert memory(noise, plain=0.955, bn=0.97).outcome == outcome


def test_without_wrong_labels_there_are_none_to_learn():
    found = memory(0.0, plain=1.0, bn=1.0)
    assert found.outcome == "undecided" and "No label is wrong here" in found.sentence


def test_a_network_that_diverged_has_no_unit_left_that_learns():
    readings = {"plain__dead_units": [[0.3, 0.3]], "bn__dead_units": [[0.0, 0.0]]}
    made, trial = history(covariate_shift, "fire_brigade", [400], **readings)
    made.latest["plain"]["dead_units"][:4] = np.nan
    made.latest["plain"]["diverged_at"][:4] = 20.0
    found = trial.check(made)
    assert found.rows[0].values[:5] == (1.0, 1.0, 1.0, 1.0, 0.3)
    assert "Networks that diverged: 4 of 10 plain; all of their units count." in found.sentence


def test_who_is_far_behind_is_not_ahead():
    shifts = {f"{arm}__{name}": [[each]] * 2 for arm, each in (("plain", 2.0), ("bn", 1.0))
              for name in ("gradient_shift", "distribution_shift")}  # fmt: skip
    made, trial = history(
        reduced_shift, "hot", [0, 60], plain__test_accuracy=[0.1, 0.9], bn__test_accuracy=[0.1, 0.4], **shifts
    )
    assert trial.check(made).outcome == "less_level"


def test_not_shown_to_cost_is_not_told_as_costs_nothing():
    readings = {f"{arm}__test_accuracy": [0.1, 0.9] for arm in ("plain", "bn", "noisy")}
    readings |= {f"{arm}__distribution_shift": [[1.0], [1.0]] for arm in ("plain", "bn", "noisy")}
    made, trial = history(reduced_shift, "noisy_relu", [0, 200], **readings)
    made.latest["noisy"]["test_accuracy"][:] = 0.879 + 0.1 * np.resize([-1.0, 1.0], 16)
    assert trial.check(made).outcome == "undecided"


def test_weights_half_as_long_have_four_times_the_effective_rate():
    readings = {
        "bn__weight_norm": [[9, 4, 9], [9, 4, 9]], "bn_decay__weight_norm": [[9, 4, 9], [9, 2, 9]],
        "bn__test_accuracy": [0, 1], "bn_decay__test_accuracy": [0, 1],
    }  # fmt: skip
    made, trial = history(regularization, "decay", [0, 1000], **readings)
    finding = trial.check(made)
    assert finding.outcome == "rises"
    assert finding.rows[1].values == pytest.approx([4] * 5)


@pytest.mark.parametrize(("noisy", "words"), [(0.4, "50 points below BN"), (0.95, "5 points above BN")])
def test_the_sentence_says_on_which_side_of_bn_the_noise_ends(noisy, words):
    shares = {"plain": 0.9, "bn": 0.9, "noisy": noisy}
    readings = {f"{arm}__test_accuracy": [0.1, share] for arm, share in shares.items()}
    readings |= {f"{arm}__distribution_shift": [[1.0], [1.0]] for arm in shares}
    made, trial = history(reduced_shift, "noisy_sigmoid", [0, 400], **readings)
    assert f"Noisy BN lies {words} on average" in trial.check(made).sentence


@pytest.mark.parametrize(("again", "outcome"), [(0.85, "shift"), (0.72, "dropout")])
def test_what_new_statistics_give_back_is_the_shift_s_part(again, outcome):
    arms = {"bn": (0.9, 0.9), "bn_drop_30": (0.9, 0.9), "bn_drop_50": (0.7, again), "bn_drop_70": (0.2, 0.5)}
    readings = {f"{arm}__{name}": [values[place]] for arm, values in arms.items()
                for place, name in enumerate(("test_accuracy", "accuracy_population"))}  # fmt: skip
    made, trial = history(regularization, "cost_of_the_shift", [500], **readings)
    assert trial.check(made).outcome == outcome


def test_a_rate_that_reaches_the_base_on_some_seeds_alone_is_not_faster():
    arms = ("plain", "plain_x5", "plain_x30", "bn", "bn_x5", "bn_x30")
    made, trial = history(
        learning_rates, "table", [0, 100, 1000], **{f"{arm}__test_accuracy": [0.1, 0.9, 0.9] for arm in arms}
    )
    for seen in made:
        seen["bn_x30"]["test_accuracy"][0] = 0.1
    assert trial.check(made).outcome == "undecided"


@pytest.mark.parametrize(("late_loss", "outcome"), [(0.7, "drift"), (0.1, "learns")])
def test_biases_that_grow_while_the_loss_stands_are_a_drift(late_loss, outcome):
    readings = {
        "detached__bias_norm": [[1, 1, 1], [5, 5, 5]], "detached__train_loss": [0.7, late_loss],
        "bn__train_loss": [0.1, 0.01], "bn__test_accuracy": [0.9, 0.9], "detached__test_accuracy": [0.9, 0.7],
    }  # fmt: skip
    made, trial = history(what_fails, "detached", [200, 800], **readings)
    assert trial.check(made).outcome == outcome


def test_of_a_single_layer_no_second_one_is_asked_for():
    trial = next(trial for trial in depth.LESSON.trials if trial.slug == "vanishing")
    made = History(trial.experiment.replace(depth=1))
    own = {"gradient_norm": np.array([[0.5]] * 5), "diverged_at": np.full(5, np.nan)}
    readings = dict.fromkeys(made.experiment.arms, own)
    made.append(Snapshot(0, 0.0, readings))
    found = trial.check(made)
    assert found.outcome == "neither" and "gradient of layer 1 over that of the last hidden layer" in found.sentence
