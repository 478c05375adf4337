"""The word that names data of one's own, and says what they are, so that a run which learns from them is decided by it.

    points.NAME.EXAMPLESxFEATURESxCLASSES.POINTS   a few points in the plane, all of them in the word itself
    own.NAME.EXAMPLESxFEATURESxCLASSES.HASH        anything else, by the hash of its bytes, which are kept elsewhere

It goes where the words of other datasets go: into a ``Run``, a link, a message, the name of a stored run.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bnviz.fields import InvalidChoice, quoted

MOST_POINTS, MOST_PLANE_CLASSES = 400, 5
"""So many points ride in the word; so many classes can be told apart in the plane."""
LEAST_EXAMPLES, MOST_EXAMPLES, MOST_FEATURES, MOST_CLASSES, MOST_NUMBERS = 10, 20_000, 256, 10, 400_000

TRAIN_SHARE = 0.8
"""The share of all examples that is trained on; the rest is for testing."""

EXTENT = 1.5
"""Points lie so far from the middle, at most."""

FINEST, BITS, BYTES = 2**10 - 1, 10, 3
"""Coordinates in the word are multiples of ``2 * EXTENT / FINEST``, ten bits each; the last four of three bytes say the
class."""

_WORD = re.compile(r"(points|own)\.([A-Za-z0-9-]{1,24})\.(\d{1,5})x(\d{1,3})x(\d{1,2})\.([\w-]{32,1600})", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class OwnSet:
    """What a word says: the name, how many examples, features and classes, and the points or the hash of all bytes."""

    word: str
    rides: bool
    """Whether the points are in the word itself."""
    name: str
    examples: int
    features: int
    classes: int
    content: str

    @property
    def trainable(self) -> int:
        """How many examples are trained on."""
        return int(TRAIN_SHARE * self.examples)


def is_own(word: str) -> bool:
    """Whether it begins as these words do."""
    return word.startswith(("points.", "own."))


@lru_cache(maxsize=256)
def own_set(word: str) -> OwnSet:
    """What a word says. Raises InvalidChoice for one that no set can have."""
    parts = _WORD.fullmatch(word)
    if parts is None:
        raise _refused(word)
    examples, features, classes = (int(parts[number]) for number in (3, 4, 5))
    found = OwnSet(word, parts[1] == "points", parts[2], examples, features, classes, parts[6])
    sentence = refusal(examples, features, classes)
    if sentence or not (_holds_points(found) if found.rides else _HASH.fullmatch(found.content)):
        raise InvalidChoice(sentence) if sentence else _refused(word)
    return found


def refusal(examples: int, features: int, classes: int) -> str:
    """Why no set has these sizes, in one sentence: given, allowed, what to try; empty where one may."""
    most = most_classes(features)
    rows = (
        (not 1 <= features <= MOST_FEATURES,
         f"There were {features:,} columns of numbers; allowed are 1 to {MOST_FEATURES}: leave some out."),
        (examples < LEAST_EXAMPLES,
         f"There were {examples} examples; allowed are {LEAST_EXAMPLES} to {MOST_EXAMPLES:,}: add some."),
        (examples > MOST_EXAMPLES,
         f"There were {examples:,} examples; allowed are {LEAST_EXAMPLES} to {MOST_EXAMPLES:,}: keep a part of them."),
        (examples * features > MOST_NUMBERS,
         f"There were {examples:,} x {features} = {examples * features:,} numbers; allowed are {MOST_NUMBERS:,}: keep "
         "a part of the examples or of the columns."),
        (classes < 2,
         f"There was one class; allowed are 2 to {most}: a network needs something to tell apart."),
        (classes > most and features == 2,
         f"There were {classes:,} classes; allowed are 2 to {most} in the plane: put some together, or leave some "
         "out."),
        (classes > most,
         f"There were {classes:,} classes; allowed are 2 to {most}: put some together, or leave some out."),
    )  # fmt: skip
    return next((sentence for wrong, sentence in rows if wrong), "")


def most_classes(features: int) -> int:
    """Two features are a plane, whose picture has a colour for each class."""
    return MOST_PLANE_CLASSES if features == 2 else MOST_CLASSES


def word_of_points(x: np.ndarray, y: np.ndarray, name: str) -> str:
    """The word of a few points, ``(n, 2)`` within ``EXTENT`` of the middle, rounded to what it can hold."""
    places = np.rint((np.clip(x, -EXTENT, EXTENT) / EXTENT + 1) / 2 * FINEST).astype("<u4")
    codes = places[:, 0] | places[:, 1] << BITS | y.astype("<u4") << 2 * BITS
    data = codes.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :BYTES].tobytes()
    return named("points", name, len(x), 2, int(y.max()) + 1, base64.urlsafe_b64encode(data).decode())


def painted_classes(content: str) -> int:
    """How many classes the points of a painting have: one more than the largest number. 0 for what is no painting."""
    try:
        data = base64.b64decode(content, b"-_", validate=True)
    except (binascii.Error, ValueError):
        return 0
    return max((byte >> 4 for byte in data[BYTES - 1 :: BYTES]), default=-1) + 1


def points_of(found: OwnSet) -> tuple[np.ndarray, np.ndarray]:
    """The points that ride in a word, ``(n, 2)`` float32, and their classes ``(n,)`` int64."""
    places, classes = places_of(found)
    return ((places / FINEST * 2 - 1) * EXTENT).astype(np.float32), classes


def places_of(found: OwnSet) -> tuple[np.ndarray, np.ndarray]:
    """The same points as the word holds them: whole numbers ``(n, 2)`` from 0 to ``FINEST``, and their classes."""
    codes = np.zeros((found.examples, 4), np.uint8)
    data = base64.b64decode(found.content, b"-_", validate=True)
    codes[:, :BYTES] = np.frombuffer(data, np.uint8).reshape(found.examples, BYTES)
    numbers = codes.view("<u4")[:, 0]
    return np.stack([numbers & FINEST, numbers >> BITS & FINEST], axis=1), (numbers >> 2 * BITS).astype(np.int64)


def named(kind: str, name: str, examples: int, features: int, classes: int, content: str) -> str:
    """The word of these parts; of the name it has letters, digits and -. Raises InvalidChoice where none can be."""
    short = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:24].strip("-") or "own"
    return own_set(f"{kind}.{short}.{examples}x{features}x{classes}.{content}").word


def _holds_points(found: OwnSet) -> bool:
    if found.features != 2 or len(found.content) != 4 * found.examples <= 4 * MOST_POINTS:
        return False
    try:
        labels = points_of(found)[1]
    except (binascii.Error, ValueError):
        return False
    return int(labels.max()) == found.classes - 1 and len(np.unique(labels)) > 1


def _refused(word: str) -> InvalidChoice:
    return InvalidChoice(
        f"dataset was {quoted(word)}, which names no data of one's own; allowed is the word that bnviz.dataset_from "
        "gives, or that a link of the Lab has: try to copy the link as a whole."
    )
