"""Every trial, trained again on five seeds: its check still finds what the lesson tells."""

import pytest

from bnviz import record
from bnviz.lessons.catalog import LESSONS
from bnviz.recordings import recording_of

PICTURES = 20
TRIALS = [(lesson, trial) for lesson in LESSONS.values() for trial in lesson.trials]


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "trial"), TRIALS, ids=lambda each: each.slug)
def test_the_claim_of_a_trial_holds(lesson, trial):
    history = recording_of(trial.experiment) if trial.recorded else None
    history = history or record(trial.experiment, trial.steps, every=max(1, trial.steps // PICTURES))
    finding = trial.check(history)
    assert finding.outcome == trial.expected, finding.sentence
