"""The words of the field table as a page writes them: in menus, tooltips and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from bnviz.choices import CHOICES, label
from bnviz.experiment import Experiment, arm_label
from bnviz.fields import Field
from bnviz.wording import written


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
    own, last, times = experiment.rates_at(0), experiment.changes[-1], len(experiment.changes)
    begins = written(own[min(own)], "g") if len(set(own.values())) == 1 else "the networks’ own"
    rate = f"{last.rate:g} for {arm_label(last.arm)}" if last.arm else written(last.rate, "g")
    if times > 1:
        return f"Begins at {begins}; set {times} times, last to {rate} at step {last.step:,}."
    return f"Begins at {begins}; set to {rate} at step {last.step:,}."
