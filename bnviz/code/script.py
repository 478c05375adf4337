"""A run as a script that trains it again: the same initial weights and mini-batches, and so the same losses.

A script has parts (``ScriptPart``), which a notebook shows one by one. What a
program of any run has is written in ``pytorch``; what makes it this run, in
``script_data``, ``script_training`` and ``script_chance``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bnviz.code.pytorch import network, optimizer
from bnviz.code.pytorch_classes import classes
from bnviz.code.script_chance import NOISE, SEEDED, dropout
from bnviz.code.script_data import data
from bnviz.code.script_training import initial_weights, mini_batches, training
from bnviz.code.writing import NOTES, WIDTH, block
from bnviz.datasets import DATASETS
from bnviz.run import Run
from bnviz.streams import STREAMS

ARGUMENT, BESIDE = 'Path(sys.argv[1] if sys.argv[1:] else "{0}")', 'Path("{0}")'
"""Where published files lie: in the folder that a script is told, or in one beside a notebook."""

IMPORTS = {
    "gzip.": "import gzip", "math.": "import math", "sys.": "import sys", "Path(": "from pathlib import Path",
}  # fmt: skip
"""What of the standard library is imported where it is used."""
GENERATOR = '''\
def generator(purpose):
    """The random numbers of one purpose, whatever is drawn for others."""
    word = np.random.SeedSequence((SEED, purpose, 0)).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(word >> 1))'''
SETTINGS = """\
torch.set_num_threads(1)  # networks this small are fastest on one
torch.set_flush_denormal(True)  # vanishing gradients would slow them down"""

ACCURACY = """\
network.eval()
with torch.no_grad():
    right = network(test_x).argmax(1) == test_y
print(f"test accuracy {right.float().mean():.4f}")"""


@dataclass(frozen=True)
class ScriptPart:
    """One part of a script: what it is about, and the pieces of text that it consists of."""

    title: str
    pieces: tuple[str, ...]

    @property
    def text(self) -> str:
        return joined(self.pieces)


def to_script(run: Run, seed: int, steps: int, rates: Mapping[int, float] | None = None) -> str:
    """The run with this seed as one file for torch, numpy and scikit-learn that prints the losses of its steps.

    ``rates`` are learning rates that come later: after so many steps, this one.
    The loss of a step is that of its mini-batch before the update, as a
    ``Snapshot`` of this step has it.
    """
    every = [piece for part in parts(run.told_in("a program"), seed, steps, rates) for piece in part.pieces]
    return joined([_docstring(run, seed, steps), *every]) + "\n"


def parts(
    run: Run, seed: int, steps: int, rates: Mapping[int, float] | None = None, in_notebook: bool = False
) -> list[ScriptPart]:
    """The same without its docstring, in parts, each of which needs those before it.

    A notebook shows a curve instead of printed losses, and is told no folder.
    """
    files, folder = DATASETS[run.dataset].files, BESIDE if in_notebook else ARGUMENT
    later = {step + 1: rate for step, rate in (rates or {}).items() if step < steps}
    updates = optimizer(run.replace(half_life=None, schedule="constant"))  # how the rate moves is told in the loop
    told = [
        ScriptPart("Data", tuple(data(run, folder.format(files.folder) if files else ""))),
        ScriptPart("Network", (*_classes(run), _network(run), initial_weights(run))),
        ScriptPart("Mini-batches", (mini_batches(run),)),
        ScriptPart("Training", (updates, training(run, later, 0 if in_notebook else steps))),
        ScriptPart("Test", (ACCURACY,)),
    ]
    return [_set_up(seed, steps, run.batch_size, "\n".join(part.text for part in told)), *told]


def joined(pieces: Sequence[str]) -> str:
    """The pieces with as many empty lines between them as Python files have."""
    text = ""
    for before, piece in zip(("", *pieces), pieces, strict=False):
        defines = piece.startswith(("def ", "class ")) or before.startswith(("def ", "class "))
        text += ("\n\n\n" if defines else "\n\n") * bool(before) + piece
    return text


def _docstring(run: Run, seed: int, steps: int) -> str:
    row = DATASETS[run.dataset]
    needs = "torch and numpy" if row.plane or row.files else "torch, numpy and scikit-learn"
    folder = f" Its argument is the folder of {row.files.title}'s files." if row.files else ""
    return block(
        textwrap.fill(f'"""{run.describe()}: seed {seed}, {steps} steps.', WIDTH),
        "",
        textwrap.fill(
            "The same initial weights and mini-batches as in bnviz, and so, but for rounding, the same losses: each "
            f"that of a step's mini-batch before the update. It needs {needs}.{folder}", WIDTH,
        ),
        '"""',
    )  # fmt: skip


def _set_up(seed: int, steps: int, batch_size: int, text: str) -> ScriptPart:
    """What the other parts, which are this text, make use of."""
    standard = [line for word, line in IMPORTS.items() if word in text]
    digits = "from sklearn.datasets import load_digits" if "load_digits" in text else None
    purposes = [word for word in STREAMS if re.search(rf"\b{word.upper()}\b", text)]
    return ScriptPart("Set-up", (
        *([block(*standard)] if standard else []),
        block("import numpy as np", "import torch", digits, "from torch import nn"),
        block(
            f"SEED, STEPS, BATCH = {seed}, {steps}, {batch_size}",
            "# Each purpose has random numbers of its own.",
            f"{', '.join(word.upper() for word in purposes)} = {', '.join(str(STREAMS[word]) for word in purposes)}",
        ),
        SETTINGS,
        GENERATOR,
    ))  # fmt: skip


def _classes(run: Run) -> list[str]:
    return [*classes(run, noise=NOISE), *([dropout(run)] if run.dropout else [])]


def _network(run: Run) -> str:
    notes = (textwrap.fill(f"# {words}", WIDTH, subsequent_indent="# ") for when, words in NOTES if when(run))
    return block(*notes, network(run, SEEDED))
