"""The one rule by which runs are judged, for every verdict and for the sentence above the charts.

What was measured on a few seeds is known up to an interval of confidence (Student's t; arms are compared by their
paired differences). A statement is made where the whole interval carries it: that an arm has more, if the interval
lies beyond 0; that two are alike, if it lies within a margin that is named. Where it does neither, nothing is said,
so that *not shown to differ* is never told as *alike*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from bnviz.lessons.arithmetic.student import quantile
from bnviz.lessons.lesson import UNDECIDED
from bnviz.run import Run
from bnviz.sweeps import trained_from

PAGE_RATE, PAGE_VERDICTS = 0.05, 8
RATE = PAGE_RATE / PAGE_VERDICTS
"""How often an interval misses the truth. A page judges up to eight trials: all its verdicts together err in no more
than 5 of 100 readings (Bonferroni). A verdict that several comparisons could bring about shares its rate among them."""

POINT, TWO_POINTS = 0.01, 0.02
"""Accuracies whose difference is shown to be smaller than one point are level, unless a trial names another margin: the
other where both networks learn well."""

GRAIN = 1 / 360 / 6**0.5
"""The error of a difference between two shares of the digits' 360 test examples that comes of counting in whole ones.
Without it two seeds that happen to differ by as many examples would be as sure as a thousand."""

TENTH = 0.1
"""Quantities whose ratio is shown to be within a tenth are alike."""

CHANCE, LEARNS = 0.2, trained_from(Run())
"""Of ten classes a guess is right once in ten. Below the one accuracy a network stands at chance; above the other it
*learns*: it has come half way from guessing to certainty, to 55%, as on the map. The word means this in every check."""


def interval(values: np.ndarray, of: int = 1) -> tuple[float, float]:
    """Between which numbers the mean over seeds lies, ``(seeds,)`` to low and high, at ``RATE`` shared by ``of``.

    One seed says nothing of others, and a seed without a finite value might have had any: then it is anywhere.
    """
    values, count = np.asarray(values, dtype=float), len(values)
    if count < 2 or not np.isfinite(values).all():
        return -np.inf, np.inf
    error = np.hypot(values.std(ddof=1), GRAIN) / count**0.5
    reach = quantile(count - 1, 1 - RATE / of) * error
    return float(values.mean() - reach), float(values.mean() + reach)


def place(values: np.ndarray, *cuts: float, of: int = 1) -> int | None:
    """Between which of these numbers the mean lies: 0 below the first, 1 behind it, and so on; None astride of one."""
    low, high = (int(np.searchsorted(cuts, end)) for end in interval(values, of))
    return low if low == high else None


def exceeds(values: np.ndarray, cut: float, of: int = 1) -> bool | None:
    """Whether the mean is larger than this; None where the seeds do not tell."""
    found = place(values, cut, of=of)
    return None if found is None else found == 1


def learns(accuracy: np.ndarray, of: int = 1) -> bool | None:
    """Whether a network learns: has more than ``LEARNS`` right on average; None where the seeds do not tell."""
    return exceeds(accuracy, LEARNS, of)


def at_chance(accuracy: np.ndarray, of: int = 1) -> bool | None:
    """Whether a network is no better than a guess; None where the seeds do not tell."""
    above = exceeds(accuracy, CHANCE, of)
    return None if above is None else not above


def versus(first: np.ndarray, second: np.ndarray, margin: float = POINT, of: int = 1) -> int | None:
    """1 if the first has more, -1 if the second has, 0 if they are level within ``margin``; None if nothing is shown.

    Both are ``(seeds,)``, and what stands in one place belongs to one seed.
    """
    low, high = interval(np.asarray(first) - np.asarray(second), of)
    if -margin <= low and high <= margin:
        return 0
    return 1 if low > 0 else -1 if high < 0 else None


def ahead(first: np.ndarray, second: np.ndarray, margin: float = POINT, of: int = 1) -> bool | None:
    """Whether the first has more; no where it has at most ``margin`` more, None where the seeds do not tell."""
    low, high = interval(np.asarray(first) - np.asarray(second), of)
    return False if high <= margin else True if low > 0 else None


def by_factor(first: np.ndarray, second: np.ndarray, share: float = TENTH, of: int = 1) -> int | None:
    """As ``versus``, of quantities above 0 that are compared by their ratio: level within a ``share`` of each other."""
    return versus(logs(first), logs(second), float(np.log1p(share)), of)


def logs(values: np.ndarray) -> np.ndarray:
    """Natural logarithms; NaN where there is none."""
    given = np.asarray(values, dtype=float)
    return np.asarray(np.log(given, out=np.full_like(given, np.nan), where=given > 0))


def all_hold(answers: Iterable[bool | None]) -> bool | None:
    """True if all are, False if one is false; else what is unknown keeps the answer open."""
    given = list(answers)
    return False if False in given else None if None in given else True


def by_sign(sign: int | None, more: str, less: str, level: str) -> str:
    """The outcome of a ``versus``: what it is called if the first has more, the second, neither."""
    return UNDECIDED if sign is None else {1: more, -1: less, 0: level}[sign]


def by_answer(answer: bool | None, yes: str, no: str) -> str:
    """The outcome of one question."""
    return UNDECIDED if answer is None else yes if answer else no


def by_answers(outcomes: Mapping[Any, str], *answers: bool | None, other: str = UNDECIDED) -> str:
    """The outcome of several questions, by the tuple of their answers; undecided while one of them is open."""
    given = tuple(answer for answer in answers if answer is not None)
    return UNDECIDED if len(given) < len(answers) else outcomes.get(given, other)


def which(plain: bool | None, bn: bool | None) -> str:
    """The outcome of a question asked of both: ``plain``, ``bn``, ``both`` or ``neither``."""
    names = {(True, False): "plain", (False, True): "bn", (True, True): "both", (False, False): "neither"}
    return by_answers(names, plain, bn)


def reaches(answers: Iterable[tuple[float, bool | None]]) -> tuple[float, float]:
    """How far a kind gets for certain, and at most: the largest number whose answer is yes, and whose is not no."""
    given = list(answers)
    certain = max((number for number, holds in given if holds), default=0.0)
    return certain, max((number for number, holds in given if holds is not False), default=0.0)


def farther(plain: tuple[float, float], bn: tuple[float, float]) -> str:
    """Who ``reaches`` farther: ``bn``, ``plain``, or ``same``; undecided where what is certain does not tell."""
    if bn[0] > plain[1]:
        return "bn"
    if plain[0] > bn[1]:
        return "plain"
    return "same" if plain[0] == plain[1] == bn[0] == bn[1] else UNDECIDED
