"""What a sweep reads of a stack that has trained: its ends, and nothing on the way but one look 20 steps before.

The quantities are those of a ``Reader``, by the same definitions; those of
the layers are averaged, because a sweep keeps one number a network.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from bnviz.engine.conditions import one_thread_without_denormals
from bnviz.engine.datasets import Data
from bnviz.engine.probes.evaluation import evaluate
from bnviz.engine.probes.look import brief_look, glance
from bnviz.engine.probes.reader import PROBE_SIZE, evenly, gather
from bnviz.engine.probes.seen import sorted_units
from bnviz.engine.probes.shift import SPAN, ShiftMemory
from bnviz.engine.trace import Watched


class Outcome:
    """Reads one stack at its end; ``data`` has one entry a run."""

    def __init__(self, data: Sequence[Data]) -> None:
        self._data, self._memory = data, ShiftMemory()
        self._probe, self._labels = gather(data, [each.train[:PROBE_SIZE] for each in data])

    def lookout(self, steps: int) -> int:
        """The step at which to call ``remember``, of a training that ends after ``steps``."""
        return max(steps - SPAN, 0)

    def remember(self, watched: Watched) -> None:
        """A quick look, for the distribution shift."""
        with one_thread_without_denormals(), torch.inference_mode():
            self._memory.remember(watched.step, sorted_units(glance(watched, self._probe)))

    def read(self, watched: Watched) -> dict[str, Tensor]:
        """Test loss and accuracy, gradient norm and distribution shift: ``(runs,)`` each, NaN where not finite."""
        with one_thread_without_denormals(), torch.inference_mode(), np.errstate(all="ignore"):
            truth = one_hot(self._labels, self._data[0].classes).transpose(1, 2).float().contiguous()
            inputs, gradient_norms = brief_look(watched, self._probe, truth)
            shift = torch.from_numpy(self._memory.read(watched.step, sorted_units(inputs)))
            test, labels = gather(self._data, [evenly(each.test) for each in self._data])
            loss, accuracy = evaluate(watched.run, watched.layers, watched.running, test, labels)
        found = {
            "test_loss": loss,
            "test_accuracy": accuracy,
            "gradient_norm": gradient_norms.mean(0),
            "distribution_shift": shift.mean(0),
        }
        return {quantity: _finite(values).float() for quantity, values in found.items()}


def _finite(values: Tensor) -> Tensor:
    """The same with NaN for what is not finite."""
    return values + 0 * values
