"""Captions say what the numbers carry, and no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import floats, integers, just

from bnviz.experiment import Experiment
from bnviz.lessons.caption import caption
from bnviz.lessons.judging import versus
from bnviz.lessons.presets import SUGGESTIONS
from bnviz.run import Run
from bnviz.snapshot import Snapshot

NEVER = [np.nan] * 2
ARMS = {"plain": Run(), "bn": Run(normalization="batch")}


def said(step, plain, bn, plain_diverged=NEVER, arms=ARMS):
    seeds = range(len(plain))
    readings = {
        "plain": {"test_accuracy": np.array(plain), "diverged_at": np.array(plain_diverged)},
        "bn": {"test_accuracy": np.array(bn), "diverged_at": np.array([np.nan] * len(bn))},
    }
    return caption(Experiment(arms=arms, seeds=seeds), Snapshot(step, 0.0, readings))


def test_a_caption_names_the_mean_and_the_range_over_seeds():
    assert said(1240, [0.95, 0.96], [0.98, 0.99]).startswith(
        "After 1,240 steps: plain 95.5% (2 seeds, 95.0–96.0), BN 98.5% (98.0–99.0) right."
    )


@pytest.mark.parametrize(
    ("bn", "sentence"),
    [
        ([0.97, 0.98, 0.99, 0.98, 0.98], "BN is ahead, by 5.0 points on average."),
        ([0.93, 0.931, 0.93, 0.929, 0.93], "Level, within a point."),
        ([0.93, 0.98, 0.99, 0.90, 0.98], "The seeds do not tell who is ahead."),
        ([0.83, 0.82, 0.84, 0.83, 0.83], "Plain is ahead, by 10.0 points on average."),
    ],
)
def test_arms_are_compared_as_in_a_verdict(bn, sentence):
    assert said(100, [0.93] * 5, bn, [np.nan] * 5).endswith(sentence)


def left(step, **dead):
    experiment = next(each for each in SUGGESTIONS if each.stop == 300).experiment.replace(seeds=(0, 1))
    layers = {"test_accuracy": np.array([0.1, 0.1]), "diverged_at": np.array(NEVER)}
    readings = {arm: {**layers, "dead_units": np.array(shares)} for arm, shares in dead.items()}
    return caption(experiment, Snapshot(step, 0.0, readings))


def test_where_a_suggestion_asks_what_is_left_the_dead_units_of_all_layers_are_told():
    dead = {"plain": [[0.6, 0.8], [0.8, 1.0]], "bn": [[0.0, 0.0], [0.0, 0.0]]}
    assert left(300, **dead).endswith("Dead units: plain 80.0% (70.0–90.0), BN 0.0% (0.0–0.0).")
    assert "Dead" not in left(299, **dead)


def test_of_networks_that_diverged_no_dead_units_are_told():
    lost = [[np.nan] * 2] * 2
    assert left(300, plain=lost, bn=[[0.0, 0.5], [0.5, 0.5]]).endswith("Dead units: BN 37.5% (25.0–50.0).")
    assert "Dead" not in left(300, plain=lost, bn=lost)


@given(arrays(float, (2, 5), elements=floats(0.0, 1.0)))
def test_the_sentence_above_the_charts_and_a_verdict_never_disagree(accuracies):
    plain, bn = accuracies
    sentence = {1: "BN is ahead", -1: "Plain is ahead", 0: "Level, within a point", None: "do not tell"}
    assert sentence[versus(bn, plain)] in said(100, plain, bn, [np.nan] * 5)


def test_a_network_that_diverged_stays_in_the_comparison_as_in_a_verdict():
    text = said(90, [np.nan, np.nan, 0.9, 0.9, 0.9], [0.9] * 5, [41, 50, np.nan, np.nan, np.nan])
    assert text.endswith("Plain diverged in 2 of 5 seeds, first at step 41. The seeds do not tell who is ahead.")


def test_points_are_those_between_the_means_that_are_shown():
    text = said(90, [0.9004] * 5, [0.9546] * 5, [np.nan] * 5)
    assert "plain 90.0%" in text and "BN 95.5%" in text and text.endswith("BN is ahead, by 5.5 points on average.")


def test_a_lost_network_that_makes_the_points_others_than_the_means_shown_is_said_to_count():
    text = said(90, [0.1, 0.1, np.nan], [0.97, 0.98, 0.99], [np.nan, np.nan, 41])
    assert "plain 10.0% (2 seeds, 10.0–10.0), BN 98.0% (3 seeds, 97.0–99.0)" in text
    assert text.endswith("BN is ahead, by 91.3 points if a network without a finite answer counts as 0%.")


def test_an_arm_that_is_finite_in_training_only_is_named():
    assert said(200, [0.1, 0.1], [np.nan, np.nan]) == (
        "After 200 steps: plain 10.0% (2 seeds, 10.0–10.0) right. "
        "BN gives no finite answer in eval mode in 2 of 2 seeds."
    )


@given(arrays(float, (2, 3), elements=floats(0.0, 1.0) | just(np.nan)), integers(1, 300))
def test_every_arm_is_named_whatever_became_of_it(accuracies, step):
    text = said(step, *accuracies, [np.nan] * 3).lower()
    assert "plain" in text and "bn" in text


def test_one_seed_decides_nothing():
    assert said(90, [0.9], [0.95], [np.nan]).endswith("BN has 5.0 points more on this seed; one seed decides nothing.")


def test_of_four_arms_the_means_are_said_without_ranges():
    arms = {f"bn_{size}": Run(normalization="batch", batch_size=size) for size in (2, 4, 8, 16)}
    readings = {arm: {"test_accuracy": np.array([0.5, 0.7]), "diverged_at": np.array(NEVER)} for arm in arms}
    text = caption(Experiment(arms=arms, seeds=(0, 1)), Snapshot(100, 0.0, readings))
    assert text == "After 100 steps: BN 2 60.0% (2 seeds), BN 4 60.0%, BN 8 60.0%, BN 16 60.0% right."


def test_one_step_is_one_step_and_two_are_steps():
    assert said(1, [0.1, 0.1], [0.2, 0.2]).startswith("After 1 step: plain")
    assert said(2, [0.1, 0.1], [0.2, 0.2]).startswith("After 2 steps: plain")


def test_only_batch_normalization_has_statistics_to_warm_up():
    layers = {"plain": Run(), "bn": Run(normalization="layer")}
    assert "warming up" not in said(20, [0.1, 0.1], [0.2, 0.2], arms=layers)


def test_nobody_is_ahead_before_the_first_step():
    assert said(0, [0.1, 0.1], [0.2, 0.2]) == (
        "Before the first step: plain 10.0% (2 seeds, 10.0–10.0), BN 20.0% (20.0–20.0) right."
    )


def test_a_divergence_is_a_finding_with_its_step_and_its_seeds():
    text = said(90, [np.nan, 0.9], [0.9, 0.9], [41, np.nan])
    assert text.startswith("After 90 steps: plain 90.0% (one seed), BN 90.0% (2 seeds, 90.0–90.0) right.")
    assert "Plain diverged in 1 of 2 seeds, first at step 41." in text


def test_two_dead_networks_are_not_compared():
    text = said(90, [np.nan, np.nan], [np.nan, np.nan], [7, 9])
    assert text == (
        "After 90 steps no network gives a finite answer. Plain diverged in 2 of 2 seeds, first at step 7. "
        "BN gives no finite answer in eval mode in 2 of 2 seeds."
    )


@pytest.mark.parametrize(("step", "warm"), [(20, False), (50, True)])
def test_early_accuracies_of_batch_normalization_come_with_a_warning(step, warm):
    assert ("warming up" in said(step, [0.1, 0.1], [0.2, 0.2])) is not warm


@pytest.mark.parametrize("variant", ["noisy", "l1", "linf", "detached"])
def test_whatever_keeps_running_statistics_has_them_warm_up(variant):
    arms = {"plain": Run(), "bn": Run(normalization=variant)}
    assert "warming up" in said(20, [0.1, 0.1], [0.2, 0.2], arms=arms)


@pytest.mark.parametrize(
    ("momentum", "step", "warm"),
    [(0.01, 300, False), (0.01, 600, True), (0.5, 10, True), (0.5, 3, False), (1.0, 1, True)],
)
def test_how_long_statistics_warm_up_follows_from_their_momentum(momentum, step, warm):
    arms = {"plain": Run(), "bn": Run(normalization="batch", bn_momentum=momentum)}
    assert ("warming up" in said(step, [0.1, 0.1], [0.2, 0.2], arms=arms)) is not warm


@pytest.mark.parametrize("step", [1, 10_000])
def test_of_statistics_that_never_move_it_is_said_at_every_step(step):
    arms = {"plain": Run(), "bn": Run(normalization="batch", bn_momentum=0.0)}
    assert "stay as they began" in said(step, [0.1, 0.1], [0.2, 0.2], arms=arms)
