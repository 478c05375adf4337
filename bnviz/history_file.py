"""A history's own file, ``.bnviz``: what lies in it, and what is asked of one that anybody may send.

It has two parts, what was seen and what training needs to go on, so that who only shows it need not take the second.
Before each stand the format's name and the checksum that the server's kept runs have (``run_file``); inside is a
message (``messages``), numbers and JSON, so that reading it can run nothing. ``unpacked`` believes nothing that it
reads: an experiment says which readings there can be, and of which shape.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bnviz import run_file
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice, quoted
from bnviz.inside import length
from bnviz.messages import MOST_BYTES, Message, Parser, encode
from bnviz.quantities import DECISION_GRID, HISTOGRAM_EDGES, QUANTITIES, SHOWN_FILTERS, SHOWN_POINTS, WALK
from bnviz.quantities import WATCHED_UNITS as UNITS
from bnviz.run import Run
from bnviz.shown_network import ShownNetwork
from bnviz.strides import KERNEL

SUFFIX = ".bnviz"
MOST_ARRAYS = MOST_BYTES - 2**20
"""So many bytes of numbers fit into a file, beside its words."""

MOST_EVENTS, MOST_CAPACITY, LAST_STEP = 1000, 10**6, 2**53
_PLAIN = re.compile(r"[\w ,.:;()%'/+-]{0,200}")
"""What the words of an event are made of; a picture of theirs holds no link and no markup."""
_LENGTHS = struct.Struct("<II")
Arrays = Mapping[str, np.ndarray]


class NotAHistory(ValueError):
    """These bytes are no saved history that could be opened; the message says why, in one sentence."""


@dataclass(frozen=True)
class Saved:
    """What a file holds: named arrays and words that JSON can hold, as ``History.parts`` gives them; and the
    checkpoint, which is empty where there was none, or where it was not taken."""

    arrays: Arrays
    about: Mapping[str, Any]
    checkpoint: Arrays = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The file. Raises ValueError for one of more than 64 MiB."""
        size = sum(np.asarray(values).nbytes for values in (*self.arrays.values(), *self.checkpoint.values()))
        if size > MOST_ARRAYS:
            raise ValueError(
                f"the history has {size / 2**20:.0f} MiB; allowed in a file are {MOST_ARRAYS / 2**20:.0f}: try "
                "fewer snapshots (every=) or seeds."
            )
        rest = run_file.sealed(encode("checkpoint", self.checkpoint)) if self.checkpoint else b""
        first = encode("history", self.arrays, **self.about, rest=_digest(rest))
        return run_file.sealed(first) + rest

    def write(self, path: Path) -> None:
        """Write the whole file, or nothing. Raises OSError, and ValueError for more than 64 MiB."""
        data = self.to_bytes()
        try:
            run_file.put(path.absolute(), data)
        except OSError as error:  # it names the part that nobody asked for
            raise OSError(error.errno, error.strerror, str(path)) from error


def read(path: Path) -> Saved:
    """What a file holds. Raises NotAHistory where it is another one or damaged, and OSError."""
    size = path.stat().st_size
    if size > run_file.HEAD + MOST_BYTES:
        raise _too_large(size, MOST_BYTES)
    return unpacked(path.read_bytes())


def unpacked(data: bytes, most_bytes: int = MOST_BYTES, whole: bool = True) -> Saved:
    """What a file's bytes hold, whoever made it; not the ``whole`` file may be its first part alone.

    Raises:
        NotAHistory: anything is not as it should be.
    """
    if len(data) > run_file.HEAD + most_bytes:
        raise _too_large(len(data), most_bytes)
    end = run_file.HEAD + _LENGTHS.size
    end += sum(_LENGTHS.unpack_from(data, run_file.HEAD)) if len(data) >= end else 0
    seen, rest = _message("history", data[:end]), data[end:]
    about = dict(seen.words)
    if about.pop("rest", "") != _digest(rest) and (whole or rest):
        raise NotAHistory("this saved history of bnviz is damaged: its end is another one's, or missing.")
    _check(seen.arrays, about)
    return Saved(seen.arrays, about, _message("checkpoint", rest).arrays if rest else {})


def _message(kind: str, data: bytes) -> Message:
    """The one message of a part. Raises NotAHistory."""
    try:
        (message,) = Parser().feed(run_file.unsealed(data))
    except run_file.Damaged as error:
        raise NotAHistory(f"this is no saved history of bnviz, or it is damaged: {error}") from None
    except ValueError:
        raise NotAHistory("this is no saved history of bnviz: its contents are something else.") from None
    if message.kind != kind:
        raise NotAHistory(f"this is no saved history of bnviz, but {quoted(message.kind)}.")
    return message


def _digest(rest: bytes) -> str:
    return hashlib.blake2b(rest, digest_size=16).hexdigest()


def _too_large(size: int, most: int) -> NotAHistory:
    return NotAHistory(f"the file has {size / 2**20:.1f} MiB; allowed are {most / 2**20:.0f}.")


def _check(arrays: Arrays, about: Mapping[str, Any]) -> None:
    """Raises NotAHistory for the first thing that no history of this experiment can hold."""
    try:
        experiment = Experiment.from_json(json.dumps(about.get("experiment")))
    except InvalidChoice as refusal:
        raise NotAHistory(f"its experiment cannot be opened here: {refusal}") from None
    steps, epochs, capacity = arrays.get("steps"), about.get("epochs"), about.get("capacity")
    if steps is None or steps.dtype.kind != "i" or steps.ndim != 1 or not 1 <= len(steps) <= MOST_CAPACITY:
        raise NotAHistory("its steps are no list of whole numbers.")
    if steps[0] < 0 or steps[-1] > LAST_STEP or (np.diff(steps) <= 0).any():
        raise NotAHistory("its steps do not rise from 0 on.")
    if type(capacity) is not int or not max(2, len(steps) - 1) <= capacity <= MOST_CAPACITY:
        raise NotAHistory(f"its capacity was {quoted(capacity)}; allowed is at least the number of its snapshots.")
    if not isinstance(epochs, list) or len(epochs) != len(steps) or not all(map(_is_number, epochs)):
        raise NotAHistory("its epochs are not one number a snapshot.")
    events, made_by = about.get("events"), about.get("made_by", {})
    if not isinstance(events, list) or len(events) > MOST_EVENTS or not all(map(_is_event, events)):
        raise NotAHistory("its events are not steps with a few plain words.")
    if not isinstance(made_by, dict) or len(made_by) > 9 or not all(_PLAIN.fullmatch(f"{each}") for each in
                                                                     (*made_by, *made_by.values())):  # fmt: skip
        raise NotAHistory("what it was made by are not a few plain words.")
    for name, values in arrays.items():
        if name != "steps":
            _check_readings(experiment, len(steps), name, values)


def _check_readings(experiment: Experiment, snapshots: int, name: str, values: np.ndarray) -> None:
    arm, _, quantity = name.partition("/")
    run = experiment.arms.get(arm)
    if run is None or not (quantity in QUANTITIES or quantity == "inside"):
        raise NotAHistory(f"it holds {quoted(name)}, which this experiment has no reading of.")
    shape = QUANTITIES[quantity].shape if quantity in QUANTITIES else "inside"
    expected = _SHAPES[shape](run, len(experiment.seeds), quantity)
    if shape == "inside":
        expected = (*values.shape[1:2], *expected)
    if values.shape != (snapshots, *expected) or values.dtype.kind != ("u" if shape in _BYTES else "f"):
        raise NotAHistory(
            f"{quoted(name)} is {values.dtype} of shape {values.shape}; the experiment says {(snapshots, *expected)}."
        )


def _tiles(run: Run, seeds: int, quantity: str) -> tuple[int, ...]:
    shown = min(run.width, SHOWN_FILTERS)
    side = DATASETS[run.dataset].side
    return (shown, KERNEL, KERNEL) if quantity == "filters" else (1 + shown, side, side)


_BYTES = ("grid", "tiles", "network")
_SHAPES: dict[str, Callable[[Run, int, str], tuple[int, ...]]] = {
    "run": lambda run, seeds, _: (seeds,),
    "layer": lambda run, seeds, _: (seeds, run.depth),
    "unit": lambda run, seeds, _: (seeds, run.depth, min(run.width, UNITS)),
    "histogram": lambda run, seeds, _: (seeds, run.depth, len(HISTOGRAM_EDGES) + 1),
    "grid": lambda run, seeds, _: (DECISION_GRID, DECISION_GRID),
    "points": lambda run, seeds, _: (DATASETS[run.dataset].classes, 2, SHOWN_POINTS),
    "walk": lambda run, seeds, _: (len(WALK),),
    "tiles": _tiles,
    "network": lambda run, seeds, quantity: (ShownNetwork(run).lengths[quantity],),
    "inside": lambda run, seeds, _: (length(run),),
}
"""Shape of a quantity to that of one snapshot's reading, from a run, the number of seeds and the quantity."""


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]


def _is_event(event: object) -> bool:
    fits = isinstance(event, list) and len(event) == 2 and type(event[0]) is int and 0 <= event[0] <= LAST_STEP
    return fits and isinstance(event[1], str) and bool(_PLAIN.fullmatch(event[1]))  # type: ignore[index]
