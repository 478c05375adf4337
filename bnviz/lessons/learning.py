"""Who learns: the question that several lessons ask of two networks, of all of a kind, and of how far a kind gets."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.lessons.judging import LEARNS, all_hold, learns, reaches, which
from bnviz.lessons.lesson import UNDECIDED, Finding
from bnviz.lessons.reading import accuracies, by_kind, kind_of, number, rows, told, value
from bnviz.snapshot import History

Check = Callable[[History], Finding]

TO_LEARN = f"To learn is to have more than {number(LEARNS, True)}."


def kinds_learn(step: int) -> Check:
    """The check whether every plain network learns by this step, and whether every one with BN does."""

    def check(history: History) -> Finding:
        accuracy = accuracies(history, step)
        kinds = by_kind(accuracy)
        plain, bn = (all_hold(learns(values, of=len(accuracy)) for values in kinds[kind]) for kind in ("plain", "bn"))
        return _finding(history, step, which(plain, bn), TO_LEARN)

    return check


def plain_or(other: str, outcome: str, step: int, words: str = TO_LEARN) -> Check:
    """The check which of two networks learns by this step: plain, the ``other``, ``both`` or ``none``."""

    def check(history: History) -> Finding:
        accuracy = accuracies(history, step)
        plain, second = (learns(accuracy[arm], of=2) for arm in ("plain", other))
        names = {"plain": "plain", "bn": outcome, "both": "both", "neither": "none", UNDECIDED: UNDECIDED}
        return _finding(history, step, names[which(plain, second)], words)

    return check


def farthest(history: History, field: str, step: int) -> dict[str, tuple[float, float]]:
    """How far in this field of its runs each kind still learns by this step: for certain, and at most."""
    arms = history.experiment.arms
    found = {arm: learns(value(history, arm, "test_accuracy", step), of=len(arms)) for arm in arms}
    return {
        kind: reaches((getattr(run, field), found[arm]) for arm, run in arms.items() if kind_of(arm) == kind)
        for kind in ("plain", "bn")
    }


def _finding(history: History, step: int, outcome: str, words: str) -> Finding:
    accuracy = accuracies(history, step)
    sentence = f"Test accuracy after {step:,} steps: {told(accuracy)}. {words}"
    return Finding(outcome, sentence, rows(history, "test_accuracy", step))
