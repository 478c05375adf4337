"""How far the inputs of the nonlinearities moved in 20 steps: Ioffe and Szegedy's covariate shift, measured.

``moved`` is the distance; ``ShiftMemory`` keeps those of about 20 steps
ago; ``stops`` says when training should stop so that it can.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.probes.hidden_layers import middle_unit
from bnviz.engine.states import State

LEAST_DEVIATION = 1e-3
"""A smaller deviation counts as this one: what hardly differs between examples moves any number of its deviations."""

SPAN, TOLERANCE, SPACING, MOST_KEPT = 20, 4, 4, 8
"""The shift over 20 steps is read against what stood there 16 to 24 steps ago."""


def moved(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """How far a distribution moved, in its own deviations: the median unit's.

    ``W1 = mean_i |sort(z')_i - sort(z)_i| / max(sd(z), 0.001)``, the area
    between two distribution functions. Both arguments hold each unit's inputs
    in rising order, ``(..., units, examples)``; the result is ``(...)``.
    """
    distance = np.abs(now - before).mean(-1)
    centred = before - before.mean(-1, keepdims=True)
    deviation = np.sqrt(np.einsum("...e,...e->...", centred, centred) / before.shape[-1])
    return middle_unit(distance / np.maximum(deviation, LEAST_DEVIATION))


class ShiftMemory:
    """What units received of late: at most eight times, four or more steps apart."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, np.ndarray]] = deque(maxlen=MOST_KEPT)
        self._read: deque[int] = deque(maxlen=2)

    def remember(self, step: int, in_order: np.ndarray) -> None:
        """Keep what units receive at ``step``, unless the last time was less than four steps before."""
        if not self._kept or step - self._kept[-1][0] >= SPACING:
            self._kept.append((step, in_order))

    def read(self, step: int, in_order: np.ndarray) -> np.ndarray:
        """The shift since about 20 steps before ``step``, ``(layers, runs)``; NaN where nothing was kept then."""
        if not self._read or self._read[-1] < step:
            self._read.append(step)
        ages = [(abs(step - then - SPAN), before) for then, before in self._kept]
        off, before = min(ages, key=lambda age: age[0], default=(SPAN, in_order))
        self.remember(step, in_order)
        return moved(before, in_order) if off <= TOLERANCE else np.full(in_order.shape[:-2], np.nan)

    def state(self) -> dict[str, Tensor]:
        """What was kept, and of which steps; and when it was read."""
        inputs = np.stack([kept for _, kept in self._kept]) if self._kept else np.empty(0, np.float32)
        return {
            "steps": torch.tensor([step for step, _ in self._kept], dtype=torch.int64),
            "inputs": torch.from_numpy(inputs),
            "read": torch.tensor(list(self._read), dtype=torch.int64),
        }

    def load(self, state: State) -> None:
        """Keep this instead."""
        self._kept.clear()
        self._kept.extend(zip(state["steps"].tolist(), state["inputs"].numpy(), strict=True))
        self._read.clear()
        self._read.extend(state["read"].tolist())

    def stops(self, begin: int, end: int) -> list[int]:
        """The steps from ``begin`` on and before ``end`` at which to stop, so that readings to come find their past.

        Readings are expected at equal distances, as the last two were; the
        next one at ``end``, where that is further away than the last one was.
        """
        last = self._read[-1] if self._read else begin
        every = last - self._read[0] if len(self._read) == 2 else 0
        if not every or end > last + every:
            return [end - SPAN] if end - SPAN > begin else []
        if min(every, SPAN % every, -SPAN % every) <= TOLERANCE and every < SPAN + SPACING:
            return []
        return [step for step in range(last + -SPAN % every, end, every) if step >= begin]
