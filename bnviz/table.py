"""What a measurement gives: ``Table``, named columns of numbers and words, ready for JSON, a chart or pandas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pandas as pd

Value = float | str | None
"""A number, a word, or nothing where there was nothing finite to measure."""


@dataclass(frozen=True)
class Table:
    """What was found so far: columns of equal length. ``share`` is how much of the whole that is, up to 1."""

    columns: Mapping[str, Sequence[Value]]
    share: float = 1.0

    @classmethod
    def of(cls, names: Iterable[str], rows: Sequence[Sequence[Value]], share: float = 1.0) -> Self:
        """A table from its rows. Numbers that are not finite become empty."""
        return cls({name: [_cell(row[place]) for row in rows] for place, name in enumerate(names)}, share)

    @classmethod
    def from_words(cls, words: Mapping[str, Any]) -> Self:
        """The table of ``to_words``, as it came over a wire. Raises ValueError for anything else."""
        columns, share = words.get("columns"), words.get("share")
        if not isinstance(columns, dict) or not all(isinstance(column, list) for column in columns.values()):
            raise ValueError("a table is named columns.")
        if not isinstance(share, int | float) or len({len(column) for column in columns.values()}) > 1:
            raise ValueError("a table has columns of equal length, and a share.")
        if any(type(cell) not in (int, float, str, type(None)) for column in columns.values() for cell in column):
            raise ValueError("the cells of a table are numbers, words or empty.")
        return cls(columns, float(share))

    def to_words(self) -> dict[str, Any]:
        """The table as plain words and numbers, ready for JSON."""
        return {"columns": {name: list(column) for name, column in self.columns.items()}, "share": self.share}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def where(self, **values: Value) -> Table:
        """The rows in which these columns have these values."""
        chosen = [row for row in range(len(self)) if all(self.columns[name][row] == it for name, it in values.items())]
        return Table({name: [column[row] for row in chosen] for name, column in self.columns.items()}, self.share)

    def numbers(self, name: str) -> list[float]:
        """One column as numbers, NaN where it is empty."""
        return [math.nan if cell is None else float(cell) for cell in self.columns[name]]

    def different(self, name: str) -> list[Any]:
        """The different values of a column, in the order in which they come; empty ones left out."""
        return [value for value in dict.fromkeys(self.columns[name]) if value is not None]

    def to_frame(self) -> pd.DataFrame:
        """The same as a pandas table."""
        import pandas as pd  # takes a second thread and 40 MB, which a measuring process never needs

        return pd.DataFrame(dict(self.columns))


def _cell(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value
