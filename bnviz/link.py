"""A link *is* an experiment: its query parameters, written and read.

What all arms share is ``field=value``, what one arm has alone is
``arm.field=value``; only choices that differ from ``Run()`` are written, so a
default experiment has a short link: ``arms=plain,bn&bn.normalization=batch``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bnviz.experiment import MOST_ARMS, MOST_SEEDS, Experiment
from bnviz.fields import InvalidChoice, quoted
from bnviz.run import FIELDS, Run


def to_query(experiment: Experiment) -> dict[str, str]:
    """The parameters that carry an experiment in a link; ``from_query`` reads them back."""
    query = {"arms": ",".join(experiment.arms), "seeds": seeds_to_text(experiment.seeds)}
    if experiment.instruments:
        query["instruments"] = ",".join(experiment.instruments)
    for name, field in FIELDS.items():
        values = {arm: getattr(run, name) for arm, run in experiment.arms.items()}
        if len(set(values.values())) == 1:
            values = {"": next(iter(values.values()))}
        for arm, value in values.items():
            if value != field.default:
                query[f"{arm}.{name}" if arm else name] = _value_to_text(value)
    return query


def from_query(query: Mapping[str, str]) -> Experiment:
    """The experiment of a link. Raises InvalidChoice, with one sentence, for anything that is not one."""
    rest = dict(query)
    arms = [arm for arm in rest.pop("arms", "plain").split(",") if arm]
    if len(arms) > MOST_ARMS:
        raise InvalidChoice(f"there were {len(arms)} arms; allowed are 1 to {MOST_ARMS}.")
    seeds = seeds_from_text(rest.pop("seeds", "0-4"))
    instruments = [word for word in rest.pop("instruments", "").split(",") if word]
    own: dict[str, dict[str, str]] = {arm: {} for arm in arms}
    shared: dict[str, str] = {}
    for name, text in rest.items():
        arm, _, field = name.rpartition(".")
        if field not in FIELDS or (arm and arm not in own):
            raise InvalidChoice(f"the link names {quoted(name)}; allowed are {', '.join(FIELDS)}.")
        (own[arm] if arm else shared)[field] = text
    runs: dict[str, Any] = {arm: Run(**{**shared, **choices}) for arm, choices in own.items()}
    return Experiment(arms=runs, seeds=seeds, instruments=instruments)


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


def _value_to_text(value: Any) -> str:
    """As short as can be, and read back to the same bits: ``0.1``, ``100``, ``0.3333333333333333``."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value).lower()
