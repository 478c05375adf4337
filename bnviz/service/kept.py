"""What is left of a run when its process is gone: what was seen, and what is needed to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

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
