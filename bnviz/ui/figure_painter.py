"""Rows become a figure with its words: drawn whole when it changed, sent as plain data, painted on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bnviz.live.protocol import packed
from bnviz.service import State
from bnviz.table import Table

Draw = Callable[[Table], Mapping[str, Any]]
Say = Callable[[State | None, Table, float | None], tuple[float | None, str]]


class FigurePainter:
    """Draws with ``draw``, which takes an empty table too, and tells the progress with ``say``.

    ``key`` names the way of drawing. A job tells new rows only (``grows``), or its whole table each time.
    """

    def __init__(self, names: tuple[str, ...], key: str, draw: Draw, say: Say, grows: bool) -> None:
        self.setup: Mapping[str, Any] = {}
        self.key = key
        self.table = Table({name: [] for name in names}, 0.0)
        self._draw, self._say, self._grows = draw, say, grows
        self._changed = True
        self._newest = (0, b"")

    def add(self, rows: Table) -> None:
        if self._grows:
            columns = {name: [*column, *rows.columns[name]] for name, column in self.table.columns.items()}
            rows = Table(columns, rows.share)
        self.table, self._changed = rows, True

    def draw_with(self, key: str, draw: Draw) -> None:
        """Draw the same rows another way from now on."""
        self.key, self._draw, self._changed = key, draw, True

    def draw(self) -> Mapping[str, Any]:
        if self._changed:
            drawn = orjson.dumps(self._draw(self.table), option=orjson.OPT_SERIALIZE_NUMPY)
            self._newest, self._changed = (self._newest[0] + 1, drawn), False
        return {}

    def progress(self, state: State | None, seconds_left: float | None) -> tuple[float | None, str]:
        return self._say(state, self.table, seconds_left)

    def frame_since(self, run: int, step: int) -> tuple[bytes, int] | None:
        version, drawn = self._newest
        return (packed(run, {"step": version, "drawn": orjson.Fragment(drawn)}), version) if version > step else None
