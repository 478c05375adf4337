"""What a study found, in words: computed from its table, by the one rule by which runs are judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from bnviz.experiment import arm_label
from bnviz.lessons.judging import POINT, by_factor, by_sign, versus
from bnviz.lessons.lesson import UNDECIDED
from bnviz.lessons.reading import spread
from bnviz.table import Table

AS_FAR = 0.01
"""Two distances from a Gaussian are level within this: half of what chance makes of 1,437 values of a Gaussian."""

GAUSSIAN = {
    "nearer": "Wu + b is nearer to a Gaussian than u",
    "level": f"as near, within {AS_FAR}",
    "farther": "farther from it",
    UNDECIDED: "not told by these seeds",
}
BESIDE_BN = {
    "more": "more than BN", "less": "less than BN", "level": "as BN", UNDECIDED: "not told from BN by these seeds"
}  # fmt: skip
"""Outcome to what is said of all that have it."""


def more_gaussian(table: Table) -> str:
    """With which activations a layer's linear map gives something nearer to a Gaussian than what the layer received."""
    return " ".join(_more_gaussian_at(step, table.where(step=step)) for step in table.different("step"))


def _more_gaussian_at(step: int, table: Table) -> str:
    activations = table.different("activation")
    outcomes = {}
    for each in activations:
        u, mapped = (np.array(table.where(activation=each, signal=signal).numbers("distance"))
                     for signal in ("u", "Wu + b"))  # fmt: skip
        outcomes[each] = by_sign(versus(u, mapped, AS_FAR, of=2 * len(activations)), "nearer", "farther", "level")
    return f"{f'After {step:,} steps' if step else 'Before the first step'} {grouped(outcomes, GAUSSIAN)}."


def one_for_all(table: Table) -> str:
    """How many examples get one class, how far units are from 0, and what gradients agree on; plain beside BN."""
    output, hidden = (table.where(layer=layer) for layer in ("output", "last hidden"))
    return " ".join([
        _beside_bn("Examples that get the most frequent class", output, "named", np.nanmax, True),
        _beside_bn("Mean of the last hidden layer’s median unit, in its deviations", hidden, "offset", np.nanmedian),
        _beside_bn("What is kept of the gradients in its weights", hidden.where(unit=None), "kept", np.max, True),
    ])  # fmt: skip


def _beside_bn(
    what: str, table: Table, quantity: str, how: Callable[[np.ndarray], float], percent: bool = False
) -> str:
    read = {arm: over_units(table.where(arm=arm), quantity, how) for arm in table.different("arm")}
    compared = partial(versus, margin=POINT) if percent else by_factor
    plain = [arm for arm in read if arm != "bn"]
    outcomes = {
        arm_label(arm): by_sign(compared(read[arm], read["bn"], of=3 * len(plain)), "more", "less", "level")
        for arm in plain
    }
    values = ", ".join(spread(arm, each, percent) for arm, each in read.items())
    return f"{what}: {values}; {grouped(outcomes, BESIDE_BN)}."


def grouped(outcomes: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Who has which outcome, in the order of the words: ``more than BN: plain; less than BN: none``."""
    groups = {outcome: [name for name, own in outcomes.items() if own == outcome] for outcome in words}
    return "; ".join(f"{words[outcome]}: {', '.join(group)}" for outcome, group in groups.items() if group)


def over_units(table: Table, quantity: str, how: Callable[[np.ndarray], float]) -> np.ndarray:
    """One number a seed: what ``how`` makes of its rows, ``(seeds,)``."""
    return np.array([how(np.array(table.where(seed=seed).numbers(quantity))) for seed in table.different("seed")])


SENTENCES: dict[str, Callable[[Table], str]] = {"gaussianity": more_gaussian, "channels": one_for_all}
"""Name of a study to what is said of its whole table."""


def found(study: str, table: Table) -> str:
    """What the study of this name found; empty while it is measured, and of a study whose figure says it all."""
    return SENTENCES[study](table) if study in SENTENCES and table.share == 1 else ""
