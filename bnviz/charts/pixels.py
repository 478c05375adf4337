"""The rows of a map as pictures: for every arm a square of pixels, each coloured by the finest network there so far.

A table without ``column`` and ``row`` is a plain grid: its first two fields
are the axes. Nothing here knows a figure or a page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bnviz.run import FIELDS
from bnviz.sweeps import COARSE, IMPOSSIBLE
from bnviz.table import Table
from bnviz.wording import word

NOTHING, TRAINED, DIVERGED, REFUSED = range(4)
"""What a pixel shows: no network yet, one that trained to the end, one that diverged, choices that cannot train."""


@dataclass(frozen=True)
class Pixels:
    """One arm's pixels, ``(rows, columns)`` from the lower left.

    ``row`` is the network that a pixel shows (-1: none yet), ``size`` how many pixels wide that network's block is by
    now, ``kind`` what became of it. ``read`` gives a quantity of all networks, ``of`` that of every pixel.
    """

    read: Callable[[str], np.ndarray]
    row: np.ndarray
    size: np.ndarray
    kind: np.ndarray

    def of(self, column: str) -> np.ndarray:
        """This column at every pixel, NaN where it is empty."""
        values = self.read(column)
        if not len(values):
            return np.full(self.row.shape, math.nan)
        return np.where(self.row < 0, math.nan, values[self.row])

    def shown(self, quantity: str) -> np.ndarray:
        """The quantity at every pixel that has a place on the scale: not of networks that diverged, but for when."""
        values = self.of(quantity)
        return values if quantity == "diverged_at" else np.where(self.kind == TRAINED, values, math.nan)

    def trained(self, accuracy: float) -> tuple[int, int]:
        """How many pixels show a network that did not diverge and reached this accuracy, and how many show any."""
        good = (self.kind == TRAINED) & (self.of("test_accuracy") >= accuracy)
        return int(good.sum()), int((self.kind != NOTHING).sum())


def axis_fields(table: Table) -> tuple[str, str]:
    """The fields across and up: the first two of a table's columns that are choices. Raises ValueError without two."""
    fields = [name for name in table.columns if name in FIELDS]
    if len(fields) < 2:
        raise ValueError(f"a map needs two fields as axes; the rows have {', '.join(fields) or word('none')}.")
    return fields[0], fields[1]


def pixels_of(table: Table, cells: int | None = None) -> dict[str, Pixels]:
    """Every arm's picture of its first seed. Without ``cells``, as many pixels as the networks so far fill."""
    if "level" in table.columns:
        columns, rows = (np.array(table.columns[name], dtype=int) for name in ("column", "row"))
        level = np.array(table.columns["level"], dtype=int)
    else:
        columns, rows = (_places(table, field) for field in axis_fields(table))
        level = np.zeros(len(table), dtype=int)
    size, high, wide = _blocks(columns, rows, level, cells, "level" in table.columns)

    def read(column: str) -> np.ndarray:
        return np.array(table.numbers(column))

    arms, seeds = np.array(table.columns["arm"], dtype=object), np.array(table.columns["seed"])
    kind = kinds(table)
    found = {}
    for arm in table.different("arm"):
        own = np.flatnonzero((arms == arm) & (seeds == seeds[arms == arm][0]))
        shown, seen = np.full((high, wide), -1), np.full((high, wide), max(high, wide))
        for row in own[np.argsort(level[own], kind="stable")]:
            put(shown, seen, row, columns[row], rows[row], size[row])
        found[str(arm)] = Pixels(read, shown, seen, np.where(shown < 0, NOTHING, kind[shown]).astype(np.uint8))
    return found


def put(shown: np.ndarray, size: np.ndarray, network: int, x: int, y: int, side: int) -> None:
    """Let a block of ``side`` pixels show a network. The one that it is cut out of stands for less from then on."""
    shown[y : y + side, x : x + side] = network
    size[y : y + side, x : x + side] = side
    left, below = x - x % (2 * side), y - y % (2 * side)
    quarter = size[below : below + side, left : left + side]
    np.minimum(quarter, side, out=quarter)


def kinds(table: Table) -> np.ndarray:
    """What became of every row's network."""
    columns = zip(table.columns[IMPOSSIBLE], table.columns["diverged_at"], strict=True)
    return np.array(
        [REFUSED if refused else TRAINED if diverged is None else DIVERGED for refused, diverged in columns], np.uint8
    )


def _places(table: Table, field: str) -> np.ndarray:
    order = {value: place for place, value in enumerate(sorted(table.different(field)))}
    return np.array([order[value] for value in table.columns[field]], dtype=int)


def _blocks(
    columns: np.ndarray, rows: np.ndarray, level: np.ndarray, cells: int | None, refined: bool
) -> tuple[np.ndarray, int, int]:
    """How many pixels each network's block is wide, and the picture's height and width."""
    if not refined:
        return np.ones_like(level), int(rows.max(initial=0)) + 1, int(columns.max(initial=0)) + 1
    across = cells or int(np.gcd.reduce([*columns, *rows], initial=0) or 1) * (COARSE << int(level.max(initial=0)))
    return across // (COARSE << level), across, across


def edges(centres: Sequence[float], log: bool) -> list[float]:
    """The borders of cells with these centres: one more than there are cells, half way between two of them."""
    places = np.log10(centres) if log else np.array(centres, dtype=float)
    between = (places[1:] + places[:-1]) / 2 if len(places) > 1 else places + 0.5
    last = between[-1] if len(places) > 1 else places[0] - 0.5
    whole = np.array([2 * places[0] - between[0], *between[: len(places) - 1], 2 * places[-1] - last])
    return [float(value) for value in (10**whole if log else whole)]
