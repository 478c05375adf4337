"""A script holds what its run needs, no more, and reads as if a hand had written it. What it computes is in
``test_script_losses``."""

import ast
import subprocess
import sys

import numpy as np
import pytest

from bnviz.code import to_script, to_sequential
from bnviz.code.script import parts
from bnviz.code.script_data import training_examples
from bnviz.datasets import DATASETS
from bnviz.engine.datasets import load
from bnviz.engine.images import data_folder
from bnviz.own_words import word_of_points
from bnviz.run import Run
from tests.code.runs import RUNS, made_by, words
from tests.code.test_writing import CHANGES, without_comments
from tests.engine.test_fuzz import random_run

PAINTED = word_of_points(np.eye(60, 2), np.arange(60) % 3, "mine")
EVERY_RUN = [*RUNS, Run(dataset=PAINTED, batch_size=8), *(random_run(number) for number in range(40))]
PLAIN = to_script(Run(), 0, 500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Scripts of runs of every kind, and the networks alone, as files."""
    place = tmp_path_factory.mktemp("scripts")
    for number, run in enumerate(EVERY_RUN):
        (place / f"script_{number}.py").write_text(to_script(run, number, 500, {100: 1.0}))
        (place / f"network_{number}.py").write_text(to_sequential(run))
    return place


STYLES = {
    "lint": ["check", "--select=E,F,I,B,UP,SIM,RUF", "--ignore=B905"],  # zip ends with the steps
    "format": ["format", "--check"],
}


@pytest.mark.parametrize("style", STYLES)
def test_a_linter_finds_nothing_and_a_formatter_changes_nothing(folder, style):
    command = [sys.executable, "-m", "ruff", *STYLES[style], "--isolated", "--no-cache", "--line-length=100", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("run", RUNS, ids=words)
def test_it_is_as_long_as_a_hand_would_write_it(run):
    assert 60 <= len(to_script(run, 0, 500).splitlines()) <= 150


@pytest.mark.parametrize("name", CHANGES)
def test_another_choice_is_another_script(name):
    run, value = CHANGES[name]
    assert without_comments(to_script(run, 0, 5)) != without_comments(to_script(run.replace(**{name: value}), 0, 5))


@pytest.mark.parametrize(
    "word", ["class ", "Dropout", "BatchNorm", "RATES", "LABELS", "NOISE", "gzip", "sys.", "math", "is not None"]
)
def test_a_plain_run_needs_none_of_this(word):
    assert word not in PLAIN


NEEDED = {
    "a mask for every seed": (Run(dropout=0.5), "generator(DROPOUT)"),
    "the files of MNIST": (Run(dataset="mnist"), "https://ossci-datasets.s3.amazonaws.com/mnist/"),
    "wrong labels": (Run(label_noise=0.3), "y[train[wrong]] = drawn[wrong]"),
    "the same epoch again": (Run(shuffle=False), "every epoch has the same order"),
    "a rate that falls": (Run(half_life=40), '["lr"] = optimizer.defaults["lr"] * 0.5 ** ((step - 1) / 40)'),
    "a rate in steps": (Run(schedule="step", schedule_steps=40), "* 0.1 ** ((step - 1) // 40)"),
    "a rate that warms up": (Run(schedule="warmup", schedule_steps=40), '.defaults["lr"] * min(step / 40, 1)'),
}  # fmt: skip


@pytest.mark.parametrize("what", NEEDED)
def test_a_run_has_what_it_needs(what):
    run, line = NEEDED[what]
    assert line in to_script(run, 0, 500)


def test_a_change_behind_the_last_step_is_left_out():
    assert to_script(Run(), 0, 500, {500: 1.0}) == PLAIN
    assert "RATES = {500: 1.0}" in to_script(Run(), 0, 500, {499: 1.0})


@pytest.mark.parametrize(("steps", "every"), [(1, 1), (50, 1), (51, 2), (500, 10), (3000, 100)])
def test_about_fifty_losses_are_printed(steps, every):
    assert (f"if step % {every} == 0" in to_script(Run(), 0, steps)) == (every > 1)


def test_a_notebook_prints_no_losses_and_is_told_no_folder():
    text = "\n".join(part.text for part in parts(Run(dataset="mnist"), 0, 500, in_notebook=True))
    assert "print(f\"step" not in text and "sys" not in text and 'FOLDER = Path("mnist")' in text


HAVE = [
    word for word, row in DATASETS.items()
    if not row.files or [*(data_folder() / row.files.folder).glob("train-images*")]
]  # fmt: skip


@pytest.mark.parametrize("samples", [None, 50, 2000])
@pytest.mark.parametrize("word", HAVE)
def test_the_number_of_training_examples_is_the_engines(word, samples):
    run = Run(dataset=word, samples=samples)
    assert training_examples(run) == len(load(run, 0).train)


@pytest.mark.parametrize("samples", [None, 50, 2000])
def test_the_number_of_painted_points_to_train_on_is_the_engines(samples):
    run = Run(dataset=PAINTED, samples=samples, batch_size=8)
    assert training_examples(run) == len(load(run, 0).train)


@pytest.mark.parametrize("run", RUNS, ids=words)
def test_the_network_alone_is_that_of_the_program(run):
    names = {}
    exec(compile(to_sequential(run), "network", "exec"), names)
    assert str(names["network"]) == str(made_by(run)["network"])
    assert not [node for node in ast.parse(to_sequential(run)).body if isinstance(node, ast.FunctionDef)]
