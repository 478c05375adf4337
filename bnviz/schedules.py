"""How a learning rate changes by itself: one row a word, which every floor reads and which needs no torch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from bnviz.own_functions import WithOwn, needed


class Schedule(NamedTuple):
    """What a learning rate is multiplied by in the step after ``step`` others, on a way of ``length`` steps.

    ``factor(step, length)`` is a number from 0 to 1; ``text`` is the same as a line of Python with these two names.
    """

    factor: Callable[[int, int], float]
    text: str


SCHEDULES = WithOwn({
    "constant": Schedule(lambda step, length: 1.0, "1.0"),
    "step": Schedule(lambda step, length: 0.1 ** (step // length), "0.1 ** ({step} // {length})"),
    "cosine": Schedule(
        lambda step, length: (1 + math.cos(math.pi * min(step / length, 1))) / 2,
        "(1 + math.cos(math.pi * min({step} / {length}, 1))) / 2",
    ),
    "warmup": Schedule(lambda step, length: min((step + 1) / length, 1.0), "min(({step} + 1) / {length}, 1)"),
}, lambda word: Schedule(needed(word), ""))  # fmt: skip
"""Word to row. A cosine ends at 0 and stays there; a warm-up ends at the whole rate.

Source: Loshchilov & Hutter 2017, section 3, on the cosine, without restarts; Goyal et al. 2017, section 2.2, on the
warm-up.
"""


def written(schedule: str, step: str, length: int) -> str:
    """The factor as a line of Python, of a name for the steps that were taken."""
    return SCHEDULES[schedule].text.format(step=step, length=length)
