"""A link *is* an experiment: its query parameters, written and read.

What all arms share is ``field=value``, what one arm has alone is
``arm.field=value``; only choices that differ from ``Run()`` are written, so a
default experiment has a short link: ``arms=plain,bn&bn.normalization=batch``.
``changes=150:1,200:bn:0.1`` are learning rates that come later: at step 150
that of all arms, at step 200 that of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from bnviz.experiment import MOST_ARMS, MOST_SEEDS, Experiment
from bnviz.fields import InvalidChoice, quoted
from bnviz.rate_changes import RateChange
from bnviz.run import FIELDS, Run

_WORDS = ("arms", "seeds", "instruments", "changes")


def names_experiment(names: Iterable[str]) -> bool:
    """Whether any of a link's parameters says something about an experiment, be it right or wrong."""
    return any(name in _WORDS or name.rpartition(".")[2] in FIELDS for name in names)


def to_query(experiment: Experiment) -> dict[str, str]:
    """The parameters that carry an experiment in a link; ``from_query`` reads them back.

    Raises InvalidChoice for a function of one's own, which no link can hold.
    """
    for run in experiment.arms.values():
        run.told_in("a link")
    query = {"arms": ",".join(experiment.arms), "seeds": seeds_to_text(experiment.seeds)}
    if experiment.instruments:
        query["instruments"] = ",".join(experiment.instruments)
    if experiment.changes:
        query["changes"] = changes_to_text(experiment.changes)
    for name, field in FIELDS.items():
        values = {arm: getattr(run, name) for arm, run in experiment.arms.items()}
        if len(set(values.values())) == 1:
            values = {"": next(iter(values.values()))}
        for arm, value in values.items():
            if value != field.default:
                query[f"{arm}.{name}" if arm else name] = value_to_text(value)
    return query


def to_text(query: Mapping[str, str]) -> str:
    """Parameters as they stand behind a link's ``?``, with the signs between values as they are: ``arms=plain,bn``."""
    return urlencode(query, safe=",:;")


@dataclass(frozen=True)
class Parts:
    """A link taken apart, nothing of it checked: each arm's choices as text, the seeds, the instruments, the changes.

    ``strangers`` are the names that mean nothing here, such as those a mailing adds.
    """

    arms: dict[str, dict[str, str]]
    seeds: str | None
    instruments: tuple[str, ...]
    changes: str
    strangers: tuple[str, ...]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Parts:
        """What an arm has alone wins over what all share."""
        rest = dict(query)
        names = [arm for arm in rest.pop("arms", "plain").split(",") if arm]
        seeds, instruments, changes = rest.pop("seeds", None), rest.pop("instruments", ""), rest.pop("changes", "")
        own: dict[str, dict[str, str]] = {arm: {} for arm in names}
        shared, strangers = dict[str, str](), []
        for name, text in rest.items():
            arm, dot, field = name.rpartition(".")
            if field not in FIELDS or (dot and arm not in own):
                strangers.append(name)
            else:
                (own[arm] if dot else shared)[field] = text
        arms = {arm: {**shared, **choices} for arm, choices in own.items()}
        words = tuple(word for word in instruments.split(",") if word)
        return cls(arms, seeds, words, changes, tuple(strangers))

    @property
    def empty(self) -> bool:
        """Whether it says nothing about an experiment."""
        return self == Parts({"plain": {}}, None, (), "", self.strangers)


def run_of(choices: Mapping[str, Any]) -> Run:
    """The network of an arm's choices. Raises InvalidChoice for what no network can be made from, or no link holds."""
    return Run(**choices).told_in("a link")


def from_query(query: Mapping[str, str]) -> Experiment:
    """The experiment of a link; names that mean nothing here are left aside.

    Raises InvalidChoice, with one sentence, for a value that no network can be made from.
    """
    parts = Parts.of(query)
    if len(parts.arms) > MOST_ARMS:
        raise InvalidChoice(f"there were {len(parts.arms)} arms; allowed are 1 to {MOST_ARMS}.")
    seeds = seeds_from_text("0-4" if parts.seeds is None else parts.seeds)
    runs: dict[str, Any] = {arm: run_of(choices) for arm, choices in parts.arms.items()}
    changes = changes_from_text(parts.changes)
    return Experiment(arms=runs, seeds=seeds, instruments=parts.instruments, changes=changes)


def seeds_to_text(seeds: tuple[int, ...]) -> str:
    """Seeds as a reader writes them: a span ``0-4``, or a list ``3,7,9``."""
    if len(seeds) > 1 and all(after - before == 1 for before, after in pairwise(seeds)):
        return f"{seeds[0]}-{seeds[-1]}"
    return ",".join(map(str, seeds))


def seeds_from_text(text: str) -> tuple[int, ...]:
    """The seeds of ``seeds_to_text``. Raises InvalidChoice for anything else."""
    span = re.fullmatch(r"(\d{1,10})-(\d{1,10})", text)
    if span and 0 <= int(span[2]) - int(span[1]) < MOST_SEEDS:
        return tuple(range(int(span[1]), int(span[2]) + 1))
    if re.fullmatch(r"\d{1,10}(,\d{1,10})*", text):
        return tuple(map(int, text.split(",")))
    raise InvalidChoice(
        f"seeds was {quoted(text)}; allowed is a span like 0-4 (at most {MOST_SEEDS}) or a list like 3,7,9."
    )


def changes_to_text(changes: tuple[RateChange, ...]) -> str:
    """Changes as a link writes them: step and rate, or step, arm and rate, ``150:1,200:bn:0.1``."""
    return ",".join(
        ":".join([str(change.step), *([change.arm] if change.arm else []), value_to_text(change.rate)])
        for change in changes
    )


def changes_from_text(text: str) -> tuple[RateChange, ...]:
    """The changes of ``changes_to_text``. Raises InvalidChoice for anything else."""
    found = [re.fullmatch(r"(\d{1,10}):(?:(\w+):)?([\d.e+-]{1,25})", part) for part in text.split(",") if part]
    try:
        return tuple(RateChange(int(part[1]), float(part[3]), part[2]) for part in found)  # type: ignore[index]
    except (TypeError, ValueError):
        raise InvalidChoice(
            f"changes was {quoted(text)}; allowed is a list like 150:1,200:bn:0.1: at step 150 the rate 1 of all "
            "networks, at step 200 the rate 0.1 of one."
        ) from None


def value_to_text(value: Any) -> str:
    """A value in a link: as short as can be, read back to the same bits: ``0.1``, ``100``, ``0.3333333333333333``."""
    if isinstance(value, str):
        return value
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value).lower()
