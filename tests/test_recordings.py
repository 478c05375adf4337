"""Recorded runs are what they say: the app, trained again, gives the same numbers."""

import os

import numpy as np
import orjson
import pytest

from bnviz.charts import board
from bnviz.charts.columns import Columns
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.presets import PRESETS
from bnviz.recordings import RECORDINGS, recorded, recording_of, recording_of_trial

TRIALS = [(lesson.slug, trial) for lesson in LESSONS.values() for trial in lesson.trials]
MAY_BE_EMPTY = ("diverged", "bias_norm")  # of a network that did not, or has no biases
NEEDS_FILES = ("mnist", "mnist_binary", "fashion_mnist")


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recording_shows_its_run_from_the_untouched_network_to_the_end(name):
    recording, history = RECORDINGS[name], recorded(name)
    assert history.experiment == recording.experiment
    assert history.steps[0] == 0 and recording.steps - recording.every < history.latest.step <= recording.steps


def test_an_experiment_that_differs_in_one_choice_has_no_recording():
    assert recording_of(PRESETS["figure_1"].replace(learning_rate=0.25)) is None


@pytest.mark.parametrize(("lesson", "trial"), TRIALS, ids=lambda each: getattr(each, "slug", each))
def test_every_trial_is_judged_by_its_recording_as_by_its_run(lesson, trial):
    recording = recording_of_trial(lesson, trial)
    assert recording.latest.step >= trial.steps
    assert trial.check(recording).outcome == trial.expected


@pytest.mark.parametrize(("lesson", "trial"), TRIALS, ids=lambda each: getattr(each, "slug", each))
def test_a_recording_fills_every_column_that_its_trial_shows(lesson, trial):
    recording = recording_of_trial(lesson, trial)
    bindings = orjson.dumps(board(trial.experiment, trial.charts), option=orjson.OPT_SERIALIZE_NUMPY).decode()
    table = Columns(trial.experiment).table(recording)
    shown = [name for name in table if f'"{name}"' in bindings and not any(word in name for word in MAY_BE_EMPTY)]
    assert shown and all(np.isfinite(table[name]).any() for name in shown)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDINGS)
def test_training_again_gives_the_recorded_losses(name):
    from bnviz.engine import record

    experiment, every = RECORDINGS[name].experiment, RECORDINGS[name].every
    if {run.dataset for run in experiment.arms.values()} & {*NEEDS_FILES} and not os.environ.get("BNVIZ_DATA"):
        pytest.skip("needs the image files: name their folder in BNVIZ_DATA")
    before = recorded(name)
    again = record(experiment, steps=4 * every, every=every)
    for arm in again.experiment.arms:
        for quantity in ("train_loss", "test_loss", "gradient_norm"):
            was = before.series(arm, quantity)[: len(again)]
            np.testing.assert_allclose(was, again.series(arm, quantity), rtol=2e-3, err_msg=f"{arm} {quantity}")
