"""A verdict says which setting it judged, and explains no outcome by the reason for another."""

from dataclasses import replace

import pytest

from bnviz.lessons.lesson import UNDECIDED
from bnviz.lessons.verdict import explained, judge
from bnviz.recordings import recording_of
from bnviz.snapshot import Event, History, Snapshot
from tests.lessons.made import TRIALS, made

METERS = TRIALS["covariate_shift", "two_meters"]


def run_of(**changes):
    """The trial's recording, as if it had been trained with these choices."""
    history = History(METERS.experiment.replace(**changes))
    for seen in recording_of(METERS.experiment, METERS.charts, METERS.steps):
        own = {arm: {name: values.copy() for name, values in readings.items()} for arm, readings in seen.arms.items()}
        history.append(Snapshot(seen.step, seen.epoch, own))
    return history


def test_the_trial_s_own_setting_is_named_with_its_seeds():
    assert judge(METERS, run_of()).setting == "Judged at step 200: nothing changed; seeds 0 to 4."


def test_what_a_reader_has_changed_is_named_with_what_the_trial_has():
    setting = judge(METERS, run_of(learning_rate=0.3, depth=8, seeds=range(5, 10))).setting
    assert setting == (
        "Judged at step 200: hidden layers 8 instead of 5; learning rate 0.3 instead of 0.1; seeds 5 to 9."
    )


def test_a_field_that_was_empty_is_named_by_what_that_means():
    setting = judge(METERS, run_of(half_life=50, samples=200)).setting
    assert "examples 200 instead of all; half-life of the rate 50 instead of none; seeds" in setting


def test_two_numbers_that_differ_are_never_named_alike():
    setting = judge(METERS, run_of(learning_rate=0.100000000001)).setting
    assert "learning rate 0.100000000001 instead of 0.1;" in setting


def test_a_rate_that_was_changed_while_it_trained_is_part_of_the_setting():
    history = run_of()
    history.events = [Event(40, "learning rate set to 1"), Event(300, "learning rate set to 2")]
    verdict = judge(METERS, history)
    assert "from step 40 learning rate set to 1; seeds" in verdict.setting and "set to 2" not in verdict.setting
    assert verdict.why.startswith("**Why, in the trial’s own setting.**")


def test_changes_that_the_trial_makes_itself_are_nothing_that_was_changed():
    changes = [(40, 1.0)]
    trial = replace(METERS, experiment=METERS.experiment.replace(changes=changes))
    assert "nothing changed" in judge(trial, run_of(changes=changes)).setting
    assert "nothing changed" not in judge(METERS, run_of(changes=changes)).setting


def test_networks_that_diverged_are_named_in_every_verdict():
    history = run_of()
    history.latest["plain"]["diverged_at"][:2] = [20.0, 150.0]
    assert judge(METERS, history).setting.endswith("Diverged by then: plain in 2 of 5 seeds.")


@pytest.mark.parametrize("key", TRIALS, ids="-".join)
def test_the_reason_for_one_outcome_is_given_for_no_other(key):
    trial = TRIALS[key]
    assert explained(trial, trial.expected, False) == f"**Why.** {trial.why}"
    for outcome in {*trial.predictions, UNDECIDED} - {trial.expected}:
        words = explained(trial, outcome, False)
        assert not words.startswith(f"**Why.** {trial.why}")
        assert trial.why not in words or "that need not hold now" in words


def test_another_outcome_of_the_very_setting_is_no_other_setting_s():
    verdict = judge(replace(METERS, otherwise={}), made("covariate_shift", "two_meters", "same"))
    assert "When this very setting was recorded it was" in verdict.why


def test_an_outcome_with_a_reason_of_its_own_is_explained_by_that():
    trial = replace(METERS, otherwise={"same": "Hardly anything moves."})
    assert judge(trial, made("covariate_shift", "two_meters", "same")).why == "**Why.** Hardly anything moves."


@pytest.mark.parametrize("key", TRIALS, ids="-".join)
def test_only_outcomes_that_can_come_out_are_explained(key):
    trial = TRIALS[key]
    assert set(trial.otherwise) <= set(trial.predictions) - {trial.expected}
