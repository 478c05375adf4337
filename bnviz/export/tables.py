"""Numbers as files: of a history a row for every arm, seed, step, layer and quantity, of a map one for every network.

While one is made the interpreter is let go every few milliseconds, so that a server can serve others meanwhile.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from bnviz.snapshot import History
from bnviz.sweeps import Grid
from bnviz.table import Table

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_ONCE = 5000


def table_of(history: History) -> pd.DataFrame:
    """The history's tidy table, as it stands now: a run may go on training meanwhile."""
    still = History(history.experiment, max(2, len(history)))
    for snapshot in list(history):
        still.append(snapshot)
    return still.to_frame()


def to_csv(frame: pd.DataFrame, of: str) -> bytes:
    """Commas between the values, one row a line; its first line says what the columns are."""
    return frame.to_csv(index=False, chunksize=ROWS_AT_ONCE).encode()


def to_parquet(frame: pd.DataFrame, of: str) -> bytes:
    """Columns, compressed, with their types; what they are of is in the table's ``attrs``, where pandas finds it."""
    file = io.BytesIO()
    frame.attrs["of"] = of
    frame.to_parquet(file, index=False)
    return file.getvalue()


def to_json(frame: pd.DataFrame, of: str) -> bytes:
    """``{"of": the experiment, "numbers": {column: [value, ...]}}``; what is not finite is null."""
    columns = [orjson.dumps(name) + b":[" + b",".join(_pieces(frame[name])) + b"]" for name in frame]
    return b'{"of":' + of.encode() + b',"numbers":{' + b",".join(columns) + b"}}\n"


def _pieces(column: pd.Series) -> list[bytes]:
    """A column's values, so many at once, as JSON without its brackets."""
    values = column.astype(object).where(column.notna(), None)
    parts = (values[at : at + ROWS_AT_ONCE].tolist() for at in range(0, len(values), ROWS_AT_ONCE))
    return [orjson.dumps(part)[1:-1] for part in parts]


KINDS: dict[str, Callable[[pd.DataFrame, str], bytes]] = {"csv": to_csv, "parquet": to_parquet, "json": to_json}
"""How a file's name ends to what writes it."""


def numbers(history: History, kind: str) -> bytes:
    """The history's numbers as a ``csv``, ``parquet`` or ``json`` file. Raises KeyError for another kind."""
    return KINDS[kind](table_of(history), history.experiment.to_json())


def rows(table: Table, grid: Grid, kind: str) -> bytes:
    """What was read of every network of a map or a sweep, as such a file."""
    return KINDS[kind](table.to_frame(), grid.to_json())
