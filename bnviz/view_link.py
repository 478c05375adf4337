"""How a link wants its experiment to be shown: ``view=present``, a ``playlist``, and what a class sees of the page.

``show=loss,learning_rate`` names the charts and the controls that are there, ``hide=seeds`` those that are not. Where
``show`` names no chart, all are there; controls likewise. What a link says of the experiment itself reads ``link``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bnviz import playlist
from bnviz.fields import quoted
from bnviz.playlist import Item

PRESENT = "present"
WORDS = ("view", "show", "hide", "playlist", "at")


def names_view(names: Iterable[str]) -> bool:
    """Whether any of a link's parameters says how something is to be shown."""
    return any(name in WORDS for name in names)


@dataclass(frozen=True)
class View:
    """What a link says of the page around its experiment. ``at`` counts the playlist from 1; 0 is none of it."""

    presented: bool = False
    show: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    playlist: tuple[Item, ...] = ()
    at: int = 0

    def seen(self, names: Collection[str]) -> list[str]:
        """Those of these names that are there, in the order in which they are named to be shown."""
        return [name for name in self.named(names) or names if name not in self.hide]

    def named(self, names: Collection[str]) -> list[str]:
        """Those of these names that are to be shown by name, but for the hidden ones."""
        return [name for name in self.show if name in names and name not in self.hide]

    def to_query(self) -> dict[str, str]:
        """The parameters that carry it in a link; ``from_query`` reads them back."""
        said = {
            "view": PRESENT if self.presented else "", "show": ",".join(self.show), "hide": ",".join(self.hide),
            "playlist": playlist.to_text(self.playlist), "at": str(self.at or ""),
        }  # fmt: skip
        return {name: text for name, text in said.items() if text}


def from_query(query: Mapping[str, str], names: Collection[str]) -> tuple[View, dict[str, str], list[str]]:
    """The view of a link, what the link says beside it, and a sentence for each thing that is wrong in the view.

    ``names`` are those of all charts and controls. Never raises.
    """
    said = {word: query.get(word, "") for word in WORDS}
    rest = {name: text for name, text in query.items() if name not in WORDS}
    items, wrong = playlist.from_text(said["playlist"])
    if said["view"] not in ("", PRESENT):
        wrong.append(f"view was {quoted(said['view'])}; allowed is {PRESENT}.")
    places = [str(place) for place in range(1, len(items) + 1)]
    if said["at"] not in ("", *places):
        wrong.append(f"at was {quoted(said['at'])}; allowed is a place in the playlist, counted from 1.")
    show, hide = (_known(word, said[word], names, wrong) for word in ("show", "hide"))
    at = int(said["at"]) if said["at"] in places else 0
    return View(said["view"] == PRESENT, show, hide, items, at), rest, wrong


def _known(word: str, text: str, names: Collection[str], wrong: list[str]) -> tuple[str, ...]:
    given = dict.fromkeys(name for name in (part.strip() for part in text.split(",")) if name)
    for name in (name for name in given if name not in names):
        near = get_close_matches(name, names, 1)
        wrong.append(
            f"{word} named {quoted(name)}, which is no chart and no control; {near[0]} is meant, perhaps." if near
            else f"{word} named {quoted(name)}, which is no chart and no control."
        )  # fmt: skip
    return tuple(name for name in given if name in names)
