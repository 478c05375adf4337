"""An experiment as a Jupyter notebook: every arm's program in cells, the curve of their losses, and three questions."""

from __future__ import annotations

from typing import Any

import nbformat
import numpy as np
from nbformat import v4

from bnviz.code.cells import BEGUN, KEPT, LINES, METADATA, SHOWN, recorded
from bnviz.code.script import ScriptPart, parts
from bnviz.experiment import Experiment, arm_label
from bnviz.export.questions import questions
from bnviz.export.scripts import STEPS, arm_of, rates_of, seed_of, trainable
from bnviz.fields import whole_number
from bnviz.lessons.reading import sentence_start
from bnviz.link import to_query, to_text
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.wording import listed

DOTS = 50
"""At most about so many recorded losses of an arm are drawn."""
ABOUT = {
    "set-up": ("Set-up", "Libraries, and random numbers by the seed: one stream for each purpose."),
    "data": ("Data", "What the network learns from, and what it is tested on."),
    "network": ("Network", "The layers, and their first weights."),
    "mini-batches": ("Mini-batches", "Which examples a step sees."),
    "training": ("Training", "The loss of each step is that of its mini-batch, before the update."),
    "test": ("Test", "In eval mode, on examples that it was not trained on."),
}
"""The title of a part of a script, in lower case, to what stands above its cell and what it is."""
AGAIN = ("network", "training", "test")
"""What every arm has for itself; other parts are shown again where they differ."""


def notebook(
    experiment: Experiment, arm: str | None = None, seed: int | None = None, steps: int = STEPS,
    history: History | None = None,
) -> str:  # fmt: skip
    """The experiment as a notebook that trains it again: the programs of ``script`` in cells, a curve, three questions.

    It needs torch, numpy, scikit-learn and plotly, not bnviz. All arms are in it
    unless one is named. With a ``history`` its losses of this seed are drawn as
    dots beside what was trained in the notebook.

    Raises:
        InvalidChoice, ValueError: as ``script``.
    """
    seed, steps = seed_of(experiment, seed), whole_number("steps", steps, 1)
    arms = [*experiment.arms] if arm is None else [arm_of(experiment, arm)]
    runs = {name: trainable(experiment.arms[name]) for name in arms}
    chosen = Experiment(arms=runs, seeds=experiment.seeds)
    cells = [v4.new_markdown_cell(_opening(experiment, runs, seed, steps))]
    shown: dict[str, str] = {}
    for name, run in runs.items():
        for part in parts(run, seed, steps, rates_of(experiment, name), in_notebook=True):
            title = part.title.lower()
            if title in AGAIN or shown.get(title) != part.text:
                cells += _cells(part, name, alone=title not in AGAIN and title not in shown)
            shown[title] = part.text
    cells += [
        v4.new_markdown_cell("## The curve"),
        v4.new_code_cell(LINES + (_recorded(history, arms, seed, steps) if history else "") + SHOWN),
        v4.new_markdown_cell("\n".join(["## Three questions", "", *(f"1. {each}" for each in questions(chosen))])),
    ]
    cells[2].source += BEGUN
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    text: str = nbformat.writes(v4.new_notebook(cells=cells, metadata=METADATA))
    return text + "\n"


def _opening(experiment: Experiment, runs: dict[str, Run], seed: int, steps: int) -> str:
    names = [f"- **{arm_label(name)}**: {run.describe()}" for name, run in runs.items()]
    title = listed(map(arm_label, runs)) if len(runs) < 3 else f"{len(runs)} networks"
    return "\n".join([
        f"# {sentence_start(title)}, trained again", "",
        *names, "",
        f"Seed {seed}, {steps} steps. The same initial weights and mini-batches as in bnviz, and so, but for rounding, "
        "the same losses. It needs torch, numpy, scikit-learn and plotly; each cell needs those above it.", "",
        f"The experiment in bnviz: `lab?{to_text(to_query(experiment))}`",
    ])  # fmt: skip


def _cells(part: ScriptPart, arm: str, alone: bool) -> list[Any]:
    """What a part is, and its text; behind its training an arm's losses are kept. One that is ``alone`` serves all."""
    title, about = ABOUT[part.title.lower()]
    above = title if alone else f"{title}: {arm_label(arm)}"
    kept = KEPT.format(arm=arm) if part.title.lower() == "training" else ""
    return [v4.new_markdown_cell(f"## {above}\n\n{about}"), v4.new_code_cell(part.text + kept)]


def _recorded(history: History, arms: list[str], seed: int, steps: int) -> str:
    """The losses that were seen of this seed, step by step; nothing where none were."""
    if seed not in history.experiment.seeds:
        return ""
    row = history.experiment.seeds.index(seed)
    seen = [each for each in history if 0 < each.step <= steps]
    seen = seen[:: -(-len(seen) // DOTS)] if seen else []
    losses = {}
    for arm in arms:
        dots = {each.step: each[arm]["train_loss"][row] for each in seen if "train_loss" in each.arms.get(arm, {})}
        losses[arm] = {step: loss for step, loss in dots.items() if np.isfinite(loss)}
    known = {arm: dots for arm, dots in losses.items() if dots}
    return recorded(known) if known else ""
