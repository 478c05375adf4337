"""Learning rates that change on the way: at which step, to what, of which arm. Knows no experiment and no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bnviz.fields import is_truth_value, quoted, whole_number
from bnviz.run import FIELDS

MOST_CHANGES, LAST_STEP = 200, 10**9
"""More of them a link could not carry everywhere, and no run comes so far."""


class RateChange(NamedTuple):
    """After ``step`` steps the learning rate becomes ``rate``: of one arm, or, without a name, of all."""

    step: int
    rate: float
    arm: str | None = None


def rate_changes(given: object, arms: Iterable[str]) -> tuple[RateChange, ...]:
    """What was given as changes of the rates of these arms: pairs of a step and a rate, or triples with an arm's name.

    Raises:
        ValueError: it is something else, or more than 200; a step that no run has, or before the one in front of it; a
            rate that no run may have; an arm that there is not.
    """
    if not isinstance(given, Iterable) or isinstance(given, str):
        raise ValueError(f"changes was {quoted(given)}; allowed are pairs such as (150, 1.0): a step and a rate.")
    changes = tuple(_change(each, tuple(arms)) for each in given)
    if len(changes) > MOST_CHANGES:
        raise ValueError(f"there were {len(changes)} changes of the learning rate; allowed are up to {MOST_CHANGES}.")
    for before, after in pairwise(changes):
        if after.step < before.step:
            raise ValueError(f"a change at step {after.step} came behind one at step {before.step}; try them in order.")
    return changes


def _change(given: object, arms: Sequence[str]) -> RateChange:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) not in (2, 3):
        raise ValueError(f"a change was {quoted(given)}; allowed is (step, rate) or (step, rate, arm).")
    step, rate, arm = (*given, None)[:3]
    field = FIELDS["learning_rate"]
    if is_truth_value(rate) or not isinstance(rate, int | float) or not (field.low or 0) <= rate <= (field.high or 0):
        raise ValueError(f"a change was to the rate {quoted(rate)}; allowed is {field.allowed}.")
    if arm is not None and arm not in arms:
        raise ValueError(f"a change was of the arm {quoted(arm)}; allowed here are {', '.join(arms)}.")
    at = whole_number("the step of a change", step, 1)
    if at > LAST_STEP:
        raise ValueError(f"the step of a change was {at:,}; allowed is 1 to {LAST_STEP:,}.")
    return RateChange(at, float(rate), arm)


def turned(changes: Iterable[RateChange], new: RateChange) -> tuple[RateChange, ...]:
    """The changes of a run that somebody changed by hand: those still to come no longer do, nor one that it undoes."""
    stay = [
        change
        for change in changes
        if change.step < new.step or (change.step == new.step and new.arm not in (None, change.arm))
    ]
    return (*stay, new)
