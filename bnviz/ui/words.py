"""The words of the field table as a page writes them: in menus, tooltips and refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bnviz.choices import CHOICES, label
from bnviz.experiment import Experiment, arm_label
from bnviz.fields import Field
from bnviz.run import FIELDS


def as_written(field: Field, word: str) -> str:
    """A choice as a reader sees it: ``relu`` is ReLU."""
    return label(field.name, word)


def explained(field: Field) -> str:
    """What a field is, and each of its words: the text of a tooltip."""
    return listed(field.meaning, dict(CHOICES.get(field.name, {}).values()))


def listed(meaning: str, words: Mapping[str, str]) -> str:
    """A sentence, and below it a line for every word."""
    return "\n".join([meaning, *([""] if words else []), *(f"- **{word}**: {means}" for word, means in words.items())])


def course_in_words(experiment: Experiment) -> str:
    """With which learning rate an experiment begins, and when it was changed last."""
    own, last, times = experiment.rates_at(0), experiment.changes[-1], len(experiment.changes)
    begins = f"{own[min(own)]:g}" if len(set(own.values())) == 1 else "the networks’ own"
    set_to = f"{f'{times} times, last ' if times > 1 else ''}to {last.rate:g}"
    whose = f" for {arm_label(last.arm)}" if last.arm else ""
    return f"Begins at {begins}; set {set_to}{whose} at step {last.step:,}."


def in_page_words(sentence: str) -> str:
    """A refusal in the words of the page: Batch size was 1 for ``batch_size was 1``, Network: recurrent for a pair."""
    sentence = re.sub(r"\b([a-z_]+)='(\w+)'", lambda it: f"{_label(it[1])}: {label(it[1], it[2])}", sentence)
    return re.sub(r"\b[a-z]+(_[a-z]+)*\b(?= was )", lambda it: _label(it[0]), sentence)


def _label(name: str) -> str:
    return FIELDS[name].label if name in FIELDS else name
