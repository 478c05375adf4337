"""The languages there are, and the one that this process speaks: ``BNVIZ_LANGUAGE``.

Another one is a row in ``TONGUES``: how it says a message of the catalog, which form of a plural a count takes, and how
it writes a number that English has written.
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
    """One language. ``say`` gets a message with its values as names in braces, and keeps each of them."""

    say: Callable[[str], str]
    plural: Callable[[int, str, str], str]
    number: Callable[[str], str] = str


def _english(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


ENGLISH = Tongue(str, _english)
PSEUDO = Tongue(accented, lambda count, one, many: accented(_english(count, one, many)))
TONGUES: dict[str, Tongue] = {"en": ENGLISH, "pseudo": PSEUDO}


@functools.cache
def spoken() -> Tongue:
    """What this process speaks; a name that is none is refused by ``bnviz.settings``, and is English until then."""
    return TONGUES.get(os.environ.get(VARIABLE, "").strip().lower(), ENGLISH)
