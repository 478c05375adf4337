"""What is left of a run when its process is gone: what was seen, and what is needed to go on. Travels as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bnviz.experiment import Experiment
from bnviz.service.messages import Message, Parser, encode
from bnviz.snapshot import Event, History, Snapshot


@dataclass(frozen=True)
class Kept:
    """A run of the history's experiment that nobody changed while it trained; equal runs have equal ones.

    ``goal`` is the step it was to reach (None: no end). ``checkpoint`` is what
    ``Trainer.checkpoint`` gave; it may be empty where the run is ``complete``.
    """

    history: History
    goal: int | None = None
    complete: bool = False
    checkpoint: Mapping[str, np.ndarray] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """One message without pickles; ``from_bytes`` reads it back.

        Not compressed: readings are noise to a compressor, which would take thirty times as long and save a quarter.
        """
        history = self.history
        first = next(iter(history), None)
        arrays = {
            f"seen/{arm}/{quantity}": history.series(arm, quantity)
            for arm, readings in (first.arms if first else {}).items()
            for quantity in readings
        }
        arrays |= {f"checkpoint/{name}": array for name, array in self.checkpoint.items()}
        return encode(
            "kept", arrays, experiment=history.experiment.to_json(), goal=self.goal, complete=self.complete,
            capacity=history.capacity, steps=history.steps.tolist(), epochs=[snapshot.epoch for snapshot in history],
            events=[[event.step, event.text] for event in history.events],
        )  # fmt: skip

    @classmethod
    def from_bytes(cls, data: bytes) -> Kept:
        """The one of ``to_bytes``. Raises ValueError for anything else, and for more than a message may hold."""
        try:
            (message,) = Parser().feed(data)
            words, seen, checkpoint = message.words, _beneath("seen/", message), _beneath("checkpoint/", message)
            history = History(Experiment.from_json(words["experiment"]), words["capacity"])
            for index, (step, epoch) in enumerate(zip(words["steps"], words["epochs"], strict=True)):
                arms: dict[str, dict[str, np.ndarray]] = {arm: {} for arm in history.experiment.arms}
                for name, values in seen.items():
                    arm, _, quantity = name.partition("/")
                    arms[arm][quantity] = values[index]
                history.append(Snapshot(int(step), float(epoch), arms))
            history.events = [Event(int(step), str(text)) for step, text in words["events"]]
            return cls(history, words["goal"], bool(words["complete"]), checkpoint)
        except Exception as error:
            raise ValueError(f"these bytes are no run that was kept ({type(error).__name__}).") from error


def _beneath(prefix: str, message: Message) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in message.arrays.items() if name.startswith(prefix)}
