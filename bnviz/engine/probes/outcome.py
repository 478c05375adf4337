"""What a sweep reads of a stack that has trained: its end, and what the units received 20 steps before.

The quantities are those of a ``Reader``, by the same definitions; those of
the layers are averaged, because a sweep keeps one number a network.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from bnviz.engine.datasets import Data
from bnviz.engine.devices import one_thread_without_denormals
from bnviz.engine.probes.evaluation import evaluate
from bnviz.engine.probes.hidden_layers import sorted_units
from bnviz.engine.probes.probe_pass import inputs_and_gradient_norms, unit_inputs
from bnviz.engine.probes.reader import PROBE_SIZE, evenly, gather
from bnviz.engine.probes.shift import SPAN, ShiftMemory
from bnviz.engine.trace import StackView


class Outcome:
    """Reads one stack at its end; ``data`` has one entry a run."""

    def __init__(self, data: Sequence[Data]) -> None:
        self._data, self._memory = data, ShiftMemory()
        self._probe, self._labels = gather(data, [each.train[:PROBE_SIZE] for each in data])

    def stop(self, steps: int) -> int:
        """The step at which to call ``remember``, of a training that ends after ``steps``."""
        return max(steps - SPAN, 0)

    def remember(self, view: StackView) -> None:
        """Keep what the units receive, for the distribution shift."""
        with one_thread_without_denormals(), torch.inference_mode():
            self._memory.remember(view.step, sorted_units(unit_inputs(view, self._probe)))

    def read(self, view: StackView) -> dict[str, Tensor]:
        """Test loss and accuracy, gradient norm and distribution shift: ``(runs,)`` each, NaN where not finite."""
        with one_thread_without_denormals(), torch.inference_mode(), np.errstate(all="ignore"):
            truth = one_hot(self._labels, self._data[0].classes).transpose(1, 2).float().contiguous()
            inputs, gradient_norms = inputs_and_gradient_norms(view, self._probe, truth)
            shift = torch.from_numpy(self._memory.read(view.step, sorted_units(inputs)))
            test, labels = gather(self._data, [evenly(each.test) for each in self._data])
            loss, accuracy = evaluate(view.run, view.layers, view.running, test, labels)
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
