"""The languages there are, and the one that this process speaks: ``BNVIZ_LANGUAGE``.

Another one is a row in ``TONGUES``: how it says a message of the catalog, the forms that a plural has in it, which of
them a count takes, and how it writes a number that English has written.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass

from bnviz.language.pseudo import accented

VARIABLE = "BNVIZ_LANGUAGE"


@dataclass(frozen=True)
class Tongue:
    """One language. ``say`` gets a message with its values as names in braces, and keeps each of them.

    ``forms`` has what stands for English's two by the names that Unicode gives them (zero, one, two, few, many, other),
    as many as the language has; ``form`` is the name for a count. A script has the forms too, and asks the browser for
    the name by ``tag``.
    """

    tag: str
    say: Callable[[str], str]
    forms: Callable[[str, str], dict[str, str]]
    form: Callable[[int], str]
    number: Callable[[str], str] = str

    def plural(self, count: int, one: str, other: str) -> str:
        """The form for a count, of a message that English has two of."""
        return self.forms(one, other)[self.form(count)]


def _english_form(count: int) -> str:
    return "one" if count == 1 else "other"


ENGLISH = Tongue("en", str, lambda one, other: {"one": one, "other": other}, _english_form)
PSEUDO = Tongue("en", accented, lambda one, other: {"one": accented(one), "other": accented(other)}, _english_form)
TONGUES: dict[str, Tongue] = {"en": ENGLISH, "pseudo": PSEUDO}


@functools.cache
def spoken() -> Tongue:
    """What this process speaks; a name that is none is refused by ``bnviz.settings``, and is English until then."""
    return TONGUES.get(os.environ.get(VARIABLE, "").strip().lower(), ENGLISH)
