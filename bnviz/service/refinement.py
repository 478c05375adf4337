"""Which networks of a sweep come next: one after another, or, in a map, coarse before fine and the border first.

A plan knows no process: ``next`` hands out numbers of cells, ``learn`` hears
what became of some, ``back`` takes the numbers that a lost process left undone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

from bnviz.sweeps import COARSE, SHAPED_BY, Grid, Map

UNKNOWN = -1


class Plan(Protocol):
    """Hands out every number from 0 to ``total`` - 1 once, but for those that came back."""

    def next(self, count: int) -> list[int]:
        """About so many numbers; none where all are given, or nothing is known yet to go on from."""

    def learn(self, trained: Mapping[int, bool]) -> None:
        """Whether these networks trained."""

    def back(self, numbers: Iterable[int]) -> None:
        """These were not done: the next ones to be handed out."""


class InOrder:
    """One number after another."""

    def __init__(self, total: int) -> None:
        self._left = deque(range(total))

    def next(self, count: int) -> list[int]:
        return [self._left.popleft() for _ in range(min(count, len(self._left)))]

    def learn(self, trained: Mapping[int, bool]) -> None:
        """The order does not depend on it."""

    def back(self, numbers: Iterable[int]) -> None:
        self._left.extendleft(sorted(numbers, reverse=True))


Block = tuple[int, int, int]
"""Column and row of a block's corner pixel, and its level."""


class Refinement:
    """A map like a rendering: first all coarse blocks, then each block that is known is split in four.

    Blocks at the border come first: those where, for some arm and seed, one
    side trained and the other did not. Among them the larger ones come first.
    The coarse map is cut into as many parts as share the work.
    """

    def __init__(self, map_: Map, sharers: int = 1) -> None:
        self._map, self._share = map_, -(-(COARSE**2) // sharers)
        size = map_.size_of(0)
        blocks: list[Block] = [(size * x, size * y, 0) for y in range(COARSE) for x in range(COARSE)]
        self._first = deque(sorted(blocks, key=self._shape))
        self._to_split: list[Block] = []
        self._known = np.full((map_.each, map_.cells, map_.cells), UNKNOWN, np.int8)
        self._missing: dict[tuple[int, int], int] = {}
        self._returned: deque[int] = deque()

    def next(self, count: int) -> list[int]:
        if self._returned:
            return [self._returned.popleft() for _ in range(min(count, len(self._returned)))]
        pixels = max(1, count // self._map.each)
        coarse = min(pixels, self._share, len(self._first))
        chosen = [self._first.popleft() for _ in range(coarse)] or self._split(pixels)
        return [number for column, row, _ in chosen for number in self._map.numbers(column, row)]

    def learn(self, trained: Mapping[int, bool]) -> None:
        for number, it_did in sorted(trained.items()):
            pixel, member = divmod(number, self._map.each)
            row, column = divmod(pixel, self._map.cells)
            level = self._map.level_of(column, row)
            size = self._map.size_of(level)
            self._known[member, row : row + size, column : column + size] = it_did
            missing = self._missing[column, row] = self._missing.get((column, row), self._map.each) - 1
            if not missing:
                del self._missing[column, row]
                self._grow((column, row, level))

    def back(self, numbers: Iterable[int]) -> None:
        self._returned.extend(sorted(numbers))

    def _grow(self, block: Block) -> None:
        if block[2] < self._map.levels - 1:
            self._to_split.append(block)

    def _split(self, pixels: int) -> list[Block]:
        """The new blocks of the most interesting known ones, about so many; the corner's network is there already."""
        border, shape = self.border(), self._shape

        def urgency(block: Block) -> tuple[bool, int, tuple[int, int]]:
            column, row, level = block
            size = self._map.size_of(level)
            return not border[row : row + size, column : column + size].any(), level, shape(block)

        self._to_split.sort(key=urgency)
        chosen, self._to_split = self._to_split[: -(-pixels // 3)], self._to_split[-(-pixels // 3) :]
        found = []
        for column, row, level in chosen:
            size = self._map.size_of(level + 1)
            found += [(column + x, row + y, level + 1) for x, y in ((size, 0), (0, size), (size, size))]
            self._grow((column, row, level + 1))
        return sorted(found, key=shape)

    def border(self) -> np.ndarray:
        """The pixels, ``(rows, columns)``, beside which the map so far changes for some arm and seed."""
        known = self._known
        across = self._differ(known[:, :, 1:], known[:, :, :-1])
        up = self._differ(known[:, 1:], known[:, :-1])
        found = np.zeros(known.shape[1:], bool)
        found[:, 1:] |= across
        found[:, :-1] |= across
        found[1:] |= up
        found[:-1] |= up
        return found

    @staticmethod
    def _differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        differ: np.ndarray = ((one != other) & (one != UNKNOWN) & (other != UNKNOWN)).any(0)
        return differ

    def _shape(self, block: Block) -> tuple[int, int]:
        """Networks of equal shape train together, so pixels of one column or row stay together where that decides."""
        column, row, _ = block
        by_column, by_row = (axis.field in SHAPED_BY for axis in (self._map.x, self._map.y))
        return column if by_column else 0, row if by_row else 0


def plan_for(grid: Grid, sharers: int = 1) -> Plan:
    """How so many processes work through this map or sweep."""
    return Refinement(grid, sharers) if isinstance(grid, Map) else InOrder(grid.total)
