"""The rows of one run, packed once for everybody who watches it, in bounded memory."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

from bnviz.charts import Columns
from bnviz.experiment import Experiment
from bnviz.lessons.caption import caption
from bnviz.live.protocol import PackedRow
from bnviz.snapshot import History, Snapshot

MOST_ROWS = 600
MOST_BYTES = 16 * 2**20


class Feed:
    """Rows, oldest first. When there are too many, every second one is dropped and from then on every second kept.

    Added to from the thread that follows the run, read from the event loop.
    """

    def __init__(self, make_row: Callable[[Snapshot], PackedRow]) -> None:
        self._make_row = make_row
        self._lock = threading.Lock()
        self._rows: list[PackedRow] = []
        self._seen, self._stride = 0, 1

    def copy(self) -> Feed:
        """The same rows, to go on differently."""
        other = Feed(self._make_row)
        with self._lock:
            other._rows, other._seen, other._stride = list(self._rows), self._seen, self._stride
        return other

    def add(self, snapshot: Snapshot) -> None:
        """Pack the newest snapshot; one that is not newer is known already."""
        if self._rows and snapshot.step <= self._rows[-1].step:
            return
        row = self._make_row(snapshot)
        with self._lock:
            if self._rows and (self._seen - 1) % self._stride:
                self._rows.pop()
            self._rows.append(row)
            self._seen += 1
            if len(self._rows) > max(2, min(MOST_ROWS, MOST_BYTES // max(1, len(row.packed)))):
                self._rows = self._rows[::2] if len(self._rows) % 2 else [*self._rows[::2], row]
                self._stride *= 2

    def __len__(self) -> int:
        return len(self._rows)

    def since(self, step: int, up_to: int | None = None) -> list[PackedRow]:
        """The rows later than ``step``; of the first ``up_to`` rows only, if that is given."""
        with self._lock:
            first = len(self._rows)
            while first and self._rows[first - 1].step > step:
                first -= 1
            return self._rows[first:up_to]


def row_maker(experiment: Experiment) -> Callable[[Snapshot], PackedRow]:
    """How snapshots of this experiment become rows: columns packed by the charts, and one computed sentence."""
    columns = Columns(experiment)

    def make_row(snapshot: Snapshot) -> PackedRow:
        return PackedRow(snapshot.step, snapshot.epoch, caption(experiment, snapshot), columns.pack(snapshot))

    return make_row


@functools.lru_cache(maxsize=16)
def recorded_feed(recording: History) -> Feed:
    """The rows of a recording, packed when it is first shown."""
    feed = Feed(row_maker(recording.experiment))
    for snapshot in recording:
        feed.add(snapshot)
    return feed
