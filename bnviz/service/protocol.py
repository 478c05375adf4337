"""What the web process and a worker say to each other, each a ``Message``, and how a run begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

import numpy as np

from bnviz.drawn import Answer
from bnviz.inside import Inside
from bnviz.messages import BadMessage, Message, encode
from bnviz.snapshot import Snapshot


def snapshot_to_bytes(snapshot: Snapshot) -> bytes:
    """A snapshot as one message; ``message_to_snapshot`` reads it back."""
    arrays = {
        f"{arm}/{quantity}": values for arm, readings in snapshot.arms.items() for quantity, values in readings.items()
    }
    return encode("snapshot", arrays, step=snapshot.step, epoch=snapshot.epoch)


def message_to_snapshot(message: Message) -> Snapshot:
    """The snapshot of ``snapshot_to_bytes``. Raises BadMessage for anything else."""
    arms: dict[str, dict[str, np.ndarray]] = {}
    for name, values in message.arrays.items():
        arm, _, quantity = name.partition("/")
        arms.setdefault(arm, {})[quantity] = values
    step, epoch = message.words.get("step"), message.words.get("epoch")
    if message.kind != "snapshot" or type(step) is not int or not isinstance(epoch, int | float):
        raise BadMessage(f"a {message.kind:.20} message came where a snapshot was expected.")
    return Snapshot(step, float(epoch), arms)


def inside_to_bytes(inside: Inside) -> bytes:
    """A look into a unit as one message; ``message_to_inside`` reads it back."""
    return encode("inside", inside.arms, step=inside.step, unit=inside.unit)


def message_to_inside(message: Message) -> Inside:
    """The look of ``inside_to_bytes``. Raises BadMessage for anything else."""
    step, unit = message.words.get("step"), message.words.get("unit")
    numbers = [step, *unit] if isinstance(unit, list) else []
    if message.kind != "inside" or len(numbers) != 3 or any(type(number) is not int for number in numbers):
        raise BadMessage(f"a {message.kind:.20} message came where a look into a unit was expected.")
    return Inside(numbers[0], (numbers[1], numbers[2]), message.arrays)


def answer_to_bytes(answer: Answer) -> bytes:
    """What was said of a drawing as one message; ``message_to_answer`` reads it back."""
    return encode("answer", answer.arms, step=answer.step, drawing=answer.drawing)


def message_to_answer(message: Message) -> Answer:
    """The answer of ``answer_to_bytes``. Raises BadMessage for anything else."""
    step, drawing = message.words.get("step"), message.words.get("drawing")
    if message.kind != "answer" or type(step) is not int or not isinstance(drawing, str):
        raise BadMessage(f"a {message.kind:.20} message came where an answer was expected.")
    return Answer(step, drawing, message.arrays)


@dataclass(frozen=True)
class Start:
    """What is granted (budget, seconds, memory), and what was asked for before there was a worker to hear it.

    Snapshots begin behind the step ``shown``, and hold what is ``watch``ed. Of its ``run_seconds`` it has
    used ``worked_seconds`` in other processes. Seconds of 0 mean never.
    """

    play: bool = False
    goal: int | None = None
    speed: int = 0
    every: int | None = None
    snapshots_per_second: float = 12.5
    shown: int = -1
    watch: tuple[str, ...] = ()
    budget: int = 60_000
    run_seconds: float = 0.0
    worked_seconds: float = 0.0
    idle_seconds: float = 900.0
    rest_seconds: float = 0.0
    checkpoint_seconds: float = 0.0
    memory_mib: int = 1024

    def words(self) -> dict[str, Any]:
        """What goes into the message."""
        return asdict(self)

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Self:
        """The start in a message's words. Raises TypeError or KeyError for anything else."""
        return cls(**{row.name: words[row.name] for row in fields(cls)})
