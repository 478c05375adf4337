"""A playlist: experiments in order, with the teacher's sentence for each, as text that a link can carry.

A line each: the link of an experiment (all of it, or what stands behind its ``?``), a space, the sentence.

    arms=plain,bn&bn.normalization=batch&depth=3 Which of the two learns first?
    arms=plain,bn&bn.normalization=batch&depth=20 And with twenty layers?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from bnviz import link
from bnviz.fields import quoted

MOST_ITEMS, MOST_LETTERS = 9, 200
"""So many experiments a playlist holds, a key each; so many letters each sentence."""


@dataclass(frozen=True)
class Item:
    """One experiment of a playlist: the parameters of its link, and what the teacher says of it."""

    query: Mapping[str, str]
    sentence: str = ""


def from_text(text: str) -> tuple[tuple[Item, ...], list[str]]:
    """The playlist of a text without what is wrong in it, and one sentence for each thing that is. Never raises."""
    items, wrong = list[Item](), list[str]()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        address, _, sentence = line.partition(" ")
        query = dict(parse_qsl(address.rpartition("?")[2], keep_blank_values=True))
        if number > MOST_ITEMS:
            wrong.append(f"the playlist had {len(lines)} lines; the first {MOST_ITEMS} are kept, a key each.")
            break
        if link.names_experiment(query):
            items.append(Item(query, sentence.strip()[:MOST_LETTERS]))
        else:
            told = quoted(address)
            wrong.append(f"line {number} of the playlist began with {told}, which is no link to an experiment.")
    return tuple(items), wrong


def to_text(items: Sequence[Item]) -> str:
    """The text of a playlist; ``from_text`` reads it back."""
    return "\n".join(f"{link.to_text(item.query)} {item.sentence}".strip() for item in items)
