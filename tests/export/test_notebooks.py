"""The notebook of an experiment: valid, executed as it stands, with the losses of the run, and three questions."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from bnviz.engine import record
from bnviz.experiment import Experiment
from bnviz.export import notebook
from bnviz.export.questions import questions
from bnviz.lessons.presets import PRESETS, SUGGESTIONS, twins
from bnviz.run import Run

STEPS = 12
SMALL = twins(Run(dataset="moons", depth=2, width=8, learning_rate=0.1, dropout=0.2), seeds=[1, 3])
FAR_APART = {"one": Run(dataset="mnist", batch_size=30), "other": Run(network="rnn", normalization="layer")}
EXPERIMENTS = {
    "small": SMALL, **PRESETS, **{each.title: each.experiment for each in SUGGESTIONS},
    "one arm": Experiment(arms={"plain": Run(half_life=9)}), "far apart": Experiment(arms=FAR_APART),
}  # fmt: skip
every_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)


def sources(text, kind):
    return [cell.source for cell in nbformat.reads(text, 4).cells if cell.cell_type == kind]


@every_experiment
def test_it_is_valid_and_the_same_each_time(experiment):
    text = notebook(experiment)
    nbformat.validate(nbformat.reads(text, 4))
    assert notebook(experiment) == text


@every_experiment
def test_every_code_cell_compiles(experiment):
    for source in sources(notebook(experiment), "code"):
        compile(source, "cell", "exec")


def test_what_the_arms_share_is_written_once():
    cells = sources(notebook(SMALL), "code")
    found = {word: sum(word in cell for cell in cells) for word in ("rng.uniform", "def mini_batches", "nn.Sequential")}
    assert found == {"rng.uniform": 1, "def mini_batches": 1, "nn.Sequential": 2}


def test_one_arm_can_be_named():
    text = notebook(SMALL, "bn")
    assert 'curves["bn"]' in "".join(sources(text, "code")) and "plain" not in text.split("lab?")[0]


def test_recorded_losses_are_drawn_as_dots():
    history = record(SMALL, steps=STEPS, every=4, probes=False)
    *_, curve = sources(notebook(SMALL, seed=3, steps=STEPS, history=history), "code")
    losses = [float(loss) for loss in re.findall(r"\d+: ([\d.e-]+)", re.search(r'"bn": {(.*)}', curve)[1])]
    assert losses == pytest.approx(history.series("bn", "train_loss")[1:, 1], rel=1e-3)


def test_a_history_of_other_seeds_has_nothing_to_draw():
    history = record(SMALL.replace(seeds=[9]), steps=4, every=2, probes=False)
    assert notebook(SMALL, history=history) == notebook(SMALL)


@pytest.mark.slow
def test_executed_it_trains_what_was_recorded():
    cells = nbformat.reads(notebook(SMALL, seed=3, steps=STEPS), 4)
    cells.cells.append(nbformat.v4.new_code_cell("curves"))
    NotebookClient(cells, timeout=250, startup_timeout=250, kernel_name="python3").execute()
    *_, drawn, _, told = cells.cells
    curves = eval(told.outputs[0].data["text/plain"])
    history = record(SMALL, steps=STEPS, every=1, probes=False)
    for arm, losses in curves.items():
        assert losses == pytest.approx(history.series(arm, "train_loss")[1:, 1], rel=1e-3)
    assert {"plain", "bn"} <= {line["name"] for line in drawn.outputs[0].data["application/vnd.plotly.v1+json"]["data"]}


@every_experiment
def test_three_questions_are_asked(experiment):
    asked = questions(experiment)
    assert len(set(asked)) == 3 and all(each.count("?") and len(each) < 250 for each in asked)
    assert sources(notebook(experiment), "markdown")[-1].count("\n1. ") == 3


def test_the_first_question_names_what_the_arms_differ_in():
    assert "differ in normalization (none and batch norm)" in questions(SMALL)[0]
    assert questions(Experiment(arms={"a": Run(), "b": Run(learning_rate=5.0)}))[0].startswith(
        "A and b differ in learning rate (0.5 and 5)."
    )


def test_a_network_without_biases_is_asked_about_them():
    assert any("have no bias" in each for each in questions(SMALL))
    assert not any("bias" in each for each in questions(Experiment(arms={"plain": Run()})))
