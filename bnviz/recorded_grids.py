"""Recorded maps and sweeps: really trained once, shown (and labelled) until a reader trains them here.

``make recordings`` trains them again and writes the files: of every network
what was read at its end, in the order of the cells. Everything else about a
network is known from the map or sweep itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np

from bnviz.lessons.grids import MAP, PRESETS
from bnviz.sweeps import RESULTS, Grid, grid_from_json
from bnviz.table import Table, Value

FOLDER = Path(__file__).with_name("recorded")
GRIDS: dict[str, Grid] = {"map": MAP, **{f"sweep_{preset.sweep.fields[0]}": preset.sweep for preset in PRESETS}}
"""File name to what is recorded there: what the map page opens with, and every sweep that has a button."""
DIGITS = 4
"""So many digits of a number are kept: more than a chart shows."""


def recorded_table(grid: Grid) -> Table | None:
    """The rows of exactly this map or sweep as they were trained once; None where they were not."""
    name = next((name for name, each in GRIDS.items() if same_networks(grid, each)), None)
    return _read(name) if name and _path(name).exists() else None


def same_networks(one: Grid, other: Grid) -> bool:
    """Whether both are the same networks in the same order: what a field has where it is varied makes no difference."""
    if type(one) is not type(other) or replace(one, experiment=other.experiment) != other:
        return False
    members, others = ((list(grid.experiment.arms), grid.experiment.seeds) for grid in (one, other))
    first = range(len(members[0]) * len(members[1]))
    return members == others and all(one.cell(number) == other.cell(number) for number in first)


def train(grid: Grid, numbers: Iterable[int] | None = None) -> Table:
    """Train the networks of these numbers (without numbers: all) and return their rows, in order."""
    from bnviz.engine.sweeping import train_cells

    cells = [grid.cell(number) for number in (range(grid.total) if numbers is None else numbers)]
    rows = sorted(row for part in train_cells(cells, grid.steps) for row in part)
    return Table.of(grid.columns, [row for _, row in rows])


def record_all() -> None:
    """Train all of them and write their files."""
    for name, grid in GRIDS.items():
        _path(name).write_bytes(to_bytes(grid, train(grid)))
        print(f"{name}: {grid.total:,} networks, {_path(name).stat().st_size / 1e3:.0f} kB")


def to_bytes(grid: Grid, table: Table) -> bytes:
    """A file of what was read of every network, and of what map or sweep they are."""
    kept = BytesIO()
    words = np.frombuffer(grid.to_json().encode(), np.uint8)
    results = {name: np.array(_rounded(table.numbers(name)), np.float32) for name in RESULTS}
    np.savez_compressed(kept, allow_pickle=False, grid=words, **results)
    return kept.getvalue()


def from_bytes(grid: Grid, kept: bytes) -> Table:
    """The rows of ``to_bytes``.

    Raises:
        ValueError: they are of another map or sweep.
    """
    with np.load(BytesIO(kept)) as file:
        if grid_from_json(file["grid"].tobytes()) != grid:
            raise ValueError("this recording is of another map or sweep: train it again with `make recordings`.")
        results = zip(*(_rounded(file[name].tolist()) for name in RESULTS), strict=True)
        rows: list[Sequence[Value]] = [grid.cell(number).row(own) for number, own in enumerate(results)]
    return Table.of(grid.columns, rows)


def _rounded(numbers: Sequence[float]) -> list[float]:
    return [float(f"{number:.{DIGITS}g}") for number in numbers]


def _path(name: str) -> Path:
    return FOLDER / f"{name}.npz"


@lru_cache
def _read(name: str) -> Table:
    return from_bytes(GRIDS[name], _path(name).read_bytes())


if __name__ == "__main__":
    record_all()
