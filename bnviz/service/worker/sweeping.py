"""What a worker process does for a sweep: train the cells that it is given, send their rows, ask for more.

What trains cells is handed in, so this module never imports torch itself.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from bnviz.messages import Message, encode
from bnviz.service.worker.pipe import Pipe
from bnviz.sweeps import Cell, Grid
from bnviz.table import Table, Value

TrainCells = Callable[[Sequence[Cell], int], Iterator[list[tuple[int, list[Value]]]]]
"""Yields rows with their cells' numbers as they are found, and empty lists in between, to look up at."""


class Sweeper:
    """Trains batches of cells one after the other, listening all the while.

    After ``seconds`` it ends with a sentence. ``turn`` raises EOFError when the
    other side is gone.
    """

    def __init__(self, pipe: Pipe, grid: Grid, train_cells: TrainCells, seconds: float) -> None:
        self._pipe, self._grid, self._train_cells = pipe, grid, train_cells
        self._seconds, self._until = seconds, time.monotonic() + seconds
        self._batches: deque[list[int]] = deque()
        self.ended = False

    def begin(self, first: Sequence[Message] = ()) -> None:
        """Ask for work; ``first`` are words that came already."""
        self._obey(first)
        self._pipe.say(encode("state", name="running") + encode("ready"))

    def turn(self) -> None:
        """Wait for a batch, unless there is one, and train it."""
        self._look_up(0 if self._batches else None)
        if self._batches and not self.ended:
            self._train(self._batches.popleft())

    def _train(self, numbers: Sequence[int]) -> None:
        for rows in self._train_cells([self._grid.cell(number) for number in numbers], self._grid.steps):
            if rows:
                table = Table.of(self._grid.columns, [row for _, row in rows])
                self._pipe.say(encode("rows", numbers=[number for number, _ in rows], **table.to_words()))
            self._look_up(0)
            if self.ended:
                return
        self._pipe.say(encode("ready"))

    def _look_up(self, patience: float | None) -> None:
        self._obey(self._pipe.listen(patience))
        if time.monotonic() >= self._until:
            self._end(f"Ended after {self._seconds:g} seconds: fewer cells, steps or layers are trained whole.")

    def _obey(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if message.kind == "cells":
                self._batches.append([int(number) for number in message.words["numbers"]])
            elif message.kind == "stop":
                self.ended = True

    def _end(self, sentence: str) -> None:
        if not self.ended:
            self.ended = True
            self._pipe.say_last(encode("state", name="finished", message=sentence))
