"""Functions of one's own: the word that a ``Run`` has for one, and the function itself where it is at hand.

    activation.NAME.HASH           of each number by itself
    normalization.NAME.HASH        of each example by itself, the same in train and eval mode
    batch_normalization.NAME.HASH  of the mini-batch, with running statistics for eval mode
    schedule.NAME.HASH             the factor on the learning rate

The hash is that of what the function gives for numbers that are always the same, so equal functions have equal words,
in whichever process. The function rides in none of them: it is at hand where it was made, and what was trained with
it can be shown anywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from bnviz.fields import InvalidChoice

if TYPE_CHECKING:
    from bnviz.flat import Flat

Row = TypeVar("Row")

FIELDS_OF = {
    "activation": "activation", "normalization": "normalization", "batch_normalization": "normalization",
    "schedule": "schedule",
}  # fmt: skip
"""What a word begins with, to the field of ``Run`` that it is for."""

_WORD = re.compile(rf"({'|'.join(FIELDS_OF)})\.([A-Za-z0-9-]{{1,24}})\.[0-9a-f]{{16}}")
_made: dict[str, Any] = {}


@dataclass(frozen=True)
class OwnActivation:
    """A function of each number by itself, ``outputs`` of it at ``inputs``, and where it is nearly flat."""

    function: Callable[[Any], Any]
    inputs: np.ndarray
    outputs: np.ndarray
    flat: Flat

    def curve(self, x: np.ndarray) -> np.ndarray:
        """It at these places, for pictures."""
        return np.asarray(np.interp(x, self.inputs, self.outputs))


@dataclass(frozen=True)
class OwnNormalization:
    """A function of a mini-batch ``(batch, units)``; and of the same with running mean and variance, in eval mode."""

    function: Callable[[Any], Any]
    evaluate: Callable[[Any, Any, Any], Any] | None = None


def is_function(word: str) -> bool:
    """Whether it names a function of one's own, at hand or not."""
    return _WORD.fullmatch(word) is not None


def is_of_the_batch(word: str) -> bool:
    """Whether it names a normalization of one's own in which the examples of a mini-batch know of each other."""
    return is_function(word) and word.startswith("batch_normalization.")


def field_of(word: str) -> str:
    """The field that a function of one's own is for. Raises KeyError for a word that names none."""
    if not is_function(word):
        raise KeyError(word)
    return FIELDS_OF[word.partition(".")[0]]


def called(word: str) -> str:
    """A function of one's own by its name, any other word as it is."""
    return word.split(".")[1] if is_function(word) else word


def short(name: str) -> str:
    """Of a name what a word can have: letters, digits and -."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:24].strip("-") or "own"


def made(kind: str, name: str, gives: np.ndarray, function: object) -> str:
    """The word of a function that ``gives`` these numbers, which from now on is at hand."""
    rounded = np.round(gives, 6) + 0.0  # other processors round otherwise, and -0 is 0
    word = f"{kind}.{short(name)}.{hashlib.sha256(rounded.astype('<f8').tobytes()).hexdigest()[:16]}"
    _made[word] = function
    return word


def at_hand(word: str) -> Any:
    """What was made of a function in this process; None where it was not."""
    return _made.get(word)


def needed(word: str) -> Any:
    """The same. Raises InvalidChoice where it is not at hand."""
    if word not in _made:
        field = field_of(word)
        raise InvalidChoice(
            f"the {field} {called(word)}, a function of one's own, is not in this process, where what was trained with "
            f"it can be shown but not trained: make it again by bnviz.{field}_from, with the same function and name."
        )
    return _made[word]


class WithOwn(dict[str, Row]):
    """Word to row; ``own`` makes the row of a function of one's own, which is not among them."""

    def __init__(self, rows: Mapping[str, Row], own: Callable[[str], Row]) -> None:
        super().__init__(rows)
        self._own = own

    def __missing__(self, word: str) -> Row:
        """Raises KeyError for what is no word."""
        field_of(word)
        return self._own(word)
