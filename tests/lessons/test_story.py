"""What the scenes say is what their runs do, on every seed."""

import numpy as np
import pytest

from bnviz import record
from bnviz.lessons.judging import versus
from bnviz.lessons.story import STORY
from bnviz.recordings import recording_of


@pytest.fixture(scope="module")
def turned():
    """The twins whose rate is multiplied by ten at step 150, on seeds that no page shows."""
    return record(STORY[2].choices["on"].replace(seeds=range(20, 25)), steps=300, every=150)


def spread(history, arm, step):
    """The deviation of what the last layer's nonlinearity receives, a seed each."""
    (snapshot,) = (each for each in history if each.step == step)
    return np.asarray(snapshot[arm]["pre_std"])[:, -1]


@pytest.mark.slow
def test_the_plain_river_bursts_its_banks_and_its_network_names_no_more_than_chance_would(turned):
    assert (spread(turned, "plain", 300) > 3 * spread(turned, "plain", 150)).all()
    assert (turned.latest["plain"]["test_accuracy"] < 0.2).all()


@pytest.mark.slow
def test_the_river_of_the_twin_stays_in_its_bed_and_it_learns(turned):
    assert (np.abs(spread(turned, "bn", 300) / spread(turned, "bn", 0) - 1) < 0.3).all()
    assert np.mean(turned.latest["bn"]["test_accuracy"]) > 0.9


def test_noise_puts_several_times_the_shift_back_and_the_network_learns_all_the_same():
    scene = STORY[4]
    history = recording_of(scene.choices[""], (scene.chart,), scene.stop)
    shift = {arm: np.asarray(history.latest[arm]["distribution_shift"]) for arm in ("bn", "noisy")}
    accuracy = {arm: np.asarray(history.latest[arm]["test_accuracy"]) for arm in ("bn", "noisy")}
    assert (shift["noisy"].mean(1) > 3 * shift["bn"].mean(1)).all()
    assert versus(accuracy["noisy"], accuracy["bn"]) == 0
