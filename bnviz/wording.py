"""Plurals, lists and numbers as sentences need them: one function each, so that another language can have its own."""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import TypeVar

from bnviz.language.tongues import spoken

T = TypeVar("T")


def plural(count: int, one: str, many: str, **values: object) -> str:
    """``one`` or ``many``, with the ``{count}`` in it: ``plural(3, "{count} seed", "{count} seeds")`` is "3 seeds".

    ``values`` are what else it has in braces.
    """
    return spoken().plural(count, one, many).format(count=written(count, ","), **values)


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def sentences(*said: str) -> str:
    """Whole sentences, one after the other, without those that are empty."""
    return " ".join(filter(None, said))


def parted(message: str, **values: T) -> list[str | T]:
    """A sentence of which the values come later: its words and its values in the order in which they are said."""
    parts: list[str | T] = []
    for literal, name, _, _ in string.Formatter().parse(message):
        parts += [literal] if literal else []
        parts += [values[name]] if name else []
    return parts


def word(one: str) -> str:
    """Says of a word that stands by itself, in lower case, that a reader sees it: it could be a name in the code."""
    return one


def either(words: Iterable[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def written(value: float, form: str) -> str:
    """A number as ``format`` writes it, in the way of the language: ``written(1234.5, ",.1f")`` is "1,234.5"."""
    return spoken().number(format(value, form))


def separators() -> str:
    """What stands before a number's decimals, and between its thousands: ".," in English."""
    return spoken().number(".,")
