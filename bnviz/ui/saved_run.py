"""A run that a reader saved and opens again: from what the browser sent to a history, or the sentence why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from bnviz.history_file import NotAHistory
from bnviz.live.component import saved_run
from bnviz.own_functions import called
from bnviz.run_file import HEAD
from bnviz.snapshot import History
from bnviz.ui.sent_file import NotWhole, SentFile, unpacked
from bnviz.wording import listed, plural, written

OPENED = "lab.opened"
MOST = 8 * 2**20
"""Bytes of a run that a page takes: two networks of five seeds with a snapshot at each of some hundred steps."""
BROKEN = "The file did not arrive as a whole: choose it once more."
_NO_NAME = re.compile(r"[^\w .()-]")


@dataclass(frozen=True)
class Opened:
    """What was opened last: the file's name, and what it holds or the sentence why it cannot be opened."""

    name: str
    history: History | None = None
    refusal: str = ""


def bring() -> History | None:
    """Draw the place for a file; what came of one just now, if anything."""
    sent = saved_run(MOST)
    if sent is None:
        return None
    opened = st.session_state[OPENED] = _read(sent)
    return opened.history


def opened() -> History | None:
    """What was opened last, if anything could be."""
    last: Opened | None = st.session_state.get(OPENED)
    return last.history if last else None


def tell(shown: History | None) -> None:
    """Say what of a file is on the board now, or why it cannot be."""
    last: Opened | None = st.session_state.get(OPENED)
    if last and last.refusal:
        st.error(f"Not opened: {last.refusal}")
    elif last and last.history and last.history is shown:
        st.caption(plural(
            len(last.history),
            "On the board: {name}, {count} snapshot up to step {step}. Reset shows it again from the start.",
            "On the board: {name}, {count} snapshots up to step {step}. Reset shows it again from the start.",
            name=last.name, step=written(last.history.latest.step, ","),
        ))  # fmt: skip


def _read(sent: object) -> Opened:
    try:
        file = SentFile.of(sent)
    except NotWhole:
        return Opened("", refusal=BROKEN)
    name = f"`{_NO_NAME.sub('?', file.name[-60:])}`"
    if not file.packed:
        return Opened(name, refusal=(
            f"{name} has {file.size / 2**20:.1f} MiB of readings, or more than can be sent; allowed are "
            f"{MOST / 2**20:.0f}: record it with fewer seeds or snapshots (every=), or make it a page with bnviz "
            "export."
        ))  # fmt: skip
    try:
        history = History.from_file(unpacked(file.packed, HEAD + MOST + 1), MOST, whole=False)
        if history.experiment.functions:
            return Opened(name, refusal=(
                f"{name} has functions of one's own, {listed(map(called, history.experiment.functions))}, which this "
                "site does not have: make it a page with bnviz export."
            ))  # fmt: skip
        return Opened(name, _as_the_lab_has_it(history))
    except NotAHistory as error:
        return Opened(name, refusal=str(error))
    except NotWhole:
        return Opened(name, refusal=BROKEN)


def _as_the_lab_has_it(history: History) -> History:
    """The Lab asks for no instruments, and shows what every experiment reads."""
    if history.experiment.instruments:
        arrays, about = history.parts()
        bare = history.experiment.replace(instruments=())
        return History.from_parts(arrays, {**about, "experiment": bare.model_dump(mode="json")})
    return history
