"""Which of a network's units, weights and answers its picture shows: every floor reads it, and it needs no torch.

Only fully connected networks have such a picture: the weights of a convolution and of a recurrent layer are used at
many places, which lines between units would not show.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bnviz.datasets import DATASETS
from bnviz.quantities import DECISION_GRID
from bnviz.run import Run

MOST_UNITS, MOST_MAPS = 10, 30
"""So many units of a layer are shown, and so many maps of the plane that units of hidden layers have."""

ENDS = 3
"""Of a deep network so many of its first layers are shown, and as many of its last: between them are no weights."""

MAP_POINTS = range(1, DECISION_GRID, 4)
"""The rows and columns of a decision map at which a unit's answer is read: every fourth."""

FINEST = 14
"""A picture of weights has at most so many pixels a side: of a finer one several are averaged."""

LEVELS = 254
"""A byte holds where a number lies from the low end (0) of its range to the high one (254); 255 is not finite."""

RANGES: dict[str, tuple[float | None, float | None]] = {"sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, None)}
"""Between which numbers the answers of units lie; an end that is None is as far as the largest answer of its layer."""

ALIKE = 0.05
"""A unit whose answers differ by less than this share of their range answers (nearly) alike."""


class Bundle(NamedTuple):
    """The weights from shown units of one layer to those of the next; 0 is the input, the last one the output."""

    below: int
    above: int
    from_units: int
    to_units: int


@dataclass(frozen=True)
class ShownNetwork:
    """The picture of one run: its first units, layer by layer, and what is read of each."""

    run: Run

    @cached_property
    def layers(self) -> list[int]:
        """The hidden layers that are shown, from 1: all of six, of more the first and the last three."""
        depth = self.run.depth
        return [layer for layer in range(1, depth + 1) if layer <= ENDS or layer > depth - ENDS]

    @property
    def plane(self) -> bool:
        """Whether an answer is a map of the plane: else it is a mean a class."""
        return DATASETS[self.run.dataset].plane

    @property
    def classes(self) -> int:
        return DATASETS[self.run.dataset].classes

    @property
    def units(self) -> int:
        """So many units of every hidden layer are shown, the first ones."""
        most = MOST_MAPS // len(self.layers) if self.plane else MOST_UNITS
        return min(self.run.width, MOST_UNITS, most)

    @property
    def answer(self) -> int:
        """How many numbers a unit's answer has."""
        return len(MAP_POINTS) ** 2 if self.plane else self.classes

    @property
    def pooled(self) -> int:
        """So many pixels of the data, along either side, are one of a picture of weights."""
        return -(-DATASETS[self.run.dataset].side // FINEST)

    @property
    def side(self) -> int:
        """Pixels of one side of such a picture; 0 of a table, and in the plane, where features are units themselves."""
        row = DATASETS[self.run.dataset]
        return row.side // self.pooled if row.picture else 0

    @cached_property
    def bundles(self) -> list[Bundle]:
        """All weights that are shown as lines, from the input up."""
        inputs = [Bundle(0, 1, DATASETS[self.run.dataset].features, self.units)] if self.plane else []
        above = [Bundle(layer - 1, layer, self.units, self.units) for layer in self.layers if layer - 1 in self.layers]
        return [*inputs, *above, Bundle(self.run.depth, self.run.depth + 1, self.units, self.classes)]

    @property
    def lengths(self) -> dict[str, int]:
        """How many bytes every quantity has."""
        return {
            "network_weights": sum(each.from_units * each.to_units for each in self.bundles),
            "network_answers": (len(self.layers) * self.units + self.classes) * self.answer,
            "network_pictures": self.units * self.side**2,
        }

    @property
    def zero(self) -> int:
        """The byte of a hidden unit's answer to the input 0: it has no colour."""
        return 0 if self.run.activation == "relu" else LEVELS // 2

    @property
    def foot(self) -> int:
        """The byte of the answer 0: where bars stand."""
        return 0 if self.run.activation in ("relu", "sigmoid") else LEVELS // 2


def has_picture(run: Run) -> bool:
    """Whether a network's units and weights can be shown."""
    return run.network == "mlp"
