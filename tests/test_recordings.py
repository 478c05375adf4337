"""Recorded runs are what they say: the app, trained again, gives the same numbers."""

import os

import numpy as np
import pytest

from bnviz.lessons.presets import PRESETS
from bnviz.recordings import RECORDINGS, recording_of

NEEDS_FILES = ("mnist", "mnist_binary", "fashion_mnist")


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recording_shows_its_run_from_the_untouched_network_to_the_end(name):
    recording = RECORDINGS[name]
    history = recording_of(recording.experiment)
    assert history.experiment == recording.experiment
    assert history.steps[0] == 0 and recording.steps - recording.every < history.latest.step <= recording.steps


def test_an_experiment_that_differs_in_one_choice_has_no_recording():
    assert recording_of(PRESETS["figure_1"].replace(learning_rate=0.25)) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDINGS)
def test_training_again_gives_the_recorded_losses(name):
    from bnviz.engine import record

    experiment, every = RECORDINGS[name].experiment, RECORDINGS[name].every
    if {run.dataset for run in experiment.arms.values()} & {*NEEDS_FILES} and not os.environ.get("BNVIZ_DATA"):
        pytest.skip("needs the image files: name their folder in BNVIZ_DATA")
    recorded = recording_of(experiment)
    again = record(experiment, steps=4 * every, every=every)
    for arm in again.experiment.arms:
        for quantity in ("train_loss", "test_loss", "gradient_norm"):
            was = recorded.series(arm, quantity)[: len(again)]
            np.testing.assert_allclose(was, again.series(arm, quantity), rtol=2e-3, err_msg=f"{arm} {quantity}")
