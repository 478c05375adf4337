"""The networks of a map become cells on the wire, and sentences: how many train, and where the arms differ."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bnviz.charts.canvas import canvas, ends
from bnviz.charts.cells import Cells
from bnviz.live.protocol import packed
from bnviz.recorded_grids import recorded_table
from bnviz.service import State
from bnviz.sweeps import Map
from bnviz.table import Table
from bnviz.ui.maps import words as map_words
from bnviz.ui.progress import sweep_progress

MOST_CELLS = 8192
"""A frame holds no more; a page that comes late catches up in several."""


def map_painter(drawn: Map, recorded: Table | None) -> MapPainter:
    """The painter of a map; that of a recorded one has its rows, and is the same for every reader."""
    return _recorded(drawn) if recorded else MapPainter(drawn)


class MapPainter:
    """Of every network a page is sent its place and all its results, once; the colours are the page's business."""

    def __init__(self, drawn: Map) -> None:
        self.setup: Mapping[str, Any] = canvas(drawn)
        self.cells = Cells(drawn)
        self._map, self._done = drawn, 0

    def add(self, rows: Table) -> None:
        self.cells.add(rows)
        self._done += len(rows)

    def draw(self) -> Mapping[str, Any]:
        shown = self.cells.pixels()
        words = {"notes": {}, "comparison": "", "threshold": ""} if not shown else {
            "notes": map_words.notes(self._map, shown),
            "comparison": map_words.comparison(self._map, shown),
            "threshold": map_words.threshold_line(self._map, shown),
        }  # fmt: skip
        return {**words, "ends": ends(shown)}

    def progress(self, state: State | None, seconds_left: float | None) -> tuple[float | None, str]:
        return sweep_progress(state, self._done, self._map.total, seconds_left)

    def frame_since(self, run: int, step: int) -> tuple[bytes, int] | None:
        first = max(0, step)
        count = min(len(self.cells) - first, MOST_CELLS)
        if count <= 0:
            return None
        return packed(run, {"step": first + count, "count": count}, *self.cells.since(first, count)), first + count


@lru_cache(maxsize=4)
def _recorded(drawn: Map) -> MapPainter:
    painter, rows = MapPainter(drawn), recorded_table(drawn)
    if rows:
        painter.add(rows)
    return painter
