"""A link that somebody broke, or added to: as much of its experiment as can be kept, and what was left aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from bnviz.experiment import MOST_ARMS, Experiment
from bnviz.fields import InvalidChoice, quoted
from bnviz.link import Parts, changes_from_text, from_query, run_of, seeds_from_text
from bnviz.run import Run
from bnviz.wording import plural

T = TypeVar("T")

NAMED = 3
"""So many strangers are named, the others are counted."""


def keep(query: Mapping[str, str], default: Experiment) -> tuple[Experiment, list[str]]:
    """The experiment of a link without what is wrong in it, and one sentence for each thing that is.

    A wrong value becomes the default one of ``Run``; where nothing of the link is left, it is ``default`` as a whole.
    Never raises.
    """
    parts, wrong = Parts.of(query), list[str]()
    if len(parts.arms) > MOST_ARMS:
        wrong.append(f"there were {len(parts.arms)} arms; allowed are 1 to {MOST_ARMS}.")
    named = islice(parts.arms.items(), MOST_ARMS)
    runs = _fitting({arm: dict(choices) for arm, choices in named if _try(partial(_alone, arm), wrong)}, wrong)
    kept = _try(partial(Experiment, arms=runs), wrong) or from_query({})
    if parts.seeds is not None:
        seeds = _try(partial(seeds_from_text, parts.seeds), wrong)
        kept = (seeds and _try(partial(kept.replace, seeds=seeds), wrong)) or kept
    kept = _try(partial(kept.replace, instruments=parts.instruments), wrong) or kept
    changes = _try(partial(changes_from_text, parts.changes), wrong) or ()
    kept = _try(partial(kept.replace, changes=changes), wrong) or kept
    nothing = (wrong or parts.empty) and kept == from_query({})
    return default if nothing else kept, [*dict.fromkeys(wrong), *about(parts.strangers)]


def _try(make: Callable[[], T], wrong: list[str]) -> T | None:
    try:
        return make()
    except InvalidChoice as error:
        wrong.append(str(error))
        return None


def _alone(arm: str) -> Experiment:
    """Raises InvalidChoice for what cannot be the name of an arm."""
    return Experiment(arms={arm: Run()})


def _fitting(arms: dict[str, dict[str, Any]], wrong: list[str]) -> dict[str, Run]:
    """Networks made without the choice that a refusal names, or else the last one, of whichever arms share it."""
    for choices in arms.values():
        while _try(partial(run_of, choices), wrong) is None:
            named = wrong[-1].partition(" ")[0]
            name = named if named in choices else next(reversed(choices))
            text = choices[name]
            for others in arms.values():
                if others.get(name) == text:
                    del others[name]
    return {arm: Run(**choices) for arm, choices in arms.items()}


def about(strangers: tuple[str, ...]) -> list[str]:
    """A sentence about the names that mean nothing here; none where there are none."""
    if not strangers:
        return []
    names, others = [quoted(name) for name in strangers[:NAMED]], len(strangers) - NAMED
    named = ", ".join(names)
    if others > 0:
        return [f"{named} and {others} more mean nothing here."]
    return [plural(len(strangers), "{named} means nothing here.", "{named} mean nothing here.", named=named)]
