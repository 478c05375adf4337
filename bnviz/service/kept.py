"""What is left of a run when its process is gone: what was seen, and what is needed to go on. Travels as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bnviz.service.messages import Message, Parser, encode
from bnviz.snapshot import History


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
        seen, about = self.history.parts()
        arrays = {f"seen/{name}": array for name, array in seen.items()}
        arrays |= {f"checkpoint/{name}": array for name, array in self.checkpoint.items()}
        return encode("kept", arrays, about=about, goal=self.goal, complete=self.complete)

    @classmethod
    def from_bytes(cls, data: bytes) -> Kept:
        """The one of ``to_bytes``. Raises ValueError for anything else, and for more than a message may hold."""
        try:
            (message,) = Parser().feed(data)
            words = message.words
            history = History.from_parts(_beneath("seen/", message), words["about"])
            return cls(history, words["goal"], bool(words["complete"]), _beneath("checkpoint/", message))
        except Exception as error:
            raise ValueError(f"these bytes are no run that was kept ({type(error).__name__}).") from error


def _beneath(prefix: str, message: Message) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in message.arrays.items() if name.startswith(prefix)}
