"""An experiment in a few words: what its arms have in common, and every choice that is unusual or differs by arm.

Made from the table of fields, so that a field which is new is said like the others. The learning rates are left out:
they change while a run trains, and whoever writes the words has those of now.
"""

from __future__ import annotations

import re

from bnviz.choices import kind_of, label
from bnviz.experiment import Experiment, arm_label
from bnviz.run import FIELDS, said, worded

PHRASES = {
    ("dataset",): "{0.data}",
    ("network", "depth", "width", "activation"): "{0.layers}",
    ("batch_size",): "batches of {0.batch_size}",
}
"""What is said in any case, and the fields that each phrase says, where they are the same for all arms."""


def about(experiment: Experiment) -> str:
    """``digits, 3 x 100 sigmoid, batches of 60, optimizer Adam, dropout 0 (plain), 0.3 (BN)``."""
    runs = list(experiment.arms.values())
    words: list[str] = []
    left = {"learning_rate"}
    for fields, phrase in PHRASES.items():
        shared = {phrase.format(run) for run in runs}
        if len(shared) == 1:
            words += shared
            left |= {*fields}
        elif len(fields) > 1:
            words += [said(name, getattr(runs[0], name)) for name in fields[1:] if _same(experiment, name)]
            left |= {name for name in fields if _same(experiment, name)}
    return ", ".join([*words, *(text for name in FIELDS if name not in left if (text := _told(experiment, name)))])


def _same(experiment: Experiment, name: str) -> bool:
    return len({getattr(run, name) for run in experiment.arms.values()}) == 1


def _told(experiment: Experiment, name: str) -> str:
    """A field, where it is not the default for all arms that heed it; what an arm's name says is not said again."""
    values = {arm: getattr(run, name) for arm, run in experiment.arms.items() if run.heeds(name)}
    if name == "normalization" and all(kind_of(arm) == kind for arm, kind in values.items()):
        return ""
    different = list(dict.fromkeys(values.values()))
    if len(different) <= 1:
        return "".join(said(name, value) for value in different if value != FIELDS[name].default)
    arms = {value: ", ".join(arm_label(arm) for arm in values if values[arm] == value) for value in different}
    return f"{FIELDS[name].label.lower()} {', '.join(f'{worded(name, value)} ({arms[value]})' for value in different)}"


def in_page_words(sentence: str) -> str:
    """A refusal in the words of the page: Batch size was 1 for ``batch_size was 1``, Network: recurrent for a pair."""
    sentence = re.sub(r"\b([a-z_]+)='(\w+)'", lambda it: f"{_label(it[1])}: {label(it[1], it[2])}", sentence)
    return re.sub(r"\b[a-z]+(_[a-z]+)*\b(?= was )", lambda it: _label(it[0]), sentence)


def _label(name: str) -> str:
    return FIELDS[name].label if name in FIELDS else name
