"""A script trains what bnviz trained: the same data, weights and mini-batches to the bit, and the same losses but for
rounding, in a process that has no bnviz."""

import re
from itertools import islice

import numpy as np
import pytest

from bnviz.datasets import DATASETS, MNIST, data_name
from bnviz.engine import Lockstep, dataset, mini_batches
from bnviz.engine.datasets import load
from bnviz.engine.images import data_folder
from bnviz.engine.inits import initial_layers
from bnviz.engine.toys import make_moons
from bnviz.experiment import Experiment
from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.own_words import word_of_points
from bnviz.recordings import RECORDINGS, recording_of
from bnviz.run import Run
from tests.code.clean import digest
from tests.code.scripts import run_scripts, strayed, too_far, trained
from tests.engine.test_fuzz import random_run

pytestmark = pytest.mark.slow

FEW, MANY, SEED = (1, 2, 3, 5, 10), 100, 3
CHANGES = ((3, 0.05), (6, 0.2))
FOLDER = next((each for each in (data_folder() / "mnist", data_folder()) if list(each.glob("t10k-images*"))), None)
needs_files = pytest.mark.skipif(not FOLDER, reason="BNVIZ_DATA names no folder with the MNIST files")


def arms():
    """Every arm of every preset, suggestion, trial and scene once: its recording and its own name."""
    named = {name: recording.experiment for name, recording in RECORDINGS.items()}
    named |= {each.title: each.experiment for each in SUGGESTIONS}
    once = {(run, experiment.seeds[0], experiment.changes, max(FEW)): (name, arm)
            for name, experiment in named.items() for arm, run in experiment.arms.items()}  # fmt: skip
    return {f"{name} {arm}": case for case, (name, arm) in once.items()}


SPOILED = Run(depth=1, width=8, samples=400, label_noise=0.3, dropout=0.25)
PAINTED = word_of_points(*make_moons(100, 0.1, np.random.default_rng(0)), "painted")
DATA = {f"data {data_name(word)}": (SPOILED.replace(dataset=word, noise=None if row.files else 0.2), SEED, (), 1)
        for word, row in {**DATASETS, PAINTED: DATASETS[PAINTED]}.items() if row.files in (None, MNIST)}  # fmt: skip
RANDOM = {f"random {number}": (random_run(number), SEED, CHANGES, max(FEW)) for number in range(400, 450)}
SHORT = {**arms(), **DATA, **RANDOM}
CURVES = {f"figure_1 {arm}": (run, 0, (), MANY) for arm, run in PRESETS["figure_1"].arms.items()}
OTHERS = {
    "another seed": (Run(), 1, (), MANY), "a rate one percent off": (Run(learning_rate=0.505), 0, (), MANY),
    "another order": (Run(shuffle=False), 0, (), MANY), "decay": (Run(weight_decay=1e-3), 0, (), MANY),
}  # fmt: skip
CASES = {**SHORT, **CURVES, **OTHERS}
FROM_FILES = [name for name, (run, *_) in CASES.items() if DATASETS[run.dataset].files]
HERE = [name for name in SHORT if name not in FROM_FILES]
OF_FILES = [pytest.param(name, marks=needs_files) for name in FROM_FILES]


@pytest.fixture(scope="module")
def found():
    """What the script of every case found, all in one process."""
    cases = [name for name in CASES if FOLDER or name not in FROM_FILES]
    return dict(zip(cases, run_scripts([CASES[name] for name in cases], FOLDER), strict=True))


def recorded(name):
    """The losses of the first seed that the recording of this arm holds; none where it holds no losses."""
    recording, _, arm = name.rpartition(" ")
    shown = recording_of(RECORDINGS[recording].experiment, ("accuracy",)) if recording in RECORDINGS else None
    if shown is None or "train_loss" not in shown.latest[arm]:
        return {}
    last = CASES[name][-1]
    return {each.step: float(each[arm]["train_loss"][0]) for each in shown if 0 < each.step <= last}


@pytest.mark.parametrize("name", [*HERE, *OF_FILES])
def test_its_losses_are_those_of_the_run(found, name):
    losses = recorded(name) or trained(*CASES[name][:3], [step for step in FEW if step <= CASES[name][-1]])
    assert too_far(found[name], losses) == {}


@pytest.mark.parametrize("name", [*(name for name in (*DATA, *RANDOM) if name in HERE), *OF_FILES])
def test_data_weights_and_mini_batches_are_the_same_to_the_bit(found, name):
    run, seed, *_ = CASES[name]
    data, split = load(run, seed), dataset(run, seed)
    expected = {
        "weights": digest(*(each.weight for each in initial_layers(run, seed, data.features, data.classes))),
        "train": digest(split.train_x, split.train_y), "batches": digest(*islice(mini_batches(run, seed), 50)),
    } | ({"test": digest(split.test_x, split.test_y)} if name in HERE else {})  # fmt: skip
    assert {word: found[name][word] for word in expected} == expected


@pytest.mark.parametrize("name", CURVES)
def test_a_longer_curve_is_the_recorded_one(found, name):
    losses = recorded(name)
    assert max(losses) == MANY and too_far(found[name], losses) == {}


@pytest.mark.parametrize("name", OTHERS)
def test_another_run_would_be_noticed(found, name):
    assert too_far(found[name], recorded("figure_1 plain"))


def decided(run):
    """Whether rounding leaves its answers alone: Adam divides a gradient by its own size, and along the length of a
    normalized weight, where train mode has none, that size is rounding; eval mode sees the length."""
    return run.learning_rate < 1 and (run.optimizer != "adam" or run.normalization == "none")


@pytest.mark.parametrize("name", [name for name in RANDOM if decided(RANDOM[name][0])])
def test_the_accuracy_that_it_prints_is_the_runs(found, name):
    run, seed, changes, steps = CASES[name]
    lockstep = Lockstep(Experiment(arms={"own": run}, seeds=[seed], changes=changes))
    lockstep.advance(steps)
    expected = lockstep.snapshot()["own"]["test_accuracy"][0]
    printed = float(re.search(r"test accuracy (\S+)", found[name]["printed"])[1])
    near = 2 / len(load(run, seed).test) + strayed(found[name])[-1]
    assert np.isnan(expected) or printed == pytest.approx(expected, abs=near)


def test_what_it_prints_are_its_losses(found):
    for name in HERE:
        printed = re.findall(r"^step +\d+  loss (\S+)$", found[name]["printed"], re.MULTILINE)
        assert [float(loss) for loss in printed] == pytest.approx(found[name]["losses"], rel=1e-5, nan_ok=True)
