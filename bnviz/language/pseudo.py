"""A language that nobody speaks: English with other letters and longer words, to see what a translation will meet."""

from __future__ import annotations

import re

_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_OTHER = "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž"
_VOWELS = "aeiou"

LETTERS = {
    ord(letter): other * (1 + (plain in _VOWELS))
    for plain, small in zip(_PLAIN, _OTHER, strict=True)
    for letter, other in ((plain, small), (plain.upper(), small.upper()))
}
"""Every letter has an accent and every vowel comes twice: about 40% more, and no letter of English is left."""

LEFT_ALONE = re.compile(
    r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]+\$|%?\{[^{}]*\}|<[^<>]*>|(?<=\])\([^)\s]*\)|:\w+/\w+:|https?://\S+)",
    re.DOTALL,
)
"""Code, formulas, values in braces, tags, addresses and icons."""


def accented(message: str) -> str:
    """A message in that language, its values, its marks and its code as they were."""
    parts = LEFT_ALONE.split(message)
    return "".join(part if place % 2 else part.translate(LETTERS) for place, part in enumerate(parts))
