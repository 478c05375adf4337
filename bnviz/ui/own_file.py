"""A reader's CSV file: from what the browser sent to a data set, its label column chosen, or the sentence why not.

The file itself is kept, compressed, only for as long as nobody else brings others: to choose another label column.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

import streamlit as st

from bnviz.csv_table import MOST_FILE_BYTES, CsvTable
from bnviz.fields import InvalidChoice
from bnviz.live.component import csv_file
from bnviz.own_data import MadeSet
from bnviz.ui.sent_file import NotWhole, SentFile, unpacked

FILE, LABEL = "own.file", "own.label"
MOST_KEPT = 48 * 2**20
BROKEN = "The file did not arrive as a whole; allowed is a CSV file of up to 12 MB: choose it once more."
LEFT = "The file itself is no longer here; allowed is to choose it once more, and then another label column."


@dataclass(frozen=True)
class Brought:
    """What a reader brought last: where the file is kept, its columns, and which of them was read as the label."""

    place: str
    name: str
    header: tuple[str, ...] = ()
    label: int = -1
    refusal: str = ""


class _Files:
    """Files that were brought, compressed, in all at most ``MOST_KEPT`` bytes: the one used longest ago makes room."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, place: str, data: bytes) -> None:
        with self._lock:
            self._files[place] = data
            while sum(map(len, self._files.values())) > MOST_KEPT:
                self._files.popitem(last=False)

    def find(self, place: str) -> bytes | None:
        with self._lock:
            return self._files.get(place)

    def forget(self, place: str) -> None:
        with self._lock:
            self._files.pop(place, None)


_files = _Files()


def bring() -> MadeSet | None:
    """Draw the place for a file and what belongs to it; the data set that came of it just now, if any."""
    sent, made = csv_file(MOST_FILE_BYTES), None
    if sent is not None:
        made = _read(sent)
    brought: Brought | None = st.session_state.get(FILE)
    if brought and brought.header:
        label = st.selectbox(
            "Label column", range(len(brought.header)), key=LABEL, format_func=lambda at: brought.header[at][:40],
            help="Which column says the class of a line; all others are numbers.",
        )  # fmt: skip
        if label != brought.label:
            made = _chosen(brought, label)
    refusal = st.session_state[FILE].refusal if FILE in st.session_state else ""
    if refusal:
        st.error(f"Not loaded: {refusal}")
    return made


def _read(sent: object) -> MadeSet | None:
    """Take a file in place of the one before."""
    before: Brought | None = st.session_state.get(FILE)
    if before:
        _files.forget(before.place)
    brought = Brought(secrets.token_hex(8), "")
    st.session_state[FILE] = brought
    try:
        file = SentFile.of(sent)
        table = _table(file.packed, file.name[-200:], None if file.whole else file.size)
    except (InvalidChoice, NotWhole) as error:
        refusal = str(error) if isinstance(error, InvalidChoice) else BROKEN
        st.session_state[FILE] = replace(brought, refusal=refusal)
        return None
    _files.keep(brought.place, file.packed)
    st.session_state[LABEL] = table.label
    return _made(replace(brought, name=table.name, header=table.header), table, table.label)


def _chosen(brought: Brought, label: int) -> MadeSet | None:
    """Read the same file with another label column."""
    data = _files.find(brought.place)
    if data is None:
        st.session_state[FILE] = replace(brought, label=label, refusal=LEFT)
        return None
    return _made(brought, _table(data, brought.name), label)


def _table(packed: bytes, name: str, size: int | None = None) -> CsvTable:
    """The table of a file, of which no more is looked at than one may have. Raises InvalidChoice, and NotWhole."""
    return CsvTable.read(unpacked(packed, MOST_FILE_BYTES + 1), name, size)


def _made(brought: Brought, table: CsvTable, label: int) -> MadeSet | None:
    try:
        made, refusal = table.examples(label), ""
    except InvalidChoice as error:
        made, refusal = None, str(error)
    st.session_state[FILE] = replace(brought, label=label, refusal=refusal)
    return made
