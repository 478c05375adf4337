"""A field of ``Run`` as something to vary: ``Axis``, a range of a numeric field, even or by equal factors."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bnviz.fields import InvalidChoice, is_truth_value, quoted
from bnviz.run import FIELDS


@dataclass(frozen=True)
class Axis:
    """A numeric field of ``Run`` as an axis of a map, from ``low`` to ``high``; ``log``: equal factors, not steps.

    Raises:
        InvalidChoice: a field that has no axis, or a range that is empty or not allowed.
    """

    field: str
    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        if self.field not in RANGES:
            raise InvalidChoice(f"an axis was {quoted(self.field)}; allowed are {', '.join(RANGES)}.")
        for end in (self.low, self.high):
            if is_truth_value(end) or not isinstance(end, int | float):
                raise InvalidChoice(f"{self.field} reached to {quoted(end)}; a number is needed there.")
        field = FIELDS[self.field]
        assert field.low is not None and field.high is not None
        if not field.low <= self.low < self.high <= field.high:
            raise InvalidChoice(
                f"{self.field} went from {self.low:g} to {self.high:g}; allowed is a smaller and a larger number "
                f"from {field.allowed}. {field.meaning}"
            )
        if self.log and self.low <= 0:
            raise InvalidChoice(f"{self.field} began at {self.low:g}; on a logarithmic axis it begins above 0.")

    def at(self, share: float) -> float:
        """The value at this share of the axis, from 0 at ``low`` to 1 at ``high``; not rounded."""
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share

    def values(self, count: int) -> list[float]:
        """The centres of so many cells of equal size, to 12 digits where these tell them apart; whole where it is."""
        centres = [self.at((cell + 0.5) / count) for cell in range(count)]
        if FIELDS[self.field].whole:
            return [round(centre) for centre in centres]
        return [float(f"{centre:.12g}") for centre in centres] if self.apart(count) > 1e-8 else centres

    def apart(self, count: int) -> float:
        """How far neighbours among so many cells are apart, as a share of ``high``; 1 in a field of whole numbers."""
        return 1.0 if FIELDS[self.field].whole else (self.high - self.low) / count / self.high

    @property
    def digits(self) -> int:
        """So many digits tell its values apart: see ``digits_between``."""
        return digits_between(self.low, self.high)


def digits_between(low: float, high: float) -> int:
    """So many digits of a number between two others say where it stands to a ten-thousandth of the way."""
    share = (high - low) / max(abs(low), abs(high))
    return min(17, 5 + max(0, math.floor(-math.log10(share))))


RANGES: dict[str, tuple[float, float, bool]] = {
    "learning_rate": (0.001, 100.0, True),
    "init_scale": (0.01, 100.0, True),
    "depth": (1, 20, False),
    "width": (2, 64, True),
    "batch_size": (2, 256, True),
    "dropout": (0.0, 0.9, False),
    "weight_decay": (1e-5, 1.0, True),
    "eps": (1e-8, 1.0, True),
    "sgd_momentum": (0.0, 0.99, False),
    "bn_momentum": (0.01, 1.0, True),
    "half_life": (5, 1000, True),
}
"""The fields that can be an axis, each with a range to begin with, and whether that is logarithmic."""


def axis(name: str) -> Axis:
    """The axis of this field with the range to begin with."""
    return Axis(name, *RANGES.get(name, (0.0, 1.0, False)))
