"""What travels between server and browser: the words of the wire, made and checked. No socket, no clock.

Server to browser: ``setup`` and ``state`` as JSON text; rows, cells and figures as binary frames.
Browser to server: small JSON commands, checked against ``Command``.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from bnviz.about import about, in_page_words
from bnviz.charts import Columns, board
from bnviz.charts.marks import short
from bnviz.charts.theme import arm_looks
from bnviz.drawn import MOST_LETTERS, pixels_of, side_of
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import WATCHED_UNITS
from bnviz.service import State
from bnviz.snapshot import Event

MOST_COMMAND_BYTES = 4096
"""No command of the board is longer; what is, is not read."""

LOST, MALFORMED, REPLACED, STALLED, TOO_MANY, BROKEN = 4404, 4400, 4408, 4410, 4429, 1011
"""Close codes: nobody has this token; no such command; another page took over; nothing was drawn for long; too
many commands a second; our own mistake."""

BEAT = '{"kind":"beat"}'
"""What a page is told when there is nothing to tell, so that it knows that it is heard."""

MOST_EVENTS = 50
"""No more marks than this stand on a chart."""

_LENGTH = struct.Struct("<I")
_Step = Annotated[int, Field(ge=-1, le=2**53)]


class BadCommand(ValueError):
    """Text that is no command of the board's."""


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Ack(_Command):
    """The page has drawn everything up to ``step``."""

    do: Literal["ack"]
    run: _Step
    step: _Step


class Speed(_Command):
    """Steps from one picture to the next; 0 is as fast as it goes."""

    do: Literal["speed"]
    value: Annotated[int, Field(ge=0, le=10_000)]


class Press(_Command):
    """A button. ``replay`` lets a recording that was paused go on."""

    do: Literal["play", "pause", "step", "epoch", "reset", "again", "replay"]


class Open(_Command):
    """A unit to look into from now on; layer 0 is none. ``back`` asks for the steps of the past, too."""

    do: Literal["open"]
    layer: Annotated[int, Field(ge=0, le=1000)]
    unit: Annotated[int, Field(ge=0, le=100_000)]
    back: bool = False


class Draw(_Command):
    """A digit to answer, as the base64 of its pixels, which the page knows by a number; without pixels none."""

    do: Literal["draw"]
    number: _Step
    pixels: Annotated[str, Field(max_length=MOST_LETTERS)]

    @field_validator("pixels")
    @classmethod
    def _is_drawing(cls, pixels: str) -> str:
        if pixels:
            pixels_of(pixels)
        return pixels


Command = Ack | Speed | Press | Open | Draw
_COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="do")])


def parse(text: str) -> Command:
    """The command in a message. Raises BadCommand for anything else, and says nothing about why."""
    if len(text) > MOST_COMMAND_BYTES or len(text.encode()) > MOST_COMMAND_BYTES:
        raise BadCommand
    try:
        return _COMMANDS.validate_json(text)
    except ValidationError:
        raise BadCommand from None


@dataclass(frozen=True)
class PackedRow:
    """One snapshot as the board holds it: its step, its sentence, its packed columns, and what is watched in them."""

    step: int
    epoch: float
    caption: str
    packed: bytes
    watched: Sequence[str] = ()


def frame(run: int, rows: Sequence[PackedRow]) -> bytes:
    """The rows of a run as one binary message."""
    words = {
        "steps": [row.step for row in rows],
        "epochs": [row.epoch for row in rows],
        "captions": [row.caption for row in rows],
        "watched": [row.watched for row in rows],
    }
    return packed(run, words, *(row.packed for row in rows))


def packed(run: int, words: Mapping[str, Any], *parts: bytes) -> bytes:
    """One binary message: u32 header length, JSON header, then the parts from a multiple of 8 on."""
    header = orjson.dumps({"run": run, **words}, option=orjson.OPT_SERIALIZE_NUMPY)
    header += b" " * (-(_LENGTH.size + len(header)) % 8)
    return b"".join([_LENGTH.pack(len(header)), header, *parts])


@functools.lru_cache(maxsize=32)
def blueprint(experiment: Experiment, charts: tuple[str, ...] = ()) -> dict[str, Any]:
    """Everything in a setup message that follows from the experiment, and from which charts are asked for."""
    arms = experiment.arms
    first, columns, looks = next(iter(arms.values())), Columns(experiment), arm_looks(experiment)
    parts = {
        "experiment": orjson.Fragment(experiment.to_json()),
        "about": about(experiment),
        "arms": [
            {"name": name, "label": arm_label(name), "role": looks[name].role, "about": run.describe()}
            for name, run in arms.items()
        ],
        "seeds": experiment.seeds,
        "drawn": side_of(experiment),
        "columns": [
            {"name": column.name, "dtype": column.dtype, "length": column.length, "watch": column.watch}
            for column in columns.specs
        ],
        "apart": [{"name": column.name, "length": column.length} for column in columns.apart],
        "charts": board(experiment, charts),
        "picks": {
            "layer": list(range(1, first.depth + 1)),
            "unit": list(range(1, min(first.width, WATCHED_UNITS) + 1)),
        },
    }
    option = orjson.OPT_SERIALIZE_NUMPY
    return {name: orjson.Fragment(orjson.dumps(part, option=option)) for name, part in parts.items()}


def setup_message(
    run: int, label: Literal["recorded", "live"], experiment: Experiment, charts: tuple[str, ...] = ()
) -> str:
    """The message that begins a run on the board: what is trained, which columns a row has, which charts show them."""
    return orjson.dumps({"kind": "setup", "run": run, "label": label, **blueprint(experiment, charts)}).decode()


def state_message(
    run: int, name: str, state: State, speed: int, events: Sequence[Event] = (), goal: int | None = None,
    turns: int = 0, plays: bool = True, last: int | None = None,
) -> str:  # fmt: skip
    """Where the run on the board stands; ``name`` is the state's, or ``recorded``. The newest events come along.

    ``turns`` counts the learning rates that were set by hand in this session: each is a new address. Of a recording it
    says whether it ``plays``, and its ``last`` step.
    """
    return orjson.dumps(
        {
            "kind": "state",
            "run": run,
            "state": name,
            "position": state.position,
            "estimate_seconds": state.estimate_seconds,
            "message": in_page_words(state.message),
            "rates": dict(state.rates),
            "speed": speed,
            "goal": goal,
            "turns": turns,
            "plays": plays,
            "last": last,
            "steps_per_second": state.steps_per_second,
            "events": [[event.step, short(event.text)] for event in events[-MOST_EVENTS:]],
        }
    ).decode()
