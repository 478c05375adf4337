"""One unit, inside: what is read of a single unit's mini-batch, and where in one row of numbers each part stands.

A reading is a vector of float32: ``HEAD``, then for each of ``parts(run)`` one number an example of the mini-batch
that the network learns from next, ``MOST_EXAMPLES`` at most. A mini-batch that is smaller leaves the rest NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bnviz.fields import quoted, whole_number
from bnviz.run import Run

Unit = tuple[int, int]
"""A layer and a unit of it, both counted from 1."""

MOST_EXAMPLES = 64
"""So many examples of a mini-batch are shown one by one, the first ones; means, deviations and shares are of all."""

SPREADS, STATISTICS = ("x", "hat", "input"), ("mean", "deviation", "low", "high")
HEAD = ("layer", "unit", "examples", "gamma", "beta", "flat",
        *(f"{values}_{statistic}" for values in SPREADS for statistic in STATISTICS))  # fmt: skip
"""Which unit; the size of its mini-batch; gamma and beta (NaN without); the share of what the nonlinearity receives
where that is nearly flat; and of the linear sum, of x-hat (NaN without) and of what the nonlinearity receives mean and
deviation, and the mean less and plus one deviation."""

NORMALIZED, SCALED, NOISY = "x_hat", "scaled", "noisy"


def stages(run: Run, site: str) -> tuple[str, ...]:
    """What is done ``before`` or ``after`` the nonlinearity, in order: x-hat, gamma x-hat + beta, the noise."""
    done = {
        NORMALIZED: run.normalizes(site), SCALED: run.scales(site),
        NOISY: run.normalizes(site) and run.normalization == "noisy",
    }  # fmt: skip
    return tuple(stage for stage, is_done in done.items() if is_done)


def parts(run: Run) -> tuple[str, ...]:
    """What is read of every example: ``x`` = w·x + b, the stages, what the nonlinearity gives and its slope there, and
    the example's class."""
    return ("x", *stages(run, "before"), "output", "slope", *stages(run, "after"), "class")


def received(run: Run) -> str:
    """The part that the nonlinearity receives."""
    return ("x", *stages(run, "before"))[-1]


def length(run: Run) -> int:
    """How many numbers a reading has."""
    return len(HEAD) + len(parts(run)) * MOST_EXAMPLES


def place(run: Run, word: str) -> tuple[int, int]:
    """Where a number of the head, or a part, begins in a reading and ends."""
    if word in HEAD:
        return HEAD.index(word), HEAD.index(word) + 1
    begin = len(HEAD) + parts(run).index(word) * MOST_EXAMPLES
    return begin, begin + MOST_EXAMPLES


def unit_of(given: object) -> Unit:
    """What was given as a layer and a unit. Raises ValueError for anything else."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != 2:
        raise ValueError(f"a unit was {quoted(given)}; allowed is (layer, unit), both counted from 1: try (1, 1).")
    return whole_number("the layer of a unit", given[0], 1), whole_number("the unit of a layer", given[1], 1)


def has(run: Run, unit: Unit) -> bool:
    """Whether a network has this unit."""
    layer, number = unit
    return 1 <= layer <= run.depth and 1 <= number <= run.width


@dataclass(frozen=True)
class Inside:
    """One unit of every arm that has it, at one step: arm to reading."""

    step: int
    unit: Unit
    arms: Mapping[str, np.ndarray]
