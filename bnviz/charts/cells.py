"""The networks of a map in the order in which they came: what a page is sent of each, and the pixels they make so far.

Networks are only ever added, so whoever knows the first few needs no more
than the others. Of several seeds the first is shown.
"""

from __future__ import annotations

import math

import numpy as np

from bnviz.charts.pixels import NOTHING, Pixels, kinds, put
from bnviz.sweeps import RESULTS, Map
from bnviz.table import Table


class Cells:
    """Grows by ``add``, in one thread; ``since`` may be asked by any other."""

    def __init__(self, drawn: Map) -> None:
        self._map, self._arms = drawn, list(drawn.experiment.arms)
        total, wide = drawn.cells**2 * len(self._arms), drawn.cells
        self._number, self._size, self._kind = (np.zeros(total, dtype) for dtype in ("<u4", np.uint8, np.uint8))
        self._results = {name: np.full(total, math.nan) for name in RESULTS}
        self._shown = {arm: (np.full((wide, wide), -1), np.full((wide, wide), wide)) for arm in self._arms}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: Table) -> None:
        """Take in rows of the map's table; larger blocks first, as the map gives them out."""
        first_seed = self._map.experiment.seeds[0]
        kind, results = kinds(rows), {name: np.array(rows.numbers(name)) for name in RESULTS}
        places = [np.array(rows.columns[name], dtype=int) for name in ("column", "row", "level")]
        for row in np.argsort(places[2], kind="stable"):
            if rows.columns["seed"][row] == first_seed:
                self._append(str(rows.columns["arm"][row]), *(int(place[row]) for place in places))
                self._kind[self._count] = kind[row]
                for name in RESULTS:
                    self._results[name][self._count] = results[name][row]
                self._count += 1

    def _append(self, arm: str, column: int, row: int, level: int) -> None:
        side = self._map.size_of(level)
        self._number[self._count] = (row * self._map.cells + column) * len(self._arms) + self._arms.index(arm)
        self._size[self._count] = side
        put(*self._shown[arm], self._count, column, row, side)

    def since(self, first: int, most: int) -> list[bytes]:
        """At most so many networks after the ``first`` ones: planes of number (u4), results (f4), size and kind (u1).

        A network's number is ``(row * cells + column) * arms + arm``.
        """
        part = slice(first, min(self._count, first + most))
        results = (self._results[name][part].astype("<f4") for name in RESULTS)
        return [plane.tobytes() for plane in (self._number[part], *results, self._size[part], self._kind[part])]

    def pixels(self) -> dict[str, Pixels]:
        """The picture of every arm that has a network."""
        return {
            arm: Pixels(self._results.__getitem__, shown, size, np.where(shown < 0, NOTHING, self._kind[shown]))
            for arm, (shown, size) in self._shown.items()
            if shown.max() >= 0
        }
