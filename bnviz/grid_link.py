"""A link is a map or a sweep, too: its query parameters, written and read.

The networks are those of ``link``. A map adds its axes, ``x=learning_rate:0.001:100:log&y=depth:1:20``, its ``cells``
and ``steps``; a sweep the values ``along`` which it goes, ``along=learning_rate:0.1,1``, several fields with ``;``
between them. ``quantity`` is what is shown of every network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from bnviz import link
from bnviz.axes import Axis
from bnviz.broken_link import about, keep
from bnviz.fields import InvalidChoice, quoted
from bnviz.link import Parts, value_to_text
from bnviz.own_functions import called, is_function
from bnviz.sweeps import RESULTS, Map, Sweep

G = TypeVar("G", bound=Map | Sweep)


MOST_VALUES = 1000
"""So many values a link may list; a sweep refuses what it cannot train anyway, and more would take long to read."""
MEANINGLESS = ("instruments", "changes")
"""What a link says of a run that is watched: networks of a map or sweep are read once, at their end."""


@dataclass(frozen=True)
class GridView(Generic[G]):
    """A map or a sweep, and the quantity that is shown of its networks.

    Raises:
        InvalidChoice: a quantity that is not shown of it.
    """

    grid: G
    quantity: str = "test_accuracy"

    def __post_init__(self) -> None:
        allowed = [name for name in RESULTS if isinstance(self.grid, Map) or name != "diverged_at"]
        if self.quantity not in allowed:
            raise InvalidChoice(f"quantity was {quoted(self.quantity)}; allowed are {', '.join(allowed)}.")


def to_query(view: GridView[G]) -> dict[str, str]:
    """The parameters that carry a map or sweep in a link; ``from_query`` reads them back."""
    grid = view.grid
    if isinstance(grid, Map):
        own = {"x": _axis_to_text(grid.x), "y": _axis_to_text(grid.y), "cells": str(grid.cells)}
        own |= {"trained_seeds": str(grid.seeds)} if grid.seeds > 1 else {}
    else:
        own = {"along": ";".join(f"{field}:{values_to_text(values)}" for field, values in grid.axes.items())}
    own["steps"] = str(grid.steps)
    own |= {"quantity": view.quantity} if view.quantity != GridView.quantity else {}
    return own | link.to_query(grid.experiment)


def from_query(query: Mapping[str, str], default: GridView[G]) -> tuple[GridView[G], list[str]]:
    """What a link shows without what is wrong in it, and one sentence for each thing that is.

    What it does not say, or says wrongly, is as in ``default``, a map or a sweep. Never raises.
    """
    readers = READERS[isinstance(default.grid, Map)]
    rest = {name: text for name, text in query.items() if name not in readers}
    strangers = (*Parts.of(rest).strangers, *(name for name in MEANINGLESS if name in rest))
    known = {name: text for name, text in rest.items() if name not in strangers}
    experiment, wrong = keep(known, default.grid.experiment)
    said: dict[str, Any] = {}
    for name in (name for name in readers if name in query):
        try:
            said[name] = readers[name](query[name])
        except InvalidChoice as error:
            wrong.append(str(error))
    while True:
        try:
            view = _with(default, experiment=experiment, **said)
        except InvalidChoice as error:
            wrong.append(str(error))
            del said[_culprit(str(error), said)]
        else:
            return view, [*dict.fromkeys(wrong), *about(strangers)]


def values_to_text(values: tuple[Any, ...]) -> str:
    """The values of a field as a link has them: ``0.1,1``; nothing between two commas is an empty value."""
    return ",".join("" if value is None else value_to_text(value) for value in values)


def _with(default: GridView[G], quantity: str | None = None, **changes: Any) -> GridView[G]:
    if "trained_seeds" in changes:
        changes["seeds"] = changes.pop("trained_seeds")
    if "along" in changes:
        changes["axes"] = changes.pop("along")
    return GridView(replace(default.grid, **changes), quantity or default.quantity)


def _culprit(sentence: str, said: Mapping[str, Any]) -> str:
    """Which parameter a refusal is about: the one that it names, or the last that has to do with it."""
    word = sentence.partition(" ")[0]
    suspects = {"both": ("y", "x"), "seeds": ("trained_seeds",), "there": ("trained_seeds", "cells", "along")}
    return next((name for name in (word, *suspects.get(word, ()), "along") if name in said), [*said][-1])


def _axis_to_text(axis: Axis) -> str:
    ends = [axis.field, value_to_text(axis.low), value_to_text(axis.high)]
    return ":".join([*ends, "log"] if axis.log else ends)


def _axis_from_text(text: str) -> Axis:
    field, *ends = text.split(":")
    log = ends[2:] == ["log"]
    try:
        low, high = map(float, ends[:2] if log else ends)
    except ValueError:
        raise InvalidChoice(
            f"an axis was {quoted(text)}; allowed is a field with its range, like depth:1:20 or eps:1e-08:1:log."
        ) from None
    return Axis(field, low, high, log)


def _along_from_text(text: str) -> dict[str, tuple[str | None, ...]]:
    fields = [part.partition(":") for part in text.split(";")]
    if not all(colon for _, colon, _ in fields) or text.count(",") + len(fields) > MOST_VALUES:
        raise InvalidChoice(
            f"along was {quoted(text)}; allowed is a field with its values, like learning_rate:0.1,1 (at most "
            f"{MOST_VALUES:,}), or several with a semicolon between them."
        )
    found = {field: tuple(value or None for value in values.split(",")) for field, _, values in fields}
    if own := [called(value) for values in found.values() for value in values if value and is_function(value)]:
        raise InvalidChoice(f"along had {own[0]}, a function of one's own, which a link cannot hold: leave it out.")
    return found


def _whole_from_text(text: str) -> int | str:
    """A whole number; anything else is refused by whom it is given to."""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else text


READERS: dict[bool, dict[str, Callable[[str], Any]]] = {
    True: {
        "x": _axis_from_text, "y": _axis_from_text, "cells": _whole_from_text, "trained_seeds": _whole_from_text,
        "steps": _whole_from_text, "quantity": str,
    },
    False: {"along": _along_from_text, "steps": _whole_from_text, "quantity": str},
}  # fmt: skip
"""Of a map (True) and of a sweep: parameter to what reads it."""
