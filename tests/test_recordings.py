"""Recorded runs are what they say: the app, trained again, gives the same numbers."""

import numpy as np
import pytest

from bnviz.lessons.presets import PRESETS
from bnviz.recordings import EVERY, STEPS, recording_of


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_recorded_from_the_untouched_network_to_the_end(name):
    history = recording_of(PRESETS[name])
    assert history.experiment == PRESETS[name]
    assert (history.steps[0], history.latest.step) == (0, STEPS)


def test_an_experiment_that_differs_in_one_choice_has_no_recording():
    assert recording_of(PRESETS["figure_1"].replace(learning_rate=0.25)) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_training_again_gives_the_recorded_losses(name):
    from bnviz.engine import record

    recorded = recording_of(PRESETS[name])
    again = record(PRESETS[name], steps=5 * EVERY, every=EVERY)
    for arm in again.experiment.arms:
        for quantity in ("train_loss", "test_loss", "gradient_norm"):
            was = recorded.series(arm, quantity)[: len(again)]
            np.testing.assert_allclose(was, again.series(arm, quantity), rtol=2e-3, err_msg=f"{arm} {quantity}")
