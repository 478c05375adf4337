"""A function of one's own has a word in this process; what cannot hold it says so, and a history shows without it."""

import base64
import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import bnviz
from bnviz import Experiment, History, InvalidChoice, Run, own_functions, record, sweep
from bnviz.about import about
from bnviz.broken_link import keep
from bnviz.charts import board, inside
from bnviz.charts.nonlinearity import NONLINEARITIES
from bnviz.code import to_keras, to_pytorch, to_script, to_sequential
from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.normalizations import NORMALIZATIONS
from bnviz.export import notebook, page, script
from bnviz.flat import FLAT
from bnviz.grid_link import GridView
from bnviz.grid_link import from_query as grid_from_query
from bnviz.link import from_query, to_query
from bnviz.schedules import SCHEDULES
from bnviz.sweeps import Sweep
from bnviz.ui import saved_run

ROOT = Path(__file__).parents[1]


def hard(x):
    return x.clamp(-1, 1)


def by_largest(x):
    return x / (x.abs().amax(1, keepdim=True) + 1e-5)


HARD, LARGEST = bnviz.activation_from(hard, "hard"), bnviz.normalization_from(by_largest, "largest")
SLOW = bnviz.schedule_from(lambda step: 0.99**step, "slow")
PLAIN = Run(dataset="moons", depth=2, width=100, activation=HARD, batch_size=16)
EXPERIMENT = Experiment(arms={"plain": PLAIN, "own": PLAIN.replace(normalization=LARGEST, schedule=SLOW)}, seeds=[0])


@pytest.fixture(scope="module")
def history():
    return record(EXPERIMENT, steps=20, every=10, inside=[(1, 1)])


@pytest.fixture
def elsewhere(monkeypatch):
    """A process in which no function was made."""
    monkeypatch.setattr(own_functions, "_made", {})


def test_equal_functions_have_equal_words_and_others_have_others():
    again, other = (bnviz.activation_from(each, "hard") for each in (lambda x: torch.clamp(x, -1.0, 1.0), torch.tanh))
    assert again == HARD != other


def test_a_name_becomes_letters_digits_and_hyphens():
    assert bnviz.activation_from(hard, "my hard / tanh!").split(".")[1] == "my-hard-tanh"
    assert bnviz.activation_from(hard, "…").split(".")[1] == "own"


@pytest.mark.parametrize(("field", "word"), [("activation", SLOW), ("normalization", HARD), ("schedule", LARGEST)])
def test_a_word_is_for_its_own_field(field, word):
    with pytest.raises(InvalidChoice, match=f"{field} was .*; allowed is"):
        Run(**{field: word})


@pytest.mark.parametrize("word", ["activation.hard", "activation.a b." + "0" * 16, "activation.hard." + "g" * 16])
def test_what_no_function_can_have_is_no_word(word):
    with pytest.raises(InvalidChoice, match=r"activation was .*; allowed is sigmoid"):
        Run(activation=word)


@pytest.mark.parametrize("table", [ACTIVATIONS, NORMALIZATIONS, SCHEDULES, FLAT, NONLINEARITIES])
def test_a_table_has_no_row_of_what_is_no_word(table):
    assert HARD not in table
    with pytest.raises(KeyError):
        table["nonsense"]


def test_captions_and_the_history_call_it_by_its_name(history):
    assert EXPERIMENT.arms["own"].describe().startswith("moons, 2 x 100 hard, largest normalization before, rate 0.5")
    assert "rate schedule slow" in repr(history) and "2 x 100 hard" in about(EXPERIMENT)
    assert HARD not in repr(history) + about(EXPERIMENT)


def test_an_experiment_comes_back_from_its_json():
    assert Experiment.from_json(EXPERIMENT.to_json()) == EXPERIMENT


REFUSED = {
    "a link": lambda: to_query(EXPERIMENT),
    "a link, opened": lambda: from_query({"activation": HARD}),
    "a script": lambda: script(EXPERIMENT),
    "a notebook": lambda: notebook(EXPERIMENT),
    "a script of a run": lambda: to_script(PLAIN, 0, 5),
    "PyTorch": lambda: to_pytorch(PLAIN),
    "layers": lambda: to_sequential(PLAIN),
    "Keras": lambda: to_keras(PLAIN),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_hold_a_function_says_so_and_what_it_can(what):
    with pytest.raises(InvalidChoice, match=r"activation was hard, a function of one's own, which a \w+ cannot hold; "
                       "allowed there is sigmoid, .*: try activation='sigmoid'"):  # fmt: skip
        REFUSED[what]()


@pytest.mark.parametrize(("field", "word"), [("activation", HARD), ("normalization", LARGEST), ("schedule", SLOW)])
def test_a_link_that_names_one_opens_without_it_and_says_so(field, word):
    kept, (sentence,) = keep({field: word, "depth": "7"}, EXPERIMENT)
    assert kept.arms["plain"] == Run(depth=7) and sentence.startswith(f"{field} was ") and "a link cannot" in sentence


def test_a_sweep_that_a_link_names_is_without_them():
    default = GridView(Sweep(Experiment(arms={"plain": Run()}, seeds=[0]), {"depth": (1, 2)}))
    view, (sentence,) = grid_from_query({"along": f"activation:relu,{HARD}"}, default)
    assert view == default and sentence.startswith("along had hard, a function of one's own, which a link cannot hold")


def test_a_sweep_trains_them_in_this_process_and_refuses_others():
    assert sweep(EXPERIMENT, steps=5, activation=[HARD, "relu"]).test_accuracy.notna().all()
    with pytest.raises(InvalidChoice, match="processes was 2; allowed is 1 with hard, largest and slow"):
        sweep(EXPERIMENT, steps=5, processes=2, learning_rate=[0.1])


def test_a_history_is_saved_and_gone_on_from_to_the_same_bits(history, tmp_path, elsewhere):
    history.save(tmp_path / "own.bnviz")
    again = bnviz.activation_from(hard, "hard"), bnviz.normalization_from(by_largest, "largest"), bnviz.schedule_from(
        lambda step: 0.99**step, "slow"
    )  # fmt: skip
    assert again == (HARD, LARGEST, SLOW)
    longer = record(EXPERIMENT, steps=40, every=10, start=History.load(tmp_path / "own.bnviz"))
    whole = record(EXPERIMENT, steps=40, every=10)
    assert np.array_equal(longer["own"]["train_loss"], whole["own"]["train_loss"])


def test_without_the_function_a_history_shows_but_does_not_train(history, tmp_path, elsewhere):
    history.save(tmp_path / "own.bnviz")
    loaded = History.load(tmp_path / "own.bnviz")
    assert "2 x 100 hard" in repr(loaded) and len(page(loaded)) > 1e5 and board(loaded.experiment)
    for train in (lambda: record(EXPERIMENT, steps=1), lambda: record(EXPERIMENT, steps=30, start=loaded)):
        with pytest.raises(InvalidChoice, match=r"the activation hard, .* is not in this process.*activation_from"):
            train()
    assert EXPERIMENT._repr_html_() is None


def test_without_the_function_its_curve_is_left_out(history, elsewhere):
    assert all(np.isnan(np.array(curve.y, dtype=float)).all() for curve in inside(history, layer=1, unit=1).data[:2])


def test_the_lab_says_why_it_cannot_open_a_history_with_them(history):
    packed = base64.b64encode(gzip.compress(history.to_file())).decode()
    opened = saved_run._read({"name": "own.bnviz", "size": 1, "data": packed})
    assert opened.history is None
    assert "has functions of one's own, hard, largest and slow, which this site does not have" in opened.refusal


def test_a_page_has_no_link_and_says_why(history):
    assert "which no link can hold" in page(history) and "lab?" not in page(history).partition("<footer")[2][:2000]


def test_the_command_shows_a_history_and_says_that_no_link_has_it(history, tmp_path):
    history.save(tmp_path / "own.bnviz")
    done = subprocess.run(
        [sys.executable, "-m", "bnviz", "show", str(tmp_path / "own.bnviz")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0 and "not in the Lab: activation was hard" in done.stdout
