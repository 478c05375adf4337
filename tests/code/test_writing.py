"""A program tells every choice of its run, compiles whatever they are, and can be read."""

import ast

import pytest

from bnviz.code import to_keras, to_pytorch
from bnviz.code.writing import call, number, program, repeated
from bnviz.datasets import DATASETS
from bnviz.run import FIELDS, Run
from tests.code.runs import RUNS, words
from tests.engine.test_fuzz import random_run

LIBRARIES = pytest.mark.parametrize("write", [to_pytorch, to_keras], ids=["pytorch", "keras"])
BATCH, GROUP = Run(normalization="batch"), Run(normalization="group", groups=4)
CHANGES = {
    "dataset": (Run(), "mnist"), "samples": (Run(), 400), "noise": (Run(), 0.5), "label_noise": (Run(), 0.2),
    "shuffle": (Run(), False), "network": (Run(depth=2), "cnn"), "depth": (Run(), 4), "width": (Run(), 64),
    "activation": (Run(), "relu"), "normalization": (Run(), "layer"), "placement": (BATCH, "after"),
    "affine": (BATCH, False), "eps": (BATCH, 1e-3), "bn_momentum": (BATCH, 0.2), "ghost_size": (BATCH, 30),
    "groups": (GROUP, 5), "per_step": (BATCH.replace(network="rnn"), True), "init": (Run(), "he"),
    "init_scale": (Run(), 0.5), "half_life": (Run(), 200), "schedule": (Run(), "cosine"),
    "schedule_steps": (Run(schedule="step"), 90), "optimizer": (Run(), "adam"), "learning_rate": (Run(), 0.25),
    "sgd_momentum": (Run(), 0.9), "weight_decay": (Run(), 0.01), "dropout": (Run(), 0.3), "batch_size": (Run(), 32),
}  # fmt: skip
"""Field to a run that it matters to, and another value."""


def without_comments(text):
    return ast.unparse(ast.parse(text))


def test_every_field_is_asked_for():
    assert set(CHANGES) == set(FIELDS)


@LIBRARIES
@pytest.mark.parametrize("name", CHANGES)
def test_another_choice_is_another_program(name, write):
    run, value = CHANGES[name]
    assert without_comments(write(run)) != without_comments(write(run.replace(**{name: value})))


@LIBRARIES
@pytest.mark.parametrize("number", range(60))
def test_whatever_a_run_is_its_program_compiles(number, write):
    compile(write(random_run(number)), "program", "exec")


@LIBRARIES
@pytest.mark.parametrize("run", RUNS, ids=words)
def test_no_line_is_longer_than_a_hundred_signs_or_ends_in_a_space(run, write):
    assert [line for line in write(run).splitlines() if len(line) > 100 or line != line.rstrip()] == []


@LIBRARIES
@pytest.mark.parametrize("word", DATASETS)
def test_a_mini_batch_is_described_with_its_shape_and_its_classes(word, write):
    row, text = DATASETS[word], " ".join(write(Run(dataset=word, batch_size=32)).split())
    assert f"x: (32, {row.features}) float32; labels: (32,) class numbers, 0 to {row.classes - 1}." in text
    assert f"Data: {row.meaning}" in text


@pytest.mark.parametrize(("value", "text"), [(0.5, "0.5"), (1e-5, "1e-5"), (1e-10, "1e-10"), (3, "3"), (True, "True")])
def test_a_number_is_short_and_read_back_to_the_same_bits(value, text):
    assert number(value) == text and ast.literal_eval(text) == value


def test_what_is_none_is_left_out_of_a_call():
    assert call("f", "x", 3, a=None, b=0.5) == "f(x, 3, b=0.5)"


def test_a_long_call_takes_a_line_an_argument():
    assert call("f", "x" * 50, y="z" * 50, indent=4) == f"f(\n        {'x' * 50},\n        y={'z' * 50},\n    )"


@pytest.mark.parametrize(("times", "value"), [(0, [64]), (1, [64, 100]), (3, [64, 100, 100, 100])])
def test_a_list_that_goes_on_the_same_is_written_short(times, value):
    assert eval(repeated(64, 100, times)) == value


def test_parts_of_a_program_stand_apart_as_in_every_python_file():
    assert program("import a", [], ["b", "c"], ["d"]) == "import a\n\nb\n\nc\n\n\nd\n"
    assert program("import a", ["class B: ..."], ["c"], ["d"]) == "import a\n\n\nclass B: ...\n\n\nc\n\n\nd\n"
