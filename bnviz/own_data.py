"""Data of one's own: from arrays to the word that a ``Run`` learns from, and from the word to the arrays.

What does not ride in its word has to be at hand where it is trained on: made in this process, or taken from elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bnviz.fields import InvalidChoice, quoted
from bnviz.own_words import EXTENT, MOST_POINTS, named, own_set, points_of, refusal, word_of_points

LARGEST = 1e30
"""A number of a set is no further from 0: with larger ones neither deviations nor losses stay finite."""

MOST_TAKEN = 8
"""So many sets that came from elsewhere are kept in a process: as many as an experiment has arms."""

_LENGTH = struct.Struct("<I")
_made: dict[str, bytes] = {}
_taken: OrderedDict[str, bytes] = OrderedDict()


@dataclass(frozen=True)
class OwnArrays:
    """The examples of a set: ``x`` ``(n, features)`` float32, ``y`` ``(n,)`` int64 classes from 0, and what is known
    ``about`` them: names of columns and classes, and the numbers by which the columns were standardized."""

    x: np.ndarray
    y: np.ndarray
    about: dict[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The length of a JSON header, the header, x, y; equal sets have equal ones."""
        about = json.dumps({**self.about, "shape": self.x.shape}, sort_keys=True).encode()
        return _LENGTH.pack(len(about)) + about + self.x.astype("<f4").tobytes() + self.y.astype(np.uint8).tobytes()

    @classmethod
    def from_bytes(cls, body: bytes) -> OwnArrays:
        """The set of ``to_bytes``. Raises ValueError for anything else."""
        try:
            begin = _LENGTH.size + _LENGTH.unpack_from(body)[0]
            about = json.loads(body[_LENGTH.size : begin])
            examples, features = about.pop("shape")
            x = np.frombuffer(body, "<f4", examples * features, begin).reshape(examples, features)
            return cls(x, np.frombuffer(body, np.uint8, offset=begin + x.nbytes).astype(np.int64), about)
        except (struct.error, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"these bytes are no data set ({type(error).__name__}).") from error


@dataclass(frozen=True)
class MadeSet:
    """A set that was made: its word, what is known about it, and the bytes to keep, none where it rides in the word."""

    word: str
    about: dict[str, Any]
    body: bytes = b""


def dataset_from(x: Any, y: Any, name: str = "own", standardize: bool = True) -> str:
    """The word by which a ``Run`` learns from arrays of your own: ``Run(dataset=dataset_from(x, y, name="iris"))``.

    ``x`` is ``(examples, features)`` of finite numbers, ``y`` ``(examples,)``
    of 2 to 10 different numbers or names, the classes in sorted order. Of every
    column its mean is subtracted, then it is divided by its deviation, unless
    ``standardize`` is off. Two features are points in the plane: they are shrunk
    until all lie within 1.5 of the middle, and of at most 400 the coordinates
    are rounded to 3/1023, so that a link carries them. 80% of the examples,
    other ones for each seed, are trained on.

    Raises:
        InvalidChoice: too few or too many examples, features or classes, a number that is not finite, an example
            without a label, or a name that is no text.
    """
    if not isinstance(name, str):
        raise InvalidChoice(f"name was {quoted(name)}; allowed is a text, such as 'iris'.")
    try:
        numbers = _numbers_of(x)
    except (TypeError, ValueError):
        raise InvalidChoice("x held something else than numbers; allowed are numbers in rows and columns.") from None
    try:
        values = np.ma.asarray(_apart(y))
    except (TypeError, ValueError):
        raise InvalidChoice("y held something else than labels; allowed is one for every example.") from None
    if numbers.ndim != 2 or values.shape != numbers.shape[:1]:
        raise InvalidChoice(
            f"x had the shape {numbers.shape} and y {values.shape}; allowed are (examples, features) and (examples,)."
        )
    names, classes = _classes_of(values)
    made = prepared(numbers, classes, name, {"classes": [str(each)[:40] for each in names]}, standardize)
    if made.body:
        _made[own_set(made.word).content] = made.body
    return made.word


def _numbers_of(x: Any) -> np.ndarray:
    """Float64, what is masked as NaN. Raises TypeError and ValueError for anything else than numbers."""
    given = np.ma.asarray(_apart(x))
    if given.dtype.kind == "c":
        raise TypeError
    numbers: np.ma.MaskedArray = np.ma.asarray(given.astype(np.float64))
    return np.asarray(numbers.filled(np.nan))


def _apart(given: Any) -> Any:
    """A tensor without what remembers how it was made, in the memory where NumPy can read it."""
    return given.detach().cpu() if hasattr(given, "detach") else given


def _classes_of(values: np.ma.MaskedArray) -> tuple[np.ndarray, np.ndarray]:
    """The names in order, and the place of each example's among them. Raises InvalidChoice."""
    labels = np.asarray(values.data)
    lacking = np.ma.getmaskarray(values) | np.array([_is_missing(label) for label in labels.tolist()], bool)
    if lacking.any():
        raise InvalidChoice(
            f"example {int(lacking.argmax()) + 1} had no label in y; allowed is one for every example: leave the "
            "example out, or fill it in."
        )
    try:
        names, classes = np.unique(labels, return_inverse=True)
    except TypeError:
        raise InvalidChoice(
            "y held labels that cannot be put in order, such as names beside numbers; allowed are numbers alone or "
            "names alone: try [str(label) for label in y]."
        ) from None
    return names, classes


def _is_missing(label: Any) -> bool:
    try:
        return label is None or bool(label != label)
    except (TypeError, ValueError):  # pandas' NA is neither equal to anything nor different from it
        return True


def prepared(
    numbers: np.ndarray, classes: np.ndarray, name: str, about: dict[str, Any], standardize: bool = True
) -> MadeSet:
    """The set of these examples ``(n, features)`` float64 and classes from 0. Raises InvalidChoice."""
    examples, features = numbers.shape
    if sentence := refusal(examples, features, len(np.unique(classes))):
        raise InvalidChoice(sentence)
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        raise InvalidChoice(
            f"example {row + 1} had {numbers[row, column]} as feature {column + 1}; allowed are finite numbers: leave "
            "the example out, or fill it in."
        )
    if (np.abs(numbers) > LARGEST).any():
        row, column = np.argwhere(np.abs(numbers) > LARGEST)[0]
        raise InvalidChoice(
            f"example {row + 1} had {numbers[row, column]:g} as feature {column + 1}; allowed are numbers up to "
            f"{LARGEST:g}: try another unit."
        )
    x, done = standardized(numbers) if standardize else (numbers, {})
    if features == 2:
        done["shrunk"] = min(1.0, EXTENT / max(float(np.abs(x).max()), EXTENT))
        x = x * done["shrunk"]
        if examples <= MOST_POINTS:
            return MadeSet(word_of_points(x, classes, name), about | done)
    arrays = OwnArrays(x.astype(np.float32), classes.astype(np.int64), about | done)
    body = arrays.to_bytes()
    return MadeSet(named("own", name, examples, features, int(classes.max()) + 1, _hash(body)), arrays.about, body)


def standardized(numbers: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Every column less its mean, over its deviation (one that never changes becomes 0); and those numbers."""
    varies = np.ptp(numbers, axis=0) > 0  # of equal numbers mean and deviation are not exact
    means, deviations = np.where(varies, numbers.mean(0), numbers[0]), np.where(varies, numbers.std(0), 0)
    centred = (numbers - means) / np.where(deviations > 0, deviations, 1)
    return centred, {"means": means.tolist(), "deviations": deviations.tolist()}


def take(word: str, body: bytes, most: int = MOST_TAKEN) -> None:
    """Have a set at hand that came from elsewhere; of more than ``most`` the one taken longest ago makes room.

    Raises:
        ValueError: these are the bytes of another one.
    """
    content = own_set(word).content
    if not belongs(word, body):
        raise ValueError("these bytes are another data set's.")
    _taken[content] = body
    _taken.move_to_end(content)
    while len(_taken) > most:
        _taken.popitem(last=False)


def belongs(word: str, body: bytes) -> bool:
    """Whether these are the bytes of the set that the word names."""
    return own_set(word).content == _hash(body)


def body_at_hand(word: str) -> bytes | None:
    """The bytes of a set that was made here, or taken from elsewhere; None where they are not at hand."""
    content = own_set(word).content
    return _made.get(content) or _taken.get(content)


def arrays_of(word: str) -> OwnArrays:
    """The examples of a set. Raises InvalidChoice where they are not at hand."""
    found = own_set(word)
    if found.rides:
        return OwnArrays(*points_of(found))
    body = body_at_hand(word)
    if body is None:
        raise InvalidChoice(gone(word))
    return OwnArrays.from_bytes(body)


def gone(word: str) -> str:
    """What to say where the examples of a set are not at hand."""
    found = own_set(word)
    return (
        f"The data set {found.name}, {found.examples:,} x {found.features}, is not kept here, or no longer: load the "
        "same file again, and the link opens it."
    )


def _hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
