"""How checks read a history: values at a step, arms compared seed by seed, the words for a number and its spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bnviz.experiment import arm_label
from bnviz.lessons.judging import POINT, by_sign, versus
from bnviz.lessons.lesson import Finding, Row
from bnviz.quantities import QUANTITIES
from bnviz.snapshot import History
from bnviz.wording import plural, written


def value(history: History, arm: str, quantity: str, step: int | None = None, layer: int | None = None) -> np.ndarray:
    """One number a seed, ``(seeds,)``: the quantity at the last step not later than ``step`` (the newest).

    ``layer`` counts from 1, or from the last with -1. A network that diverged has chance accuracy at best: its
    accuracy counts as 0, so that it stays in the comparison; everything else of it is NaN.
    """
    values = np.asarray(history.at(step)[arm][quantity], dtype=float)
    if layer is not None:
        values = values[:, layer - 1 if layer > 0 else layer]
    return np.where(np.isnan(values) & ("accuracy" in quantity), 0.0, values)


def mean_over_layers(history: History, arm: str, quantity: str, step: int | None = None) -> np.ndarray:
    """The mean over the layers that have the quantity, one number a seed."""
    values = np.asarray(history.at(step)[arm][quantity], dtype=float)
    defined = np.isfinite(values)
    count = defined.sum(1)
    return np.asarray(np.where(defined, values, 0).sum(1) / np.where(count, count, np.nan))


def over_time(history: History, arm: str, quantity: str, first: int = 0, last: int | None = None) -> np.ndarray:
    """The mean from step ``first`` to ``last`` (and over layers), one number a seed.

    A snapshot counts for the steps since the one before, so that it does not matter how often somebody looked.
    """
    steps = history.steps
    chosen = (steps >= first) & (steps <= (steps[-1] if last is None else last))
    values = np.asarray(history.series(arm, quantity), dtype=float)[chosen]
    values = values.reshape(*values.shape[:2], -1)
    weights = np.where(np.isfinite(values), np.diff(steps, prepend=steps[0] - 1)[chosen][:, None, None], 0)
    total = weights.sum((0, 2))
    return np.asarray((weights * np.nan_to_num(values)).sum((0, 2)) / np.where(total, total, np.nan))


def diverged(history: History, arm: str) -> int:
    """In how many seeds the arm's loss stopped being finite."""
    return int(np.isfinite(history.latest[arm]["diverged_at"].astype(float)).sum())


def first_step_at(history: History, arm: str, accuracy: float | np.ndarray) -> np.ndarray:
    """The first recorded step at which each seed's test accuracy reached this (or its own), NaN where it never did."""
    reached = np.asarray(history.series(arm, "test_accuracy"), dtype=float) >= accuracy
    return np.where(reached.any(0), history.steps[reached.argmax(0)].astype(float), np.nan)


def row(label: str, values: Sequence[float] | np.ndarray, percent: bool = False) -> Row:
    """A line of the table under a verdict."""
    return Row(label, tuple(float(each) for each in values), percent)


def rows(history: History, quantity: str, step: int | None = None, layer: int | None = None) -> tuple[Row, ...]:
    """A line an arm for one quantity."""
    percent = QUANTITIES[quantity].unit == "share"
    return tuple(row(arm_label(arm), value(history, arm, quantity, step, layer), percent)
                 for arm in history.experiment.arms)  # fmt: skip


def compare(
    history: History, first: str, second: str, quantity: str, *, step: int | None = None, margin: float = POINT,
    outcomes: tuple[str, str, str],
) -> Finding:  # fmt: skip
    """Which of two arms has more of a quantity, judged by ``judging.versus``.

    ``outcomes`` are the predictions for: first has more, second has more, level within ``margin``.
    """
    a, b = (value(history, arm, quantity, step) for arm in (first, second))
    percent = QUANTITIES[quantity].unit == "share"
    words = QUANTITIES[quantity].label
    both = f"{spread(first, a, percent)}, {spread(second, b, percent)}"
    return Finding(
        by_sign(versus(a, b, margin), outcomes[0], outcomes[1], outcomes[2]),
        f"{sentence_start(words)}: {both}. {_paired(a, b, percent)}",
        (row(arm_label(first), a, percent), row(arm_label(second), b, percent)),
    )


def spread(arm: str, values: np.ndarray, percent: bool = False) -> str:
    """``BN 98.3% (5 seeds, 97.8–98.9)``."""
    return f"{arm_label(arm)} {between(values, percent)}"


def kind_of(arm: str) -> str:
    """The first word of an arm's name: ``bn_x10`` is of the kind ``bn``."""
    return arm.split("_")[0]


def by_kind(read: Mapping[str, np.ndarray]) -> dict[str, list[np.ndarray]]:
    """What was read of every arm, by its kind."""
    kinds: dict[str, list[np.ndarray]] = {}
    for arm, values in read.items():
        kinds.setdefault(kind_of(arm), []).append(values)
    return kinds


def accuracies(history: History, step: int) -> dict[str, np.ndarray]:
    """Every arm's test accuracy at a step, ``(seeds,)`` each."""
    return {arm: value(history, arm, "test_accuracy", step) for arm in history.experiment.arms}


def told(shares: Mapping[str, np.ndarray]) -> str:
    """``plain 95.8% (5 seeds, 94.4–96.9), BN 98.3% (...)``: every arm's share, its mean and range."""
    return ", ".join(spread(arm, values, True) for arm, values in shares.items())


def between(values: np.ndarray, percent: bool = False) -> str:
    """``98.3% (5 seeds, 97.8–98.9)``: the mean, and the range over the seeds."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return "has no finite value"
    low, mean, high = (number(each, percent) for each in (finite.min(), finite.mean(), finite.max()))
    if len(finite) == 1:
        return f"{mean} (one seed)"
    return f"{mean} ({len(finite)} seeds, {low.rstrip('%')}–{high.rstrip('%')})"


def points(differences: np.ndarray) -> str:
    """``+2.1 points (10 seeds, standard error 0.4)``: paired differences of a share."""
    count, mean = len(differences), 100 * differences.mean()
    if count == 1:
        return f"{mean:+.1f} points (1 seed, no error bar)"
    return plural(
        count, "{mean} points ({count} seed, standard error {error})",
        "{mean} points ({count} seeds, standard error {error})", mean=written(mean, "+.1f"),
        error=written(100 * differences.std(ddof=1) / count**0.5, ".2g"),
    )  # fmt: skip


def number(value: float, percent: bool = False) -> str:
    """A number as a sentence says it: three digits that count."""
    if percent:
        return f"{written(100 * value, '.1f')}%"
    size = abs(value)
    if size and (size < 1e-3 or size >= 1e5):
        return written(value, ".1e")
    return written(value, ",.0f" if size >= 100 else ".3g")


def sentence_start(words: str) -> str:
    """The words with a capital at the front."""
    return words[:1].upper() + words[1:]


def _paired(a: np.ndarray, b: np.ndarray, percent: bool) -> str:
    both = np.isfinite(a) & np.isfinite(b)
    count = int(both.sum())
    if not count:
        return "No seed has both."
    ahead = int(((a - b)[both] > 0).sum())
    mean = number(float(abs((a - b)[both].mean())), percent)
    return f"The first is larger on {ahead} of {count} seeds; the mean difference is {mean.replace('%', ' points')}."
