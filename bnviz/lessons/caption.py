"""The sentence above the charts, computed from one snapshot: what was measured, and how sure it is.

Arms are compared by the rule of ``judging``, as in every verdict: a page never says two things of one run.
"""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import versus
from bnviz.lessons.presets import stop_of
from bnviz.lessons.reading import sentence_start
from bnviz.snapshot import Snapshot
from bnviz.wording import plural, sentences, written

WARM_UP_STEPS, WARM_UP_MOMENTUM = 50, 0.1
"""Steps after which running statistics with this momentum agree with the population's (lesson 7). Of the numbers that
they began with is left then what others leave after more steps or fewer."""


def caption(experiment: Experiment, snapshot: Snapshot) -> str:
    """What the test accuracies at this step say, with the range over seeds, and no more than they carry."""
    if not all("test_accuracy" in readings for readings in snapshot.arms.values()):
        return _unread(snapshot.step)
    accuracy = {arm: 100 * np.asarray(snapshot[arm]["test_accuracy"], dtype=float) for arm in experiment.arms}
    said = [_opening(snapshot.step, accuracy)]
    said += [_lost(arm, accuracy[arm], snapshot[arm]["diverged_at"]) for arm in experiment.arms]
    if snapshot.step > 0 and len(accuracy) == 2:
        said.append(_comparison(accuracy))
    said.append(_warming_up(experiment, snapshot.step))
    if snapshot.step == stop_of(experiment) and all("dead_units" in readings for readings in snapshot.arms.values()):
        said.append(_dead_units(experiment, snapshot))
    return sentences(*said)


def _warming_up(experiment: Experiment, step: int) -> str:
    """Whether eval mode still shows what the running statistics began with, beside or instead of the network."""
    weights = [run.bn_momentum for run in experiment.arms.values() if run.uses_batch]
    if step == 0 or not weights:
        return ""
    if min(weights) == 0:
        return "With a statistics momentum of 0 the running statistics that the test uses stay as they began."
    if (1 - min(weights)) ** step > (1 - WARM_UP_MOMENTUM) ** WARM_UP_STEPS:
        return "The running statistics that the test uses are still warming up."
    return ""


def _opening(step: int, accuracy: dict[str, np.ndarray]) -> str:
    finite = {arm: values[np.isfinite(values)] for arm, values in accuracy.items()}
    counts = [len(values) for values in finite.values()]
    parts = [
        f"{arm_label(arm)} "
        f"{_share(values, say_seeds=index == 0 or len(values) != counts[0], say_range=len(finite) < 4)}"
        for index, (arm, values) in enumerate(finite.items())
        if len(values)
    ]
    if not parts:
        return f"After {step:,} steps no network gives a finite answer."
    told = ", ".join(parts)
    if step == 0:
        return f"Before the first step: {told} right."
    return plural(step, "After {count} step: {told} right.", "After {count} steps: {told} right.", told=told)


def _unread(step: int) -> str:
    if step == 0:
        return "Before the first step: the accuracy was not read."
    return plural(
        step, "After {count} step: the accuracy was not read.", "After {count} steps: the accuracy was not read."
    )


def _share(percent: np.ndarray, say_seeds: bool, say_range: bool) -> str:
    if len(percent) == 1:
        return f"{_digits(percent[0])}% (one seed)" if say_seeds else f"{_digits(percent[0])}%"
    words = [plural(len(percent), "{count} seed", "{count} seeds")] if say_seeds else []
    words += [f"{_digits(percent.min())}–{_digits(percent.max())}"] if say_range else []
    return f"{_digits(percent.mean())}%" + (f" ({', '.join(words)})" if words else "")


def _digits(percent: float) -> str:
    return written(percent, ".1f")


def _lost(arm: str, percent: np.ndarray, diverged_at: np.ndarray) -> str:
    """What became of an arm's networks that give no finite answer: in training, or, if only later, in eval mode."""
    steps, name = np.asarray(diverged_at, dtype=float), sentence_start(arm_label(arm))
    gone = np.isfinite(steps)
    silent = ~np.isfinite(percent) & ~gone
    return sentences(_diverged(name, gone, steps) if gone.any() else "", _silent(name, silent) if silent.any() else "")


def _diverged(name: str, gone: np.ndarray, steps: np.ndarray) -> str:
    first = int(steps[gone].min())
    if len(gone) == 1:
        return f"{name} diverged, first at step {first:,}."
    return f"{name} diverged in {gone.sum()} of {len(gone)} seeds, first at step {first:,}."


def _silent(name: str, lost: np.ndarray) -> str:
    if len(lost) == 1:
        return f"{name} gives no finite answer in eval mode."
    return f"{name} gives no finite answer in eval mode in {lost.sum()} of {len(lost)} seeds."


def _dead_units(experiment: Experiment, snapshot: Snapshot) -> str:
    """Where a suggestion asks what is left of each network: the share of all its units."""
    shares = {arm: 100 * np.asarray(snapshot[arm]["dead_units"], dtype=float).mean(1) for arm in experiment.arms}
    finite = {arm: values[np.isfinite(values)] for arm, values in shares.items()}
    parts = [
        f"{arm_label(arm)} {_share(values, say_seeds=False, say_range=True)}"
        for arm, values in finite.items()
        if len(values)
    ]
    return f"Dead units: {', '.join(parts)}." if parts else ""


def _comparison(accuracy: dict[str, np.ndarray]) -> str:
    """The two arms, judged as every verdict is; the points are those between the means that are shown.

    A network without a finite answer names nothing right; where it changes the mean, that is said.
    """
    if not all(np.isfinite(values).any() for values in accuracy.values()):
        return ""
    (first, a), (second, b) = ((arm, np.nan_to_num(values)) for arm, values in accuracy.items())
    sign, points = versus(b / 100, a / 100), round(b.mean(), 1) - round(a.mean(), 1)
    more = sentence_start(arm_label(second if points > 0 else first))
    if len(a) == 1:
        return f"{more} has {abs(points):.1f} points more on this seed; one seed decides nothing." if points else ""
    if sign:
        counted = all(np.isfinite(values).all() for values in accuracy.values())
        if counted:
            return f"{more} is ahead, by {abs(points):.1f} points on average."
        return f"{more} is ahead, by {abs(points):.1f} points if a network without a finite answer counts as 0%."
    return "Level, within a point." if sign == 0 else "The seeds do not tell who is ahead."
