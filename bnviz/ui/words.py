"""The words of the field table as a page writes them: in menus, tooltips and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bnviz.choices import CHOICES, label
from bnviz.experiment import Experiment, arm_label
from bnviz.fields import Field
from bnviz.rate_changes import RateChange
from bnviz.wording import plural, sentences, written


def as_written(field: Field, word: str) -> str:
    """A choice as a reader sees it: ``relu`` is ReLU."""
    return label(field.name, word)


def explained(field: Field, more: str = "") -> str:
    """What a field is, and each of its words: the text of a tooltip. ``more`` is said of it, too."""
    return listed(f"{field.meaning} {more}".rstrip(), dict(CHOICES.get(field.name, {}).values()))


def listed(meaning: str, words: Mapping[str, str]) -> str:
    """A sentence, and below it a line for every word."""
    return "\n".join([meaning, *([""] if words else []), *(f"- **{word}**: {means}" for word, means in words.items())])


def course_in_words(experiment: Experiment) -> str:
    """With which learning rate an experiment begins, and when it was changed last."""
    own = experiment.rates_at(0)
    alike = len(set(own.values())) == 1
    return sentences(
        f"Begins at {own[min(own)]:g}." if alike else "Begins at the networks’ own.", _last_change(experiment.changes)
    )


def _last_change(changes: Sequence[RateChange]) -> str:
    last, times = changes[-1], len(changes)
    rate, step, arm = written(last.rate, "g"), written(last.step, ","), last.arm and arm_label(last.arm)
    if times == 1:
        return f"Set to {rate} for {arm} at step {step}." if arm else f"Set to {rate} at step {step}."
    if arm:
        return plural(
            times, "Set {count} time, last to {rate} for {arm} at step {step}.",
            "Set {count} times, last to {rate} for {arm} at step {step}.", rate=rate, arm=arm, step=step,
        )  # fmt: skip
    return plural(
        times, "Set {count} time, last to {rate} at step {step}.",
        "Set {count} times, last to {rate} at step {step}.", rate=rate, step=step,
    )  # fmt: skip
