"""Every trial but those that take minutes, trained again: its check still finds what the lesson tells."""

import pytest

from bnviz import record
from bnviz.lessons.catalog import LESSONS

PICTURES = 20
TRIALS = [(lesson, trial) for lesson in LESSONS.values() for trial in lesson.trials if not trial.recorded]


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "trial"), TRIALS, ids=lambda each: each.slug)
def test_the_claim_of_a_trial_holds(lesson, trial):
    finding = trial.check(record(trial.experiment, trial.steps, every=max(1, trial.steps // PICTURES)))
    assert finding.outcome == trial.expected, finding.sentence
