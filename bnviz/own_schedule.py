"""A rate schedule of one's own: from a function to the word that a ``Run`` has for it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bnviz.fields import InvalidChoice, quoted
from bnviz.own_functions import made, short

TRIED = 500
"""So many steps, as many as a schedule has by default, a function is tried for."""


def schedule_from(function: Callable[..., float], name: str = "own") -> str:
    """The word of a rate schedule of your own: ``Run(schedule=schedule_from(lambda step: 0.99**step, name="slow"))``.

    ``function(step)``, or ``function(step, steps)``, is the factor on the learning rate in the step after ``step``
    others; ``steps`` is the run's ``schedule_steps``. It is called in every step and gives a finite number of 0 or
    more, the same for the same step. ``name`` (24 letters, digits and -) is what captions call it. It lives in this
    process: no link and no script holds it, and to go on from a saved history it is made again.

    Raises:
        InvalidChoice: it is no function, or gave something else for one of the first 500 steps, or later on.
    """
    if not callable(function):
        raise InvalidChoice(f"function was {quoted(function)}; allowed is a function of a step: try lambda step: 1.0.")
    own, takes = short(name), _takes(function)

    def factor(step: int, length: int) -> float:
        try:
            value = float(function(step, length) if takes == 2 else function(step))
        except Exception as error:
            raise InvalidChoice(_sentence(own, step, f"raised {type(error).__name__}: {error}")) from error
        if not (math.isfinite(value) and value >= 0):
            raise InvalidChoice(_sentence(own, step, f"gave {value:g}"))
        return value

    gives = [[factor(step, TRIED) for step in range(TRIED + 1)] for _ in range(2)]
    if gives[0] != gives[1]:
        raise InvalidChoice(
            f"the schedule {own} gave other factors the second time; allowed is one that gives the same for the same "
            "step: leave out what it draws or remembers."
        )
    return made("schedule", own, np.array(gives[0]), factor)


def _takes(function: Callable[..., Any]) -> int:
    """How many numbers it asks for: 2, or 1."""
    try:
        given = inspect.signature(function).parameters.values()
    except ValueError:  # some of Python's own functions do not tell
        return 1
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return 2 if sum(each.kind in positional and each.default is each.empty for each in given) == 2 else 1


def _sentence(name: str, step: int, what: str) -> str:
    return (
        f"the schedule {name} {what} for step {step:,}; allowed is a finite factor of 0 or more: try max(0.0, ...) "
        "around it."
    )
