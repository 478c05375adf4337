"""What the picture of a network shows: weights between the first units, and what these answer in eval mode.

Everything is told in bytes, as ``bnviz.shown_network`` says, of the rows of a
stack that a reader maps. Answers are heard while the network is evaluated
anyway, and all bytes are made at once, so they cost little.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from bnviz.engine.trace import StackView
from bnviz.quantities import DECISION_GRID, UNREAD
from bnviz.run import Run
from bnviz.shown_network import LEVELS, MAP_POINTS, RANGES, ShownNetwork


class NetworkPicture:
    """Reads the ``rows`` of a stack; ``labels`` are those of the examples that answers are averaged over.

    ``begin`` before an evaluation, ``hear`` each of its layers and then its logits, then ``read``.
    """

    def __init__(self, run: Run, rows: list[int], labels: Tensor) -> None:
        self.shown = ShownNetwork(run)
        self._rows = evenly_spaced(rows)
        truth = F.one_hot(labels[rows], self.shown.classes).float()
        self._by_class = truth / truth.sum(1, keepdim=True)
        side = torch.tensor(MAP_POINTS)
        self._on_the_map = (side[:, None] * DECISION_GRID + side).flatten()
        self._in_bytes = InBytes([(None, None), RANGES.get(run.activation, (None, None)), (0, 1)])
        self.begin()

    def begin(self) -> None:
        """Forget what was heard."""
        self._answers: list[Tensor] = []

    def hear(self, layer: int, outputs: Tensor) -> None:
        """What comes out of a hidden layer's nonlinearities: of every run, or in the plane of these rows only."""
        if layer in self.shown.layers:
            self._answers.append(self._answered(self._own(outputs[:, : self.shown.units])))

    def hear_output(self, logits: Tensor) -> None:
        """The same of the output layer, whose answers are probabilities of the classes."""
        self._answers.append(self._answered(torch.softmax(self._own(logits), 1)))

    def read(self, view: StackView) -> dict[str, np.ndarray]:
        """All that the picture shows: quantity to ``(rows, bytes)`` uint8."""
        weights = [view.layers[above - 1].weight[self._rows, :to, :start] for _, above, start, to in self.shown.bundles]
        *hidden, output = self._answers
        pictures = [self.pictures(view.layers[0].weight)] if self.shown.side else []
        kinds = [0] * len(weights) + [1] * len(hidden) + [2] + [0] * len(pictures)
        found = self._in_bytes([part.flatten(1).numpy() for part in (*weights, *hidden, output, *pictures)], kinds)
        ends = np.cumsum([*self.shown.lengths.values()])[:-1]
        return dict(zip(self.shown.lengths, np.split(found, ends, axis=1), strict=True))

    def pictures(self, weight: Tensor) -> Tensor:
        """The first units' weights for the pixels, ``(rows, units, side, side)``: means where it would be too fine."""
        side, pooled = self.shown.side, self.shown.pooled
        pictures = torch.unflatten(weight[self._rows, : self.shown.units], 2, (side * pooled, side * pooled))
        return F.avg_pool2d(pictures, pooled) if pooled > 1 else pictures

    def _own(self, outputs: Tensor) -> Tensor:
        return outputs if self.shown.plane else outputs[self._rows]

    def _answered(self, outputs: Tensor) -> Tensor:
        """On the map of the plane, or on average to each class: ``(rows, units, answer)``."""
        return outputs[..., self._on_the_map] if self.shown.plane else torch.bmm(outputs, self._by_class)


def evenly_spaced(rows: list[int]) -> slice | list[int]:
    """The same rows as a slice where that can be, because taking it copies nothing."""
    step = max(1, rows[1] - rows[0]) if len(rows) > 1 else 1
    span = slice(rows[0], rows[-1] + 1, step)
    return span if rows == list(range(rows[0], rows[-1] + 1, step)) else rows


class InBytes:
    """Where numbers lie in their range, as bytes: 0 at the low end, 254 at the high one; what is not finite is 255.

    ``ranges`` are those of the kinds of numbers there are; an end that is None is as far from 0 as the largest.
    """

    def __init__(self, ranges: list[tuple[float | None, float | None]]) -> None:
        ends = [(-1 if low is None else low, 1 if high is None else high) for low, high in ranges]
        self._open = np.array([None in pair for pair in ranges])
        self._low = np.array([low for low, _ in ends], np.float32)
        self._per_unit = np.array([LEVELS / (high - low) for low, high in ends], np.float32)

    def __call__(self, parts: list[np.ndarray], kinds: list[int]) -> np.ndarray:
        """Parts ``(rows, numbers)``, each of a kind, as ``(rows, all numbers)`` uint8."""
        lengths = [part.shape[1] for part in parts]
        values, starts = np.concatenate(parts, axis=1), np.cumsum([0, *lengths[:-1]])
        far = np.maximum.reduceat(np.abs(values), starts, axis=1)
        far = np.where(self._open[kinds], np.maximum(far, np.finfo(np.float32).tiny), 1).repeat(lengths, axis=1)
        found = np.rint((values / far - self._low[kinds].repeat(lengths)) * self._per_unit[kinds].repeat(lengths))
        return np.where(np.isfinite(found), found, UNREAD).astype(np.uint8)
