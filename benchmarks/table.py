"""A benchmark's result as rows, and rows as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, the mark it is held to (in words), and whether it was reached."""

    figure: str
    measured: float
    mark: str
    unit: str
    reached: bool


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| figure | measured | mark | |", "|---|---:|---:|---|"]
    for row in rows:
        unit = f" {row.unit}" if row.unit else ""
        reached = "reached" if row.reached else "not reached"
        lines.append(f"| {row.figure} | {row.measured:.3g}{unit} | {row.mark}{unit} | {reached} |")
    return "\n".join(lines)
