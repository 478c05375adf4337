"""Things with names, and what is said when somebody asks for one that is not there: which there are, and the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from bnviz.fields import quoted
from bnviz.wording import plural

T = TypeVar("T")


class NotThere(KeyError):
    """Something was asked for by a name that there is not; the message says which names there are."""

    def __init__(self, kind: str, name: object, names: Iterable[str]) -> None:
        there = list(names)
        self._sentence = _missing(kind, name, there) if there else f"there is no {kind} {quoted(name)}: there is none."
        super().__init__(self._sentence)

    def __str__(self) -> str:
        return self._sentence  # a KeyError's own would put it between quotes


def _missing(kind: str, name: object, there: list[str]) -> str:
    said = {"kind": kind, "name": quoted(name), "there": ", ".join(there)}
    if near := get_close_matches(str(name), there, n=1):
        return plural(
            len(there), "there is no {kind} {name}: there is {there}; try {near}.",
            "there is no {kind} {name}: there are {there}; try {near}.", near=repr(near[0]), **said,
        )  # fmt: skip
    return plural(
        len(there), "there is no {kind} {name}: there is {there}.",
        "there is no {kind} {name}: there are {there}.", **said,
    )  # fmt: skip


class Named(dict[str, T]):
    """A dict of things of one ``kind`` (an arm, a quantity) that names them all where one is missing."""

    def __init__(self, kind: str, things: Iterable[tuple[str, T]] | dict[str, T] = ()) -> None:
        super().__init__(things)
        self.kind = kind

    def __missing__(self, name: str) -> T:
        raise NotThere(self.kind, name, self)
