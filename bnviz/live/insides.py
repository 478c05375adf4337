"""What is known of the unit that a reader has open, packed for the page, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bnviz.charts import Columns
from bnviz.experiment import Experiment
from bnviz.inside import Inside, Unit, has
from bnviz.live.protocol import packed

MOST_KEPT, MOST_AT_ONCE = 600, 100
"""The newest so many steps are kept for a page that comes back; a message holds no more of them than the second."""


class Insides:
    """One open unit of one run: its readings as they come, and a sentence where they cannot.

    Replaced as a whole when another unit is opened, so that anybody may read while the owner adds.
    """

    def __init__(self, run: int, experiment: Experiment, unit: Unit) -> None:
        self.run, self.unit = run, unit
        self.message = "" if any(has(each, unit) for each in experiment.arms.values()) else "No arm has this unit."
        self._columns = Columns(experiment).apart
        self._found: tuple[tuple[int, bytes], ...] = ()
        self._forgotten = 0

    def add(self, inside: Inside) -> None:
        """Take in what was found of this unit; another one's is left aside."""
        if inside.unit == self.unit:
            found = (*self._found, (inside.step, self._packed(inside.arms)))
            self._forgotten += max(0, len(found) - MOST_KEPT)
            self._found = found[-MOST_KEPT:]

    @property
    def steps(self) -> set[int]:
        """Where it is known."""
        return {step for step, _ in self._found}

    def news(self, since: int, message: str) -> tuple[bytes, int, str] | None:
        """The readings behind the first ``since`` ones, as one message, and what a page has then; None without any.

        A page that was told the ``message`` is not told it again.
        """
        new = self._found[max(0, since - self._forgotten) :][:MOST_AT_ONCE]
        if not new and message == self.message:
            return None
        words = {"inside": self.unit, "steps": [step for step, _ in new], "message": self.message}
        count = max(since, self._forgotten) + len(new)
        return packed(self.run, words, *(part for _, part in new)), count, self.message

    def _packed(self, arms: Mapping[str, np.ndarray]) -> bytes:
        """Every arm's reading one after the other; NaN for an arm that does not have the unit."""
        own = (arms.get(column.name.split(".")[0]) for column in self._columns)
        filled = (np.full(column.length, np.nan) if values is None else values
                  for column, values in zip(self._columns, own, strict=True))  # fmt: skip
        return np.concatenate([*filled]).astype("<f4").tobytes()
