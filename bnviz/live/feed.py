"""The rows of one run, packed once for everybody who watches it, in bounded memory."""

from __future__ import annotations

import functools
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

    They are replaced as a whole, so that anybody may read while the owner adds.
    """

    def __init__(self, make_row: Callable[[Snapshot], PackedRow]) -> None:
        self._make_row = make_row
        self._rows: tuple[PackedRow, ...] = ()
        self._seen, self._stride = 0, 1

    def copy(self) -> Feed:
        """The same rows, to go on differently."""
        other = Feed(self._make_row)
        other._rows, other._seen, other._stride = self._rows, self._seen, self._stride
        return other

    def add(self, snapshot: Snapshot) -> None:
        """Pack the newest snapshot; one that is not newer is known already."""
        rows = self._rows
        if rows and snapshot.step <= rows[-1].step:
            return
        row = self._make_row(snapshot)
        if rows and (self._seen - 1) % self._stride:
            rows = rows[:-1]
        rows = (*rows, row)
        self._seen += 1
        if len(rows) > max(2, min(MOST_ROWS, MOST_BYTES // max(1, len(row.packed)))):
            rows = rows[::2] if len(rows) % 2 else (*rows[::2], row)
            self._stride *= 2
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def since(self, step: int, up_to: int | None = None) -> tuple[PackedRow, ...]:
        """The rows later than ``step``; of the first ``up_to`` rows only, if that is given."""
        rows = self._rows
        first = len(rows)
        while first and rows[first - 1].step > step:
            first -= 1
        return rows[first:up_to]


def row_maker(experiment: Experiment) -> Callable[[Snapshot], PackedRow]:
    """How snapshots of this experiment become rows: columns packed by the charts, and one computed sentence."""
    columns = Columns(experiment)

    def make_row(snapshot: Snapshot) -> PackedRow:
        packed, watched = columns.pack(snapshot), columns.watched(snapshot)
        return PackedRow(snapshot.step, snapshot.epoch, caption(experiment, snapshot), packed, watched)

    return make_row


@functools.lru_cache(maxsize=16)
def recorded_feed(recording: History) -> Feed:
    """The rows of a recording, packed when it is first shown."""
    feed = Feed(row_maker(recording.experiment))
    for snapshot in recording:
        feed.add(snapshot)
    return feed
