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

WARM_UP_STEPS = 50
"""Steps after which running statistics with momentum 0.1 agree with the population's (lesson 7)."""


def caption(experiment: Experiment, snapshot: Snapshot) -> str:
    """What the test accuracies at this step say, with the range over seeds, and no more than they carry."""
    accuracy = {arm: 100 * np.asarray(snapshot[arm]["test_accuracy"], dtype=float) for arm in experiment.arms}
    sentences = [_opening(snapshot.step, accuracy)]
    sentences += [_lost(arm, accuracy[arm], snapshot[arm]["diverged_at"]) for arm in experiment.arms]
    if snapshot.step > 0 and len(accuracy) == 2:
        sentences.append(_comparison(accuracy))
    if 0 < snapshot.step < WARM_UP_STEPS and any(run.normalization == "batch" for run in experiment.arms.values()):
        sentences.append("The running statistics that the test uses are still warming up.")
    if snapshot.step == stop_of(experiment):
        sentences.append(_dead_units(experiment, snapshot))
    return " ".join(sentence for sentence in sentences if sentence)


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
    lead = "Before the first step:" if step == 0 else f"After {step:,} step{'s' * (step > 1)}:"
    return f"{lead} {', '.join(parts)} right."


def _share(percent: np.ndarray, say_seeds: bool, say_range: bool) -> str:
    if len(percent) == 1:
        return f"{percent[0]:.1f}%" + " (one seed)" * say_seeds
    words = [f"{len(percent)} seeds"] * say_seeds + [f"{percent.min():.1f}–{percent.max():.1f}"] * say_range
    return f"{percent.mean():.1f}%" + (f" ({', '.join(words)})" if words else "")


def _lost(arm: str, percent: np.ndarray, diverged_at: np.ndarray) -> str:
    """What became of an arm's networks that give no finite answer: in training, or, if only later, in eval mode."""
    steps, name = np.asarray(diverged_at, dtype=float), sentence_start(arm_label(arm))
    gone = np.isfinite(steps)
    silent = ~np.isfinite(percent) & ~gone
    said = f"{name} diverged{_of_seeds(gone)}, first at step {int(steps[gone].min()):,}." if gone.any() else ""
    if silent.any():
        said += f"{' ' * bool(said)}{name} gives no finite answer in eval mode{_of_seeds(silent)}."
    return said


def _of_seeds(lost: np.ndarray) -> str:
    return "" if len(lost) == 1 else f" in {lost.sum()} of {len(lost)} seeds"


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
        on_average = "on average" if counted else "if a network without a finite answer counts as 0%"
        return f"{more} is ahead, by {abs(points):.1f} points {on_average}."
    return "Level, within a point." if sign == 0 else "The seeds do not tell who is ahead."
