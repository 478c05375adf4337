"""Trials trained with other settings than their own: what a reader changes brings about other answers."""

import pytest

from bnviz.engine import record
from bnviz.lessons.lesson import UNDECIDED
from bnviz.lessons.verdict import judge
from tests.lessons.made import TRIALS

CHANGED = [
    ("covariate_shift", "two_meters", {"learning_rate": 1e-4}, "same"),
    ("transform", "pairs", {"batch_size": 60}, "bn"),
    ("transform", "epsilon", {"init_scale": 0.1}, "between"),
    ("depth", "vanishing", {"eps": 1.0}, "both"),
    ("depth", "vanishing", {"depth": 5}, "neither"),
    ("depth", "growth", {"activation": "sigmoid"}, "neither"),
    ("eval_mode", "first_steps", {"bn_momentum": 0.01}, "both"),
    ("landscape", "promise", {"depth": 5}, "most"),
    ("landscape", "two_steps", {"learning_rate": 0.01}, "neither"),
    ("regularization", "wrong_labels", {"label_noise": 0.0}, UNDECIDED),
]


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "slug", "changes", "outcome"), CHANGED)
def test_another_setting_has_another_outcome_and_another_reason(lesson, slug, changes, outcome):
    trial = TRIALS[lesson, slug]
    every = max(1, trial.steps // 20)
    verdict = judge(trial, record(trial.experiment.replace(**changes), trial.steps, every))
    assert verdict.finding.outcome == outcome != trial.expected, verdict.finding.sentence
    assert all(f"{value:g} instead of" in verdict.setting for value in changes.values() if value != "sigmoid")
    assert not verdict.why.startswith(f"**Why.** {trial.why}")
