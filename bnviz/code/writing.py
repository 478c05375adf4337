"""What the programs share: numbers and calls as text, the order of a layer's sites, what a mini-batch holds.

Knows no library. A new field of ``Run`` is a row here or in the tables of a
library; a test asks of every field whether the program tells it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence

from bnviz.datasets import DATASETS
from bnviz.run import Run

WIDTH = 88

PLACEMENTS: dict[str, tuple[str, ...]] = {
    "before": ("normalization", "nonlinearity"),
    "after": ("nonlinearity", "normalization"),
    "around": ("normalization", "nonlinearity", "gamma_and_beta"),
}
"""Word to the sites behind a linear map, in order, where the run normalizes."""
FORMULAS = {
    "normalization": "normalization({})",
    "nonlinearity": "nonlinearity({})",
    "gamma_and_beta": "gamma * {} + beta",
}
"""Site to what it makes of its input."""
VARIANTS = {
    "batch": "Batch normalization",
    "noisy": "Batch normalization",
    "l1": "Batch normalization by the mean distance from the mean",
    "linf": "Batch normalization by the largest distance from the mean",
    "detached": "Batch normalization whose gradient takes mean and variance for constants",
}
"""Word to what a class says that a library lacks."""
Notes = tuple[tuple[Callable[[Run], bool], str], ...]
NOTES: Notes = (
    (lambda run: not run.has_bias, "Hidden layers have no bias: the batch mean would subtract it."),
)
"""What a reader may wonder at, and of which runs."""


def number(value: float) -> str:
    """As short as can be, and read back to the same bits: ``0.5``, ``1e-5``."""
    return re.sub(r"e-0(?=\d)", "e-", repr(value))


def call(name: str, /, *given: object, indent: int = 0, **named: object) -> str:
    """A call as text: strings are code, what is None is left out, and a long one takes a line an argument.

    ``indent`` is the column at which its line begins. One column is kept for a comma.
    """
    arguments = [_text(value) for value in given]
    arguments += [f"{word}={_text(value)}" for word, value in named.items() if value is not None]
    line = f"{name}({', '.join(arguments)})"
    if indent + len(line) < WIDTH:
        return line
    margin = " " * indent
    return block(f"{name}(", *(f"{margin}    {each}," for each in arguments), f"{margin})")


def _text(value: object) -> str:
    return value if isinstance(value, str) else number(value)  # type: ignore[arg-type]


def sites(run: Run) -> tuple[str, ...]:
    """What stands behind a linear map, in order."""
    return PLACEMENTS[run.placement] if run.normalization != "none" else ("nonlinearity",)


def scales(run: Run) -> bool:
    """Whether the normalization has gamma and beta of its own, and not behind the nonlinearity."""
    return run.affine and "gamma_and_beta" not in sites(run)


def only(wanted: bool, value: object) -> object:
    """The value where it is wanted; None, which leaves an argument out, where it is not."""
    return value if wanted else None


def repeated(first: object, then: object, times: int) -> str:
    """A list that begins with one thing and goes on with another: ``[64] + [100] * 2``."""
    return f"[{first}] + [{then}] * {times}" if times > 1 else f"[{', '.join(map(str, [first, then][: times + 1]))}]"


def block(*lines: str | None) -> str:
    """The lines that are there, one below the other."""
    return "\n".join(line for line in lines if line is not None)


def loop(header: str, layers: Sequence[str]) -> str:
    """A loop that adds these layers to the list of layers, one a line."""
    if len(layers) == 1:
        return block(f"for {header}:", f"    layers += [{layers[0]}]")
    return block(f"for {header}:", "    layers += [", *(f"        {layer}," for layer in layers), "    ]")


def head(run: Run, notes: Notes, *imports: str) -> str:
    """What the program is and what is to be known of it, in comments, and what it imports."""
    words = (run.describe(), *(words for when, words in (*NOTES, *notes) if when(run)))
    comments = (textwrap.fill(each, WIDTH, initial_indent="# ", subsequent_indent="# ") for each in words)
    return block(*comments, *imports)


def used(classes: Sequence[str], module: str, *lines: str) -> tuple[str, ...]:
    """The lines that import a module, where a class makes use of it."""
    return lines if f"{module}." in "".join(classes) else ()


def docstring(*lines: str) -> str:
    """A docstring inside a class or function: a sentence, and below it lines that may be long."""
    first, *more = lines
    opening = textwrap.fill(f'    """{first}', WIDTH, subsequent_indent="    ")
    if not more:
        return f'{opening}"""'
    wrapped = (textwrap.fill(f"    {line}", WIDTH, subsequent_indent="        ") for line in more)
    return block(opening, "", *wrapped, '    """')


def program(top: str, classes: Sequence[str], statements: Sequence[str], functions: Sequence[str]) -> str:
    """The parts with as many blank lines between them as Python files have."""
    body = "\n\n".join(statements if classes else [top, *statements])
    return "\n\n\n".join([*([top, *classes] if classes else []), body, *functions]) + "\n"


def variant(run: Run) -> str:
    """What a class for this normalization over the mini-batch says of itself."""
    eps = "" if run.eps else ", with an eps of 0"
    ghosts = f" Every {run.ghost_size} examples that follow each other share statistics." if run.ghost_size else ""
    return docstring(f"{VARIANTS[run.normalization]}{eps}.{ghosts}")


def recurrence(run: Run) -> str:
    """A recurrent layer as a formula: ``h_t = nonlinearity(normalization(W [x_t, h_t-1])), h_0 = 0.``"""
    formula, steps = f"W [x_t, h_t-1]{' + b' if run.has_bias else ''}", DATASETS[run.dataset].side
    for site in sites(run):
        formula = FORMULAS[site].format(formula)
    return docstring(f"h_t = {formula}, h_0 = 0.", f"(batch, {steps}, inputs) to (batch, {steps}, {run.width}).")


def step_words(run: Run) -> str:
    """The docstring of the function that takes a step: what ``x`` and ``labels`` are."""
    row, chosen, size = DATASETS[run.dataset], data_choices(run), run.batch_size
    return docstring(
        "One step on a mini-batch; its loss before the step.",
        f"x: ({size}, {row.features}) float32; labels: ({size},) class numbers, 0 to {row.classes - 1}.",
        f"Data: {row.meaning or row.label}" + (f" Here: {'; '.join(chosen)}." if chosen else ""),
    )


def data_choices(run: Run) -> list[str]:
    """What was chosen of the data beside their name, in words."""
    row = DATASETS[run.dataset]
    noise = row.noise if run.noise is None else run.noise
    rows = (
        (run.samples, f"{run.samples} examples{'' if row.files else ', 80% of them to train on'}"),
        (noise, f"noise of deviation {noise:g} on every input"),
        (run.label_noise, f"{100 * run.label_noise:g}% of the training labels drawn at random"),
        (not run.shuffle, "every epoch repeats the mini-batches of the first"),
    )
    return [words for chosen, words in rows if chosen]
