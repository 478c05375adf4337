"""A benchmark's result as rows, and rows as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, the mark it is held to (in words), and whether it was reached.

    ``set_for`` says for which machines the mark was set; elsewhere ``reached`` is None.
    """

    figure: str
    measured: float
    mark: str
    unit: str
    reached: bool | None
    set_for: str = ""


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| figure | measured | mark | |", "|---|---:|---:|---|"]
    for row in rows:
        unit = f" {row.unit}" if row.unit else ""
        of = f" ({row.set_for})" if row.set_for else ""
        reached = {True: "reached", False: "not reached", None: "another machine's"}[row.reached]
        lines.append(f"| {row.figure} | {row.measured:.3g}{unit} | {row.mark}{unit}{of} | {reached} |")
    return "\n".join(lines)
