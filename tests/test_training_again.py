"""Every recording, trained again: the same network at first, the same statistics and the same verdict at the end.

Other processors round otherwise, and training makes small differences larger.
How much larger is measured here and now: a twin whose weights are moved by a
few last bits strays from the untouched one, and a recording may stray no more
than a multiple of that. Twice on one machine, every bit is the same.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bnviz import Experiment, History
from bnviz.engine import Lockstep
from bnviz.recordings import RECORDINGS, recording_of

EARLY = (0, 1, 2, 3, 5)
PICTURES = 20
ROOT = Path(__file__).parents[1]
NUDGE = 2.0**-20
"""Sixteen times what float32 leaves of a number of 1 when it rounds: sums of a hundred products err that much."""
STRAY = 8
READ = ("train_loss", "gradient_norm", "loss_range", "test_accuracy")
"""What is compared at first: the first of these that the recording holds."""
ONE_EXAMPLE = 1 / 360

TRAINED_HERE = [
    name for name, recording in RECORDINGS.items()
    if not recording.trials or not all(each.recorded for each in recording.trials)
]  # fmt: skip

pytestmark = pytest.mark.slow


def looks(name):
    """The early steps, and twenty pictures of every trial that a reader trains; of other recordings the end."""
    trials = [trial for trial in RECORDINGS[name].trials if not trial.recorded]
    stops = [range(0, trial.steps + 1, max(1, trial.steps // PICTURES)) for trial in trials]
    ends = {trial.steps for trial in trials} or {RECORDINGS[name].steps}
    return sorted({*(step for step in EARLY if step <= max(ends)), *ends}.union(*stops))


def trained(experiment, steps, nudge=0.0, probes=True):
    """Its history at these steps, with every parameter moved a little before each look."""
    lockstep, history, chance = Lockstep(experiment, probes), History(experiment), np.random.default_rng(0)
    for step in steps:
        if step:
            lockstep.advance(step - lockstep.step)
        if nudge:
            lockstep.restore(nudged(lockstep.checkpoint(), nudge, chance))
        history.append(lockstep.snapshot())
    return history


def nudged(checkpoint, size, chance):
    weights = {name: values for name, values in checkpoint.items() if name.endswith("stack.parameters")}
    assert weights
    return checkpoint | {
        name: values * (1 + size * chance.choice([-1, 1], values.shape)).astype(values.dtype)
        for name, values in weights.items()
    }


@pytest.fixture(scope="module", params=TRAINED_HERE)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def again(name):
    return trained(RECORDINGS[name].experiment, looks(name))


def recorded(name):
    return recording_of(RECORDINGS[name].experiment, ("accuracy",))


def quantity_of(history):
    return next(quantity for quantity in READ if all(quantity in arm for arm in history.latest.arms.values()))


def apart(one, other, arm, quantity):
    """How far two readings are apart, in the median over the seeds: a share of them, but points where they are shares.

    The median, since a ReLU that one rounding turns on moves the gradient of its seed by more than any rounding.
    """
    a, b = (np.asarray(each[arm][quantity], float).reshape(len(each[arm][quantity]), -1) for each in (one, other))
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.abs(a - b) / (1 if quantity == "test_accuracy" else np.abs(b))
    lost = ~np.isfinite(a), ~np.isfinite(b)
    off = np.where(lost[0] | lost[1], np.where(lost[0] & lost[1], 0, np.inf), np.nan_to_num(off))
    return np.median(off.max(1))


def strays(shown, again, twin, quantity):
    """Arms and steps at which a recording is further off than rounding explains, by how many times."""
    found = {}
    for arm in shown.experiment.arms:
        reach = ONE_EXAMPLE / 4 if quantity == "test_accuracy" else NUDGE
        for step in (step for step in EARLY if step <= again.latest.step):
            reach = max(reach, apart(twin.at(step), again.at(step), arm, quantity))
            off = apart(shown.at(step), again.at(step), arm, quantity)
            if off > STRAY * reach:
                found[arm, step] = off / reach
    return found


def early(experiment, quantity, nudge=0.0):
    """The first steps alone, watched no more closely than is needed."""
    return trained(experiment, EARLY, nudge, probes=quantity != "train_loss")


def until(history, step):
    part = History(history.experiment)
    for snapshot in history:
        if snapshot.step <= step:
            part.append(snapshot)
    return part


def test_the_first_steps_are_those_of_the_recording_but_for_rounding(name, again):
    shown = recorded(name)
    quantity = quantity_of(shown)
    assert strays(shown, again, early(again.experiment, quantity, NUDGE), quantity) == {}


def test_every_trial_finds_what_its_lesson_tells(name, again):
    for trial in RECORDINGS[name].trials:
        if not trial.recorded:
            finding = trial.check(until(again, trial.steps))
            assert finding.outcome == trial.expected, finding.sentence


def test_the_seeds_end_as_well_on_average_as_recorded(name, again):
    """A network that diverged knows nothing."""
    end = again.latest.step
    for arm in again.experiment.arms:
        here, there = (np.nan_to_num(each.at(end)[arm]["test_accuracy"]) for each in (again, recorded(name)))
        error = np.sqrt((here.var(ddof=1) + there.var(ddof=1)) / len(here))
        assert abs(here.mean() - there.mean()) <= 3 * error + ONE_EXAMPLE, arm


EXPERIMENT = RECORDINGS["figure_1"].experiment
OTHERS = {
    "other seeds": EXPERIMENT.replace(seeds=range(5, 10)),
    "a rate one percent off": EXPERIMENT.replace(learning_rate=0.505),
    "swapped arms": Experiment(arms=dict(zip(EXPERIMENT.arms, reversed(EXPERIMENT.arms.values()), strict=True))),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_recording_of_another_experiment_would_be_noticed(other):
    again, twin = (early(EXPERIMENT, "train_loss", nudge) for nudge in (0.0, NUDGE))
    assert strays(early(OTHERS[other], "train_loss"), again, twin, "train_loss")


ONCE = """
import sys
from bnviz.recordings import RECORDINGS
from tests.test_training_again import EARLY, trained
sys.stdout.buffer.write(trained(RECORDINGS["figure_1"].experiment, EARLY).to_bytes())
"""


def test_two_processes_of_one_machine_train_to_the_same_bits():
    command = [sys.executable, "-c", ONCE]
    one, other = (History.from_bytes(subprocess.check_output(command, cwd=ROOT)) for _ in range(2))
    for arm, readings in one.latest.arms.items():
        assert all(one.series(arm, each).tobytes() == other.series(arm, each).tobytes() for each in readings)
