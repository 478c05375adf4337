"""What a reader takes home of the networks on the page; nothing is made before it is asked for, and none of it here.

A file is made in a thread of its own when its button is pressed, from what the server has seen by then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import segno
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bnviz import export, grid_link, link
from bnviz.experiment import Experiment, arm_label
from bnviz.export.around import SITE, link_to
from bnviz.export.scripts import trainable
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView
from bnviz.live.component import share
from bnviz.live.display import Display
from bnviz.live.session import Session
from bnviz.live.stream import Sight
from bnviz.snapshot import History
from bnviz.sweeps import Map
from bnviz.table import Table
from bnviz.ui import frame

T = TypeVar("T")

PATIENCE_SECONDS = 5.0

KEY = "take_home"
NUMBERS = ("csv", "parquet", "json")
KINDS = {
    "html": ("Page (HTML)", "text/html"),
    "csv": ("CSV", "text/csv"), "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "json": ("JSON", "application/json"),
    "py": ("Script", "text/x-python"), "ipynb": ("Notebook", "application/x-ipynb+json"),
}  # fmt: skip
"""How a file ends, to its name on the page and what a browser is told that it is."""

PAGE, MAP_PAGE = (f"One file that opens from disk, without a connection: {what}." for what in (
    "every chart, the scrubber, the caption at every step", "every network, and all that was read of it",
))  # fmt: skip
READINGS = "Every number at every step that was looked at: arm, seed, step, layer, quantity, value."
SCRIPT = "A program for PyTorch that trains this network again, without bnviz: the same losses but for rounding."
NOTEBOOK = "The programs of all networks in the cells of a Jupyter notebook, with the curve and three questions."
NETWORKS = "A row for every network: its arm, seed and values, and what was read of it at its end."


def show(experiment: Experiment, session: Session) -> None:
    """A closed line, which opens to the link, and to files of what is on the session's board."""
    st.fragment(_show)(experiment, session)


def _show(experiment: Experiment, session: Session) -> None:
    place, origin = st.expander("Take it home", key=KEY, on_change="rerun"), site()
    if place.open:
        name = f"bnviz-{next(iter(experiment.arms.values())).dataset}-{'-'.join(experiment.arms)}"
        with place:
            share_link("lab", link.to_query(experiment))
            with _row("files"):
                file(lambda: export.page(_seen(session), session.charts, origin), f"{name}.html", PAGE)
                for kind in NUMBERS:
                    file(partial(_numbers, session, kind), f"{name}.{kind}", READINGS)
            _programs(experiment, session, name)
            pictures()


def _programs(experiment: Experiment, session: Session, name: str) -> None:
    """The programs of the networks, or why there are none."""
    try:
        for run in experiment.arms.values():
            trainable(run)
    except InvalidChoice as error:
        st.caption(str(error))
        return
    with _row("programs"):
        arm, seed = _choice("Network", [*experiment.arms], arm_label), _choice("Seed", [*experiment.seeds], str)
        file(partial(_script, session, arm, seed), f"bnviz_{arm}_{seed}.py", SCRIPT)
        file(partial(_notebook, session, seed), f"{name}-{seed}.ipynb", NOTEBOOK)


def _choice(label: str, words: list[T], in_words: Callable[[T], str]) -> T:
    """One of several; where there is one alone, nobody is asked."""
    if len(words) == 1:
        return words[0]
    key = f"{KEY}.{label.lower()}.{'.'.join(map(str, words))}"
    return st.selectbox(label, words, key=key, format_func=in_words, width=160, persist_state="session")


def show_map(drawn: Map, display: Display, rows: Callable[[], Table] | None, quantity: str) -> None:
    """The same of a map: its link, its page, and a row for every network of which something is known."""
    place, origin = st.expander("Take it home", key=KEY, on_change="rerun"), site()
    if place.open:
        name = f"bnviz-map-{drawn.x.field}-{drawn.y.field}"
        with place:
            share_link("map", grid_link.to_query(GridView(drawn, quantity)))
            if rows:
                with _row("files"):
                    file(lambda: export.map_page(drawn, _sight(display), quantity, origin), f"{name}.html", MAP_PAGE)
                    for kind in NUMBERS:
                        file(partial(_rows, rows, drawn, kind), f"{name}.{kind}", NETWORKS)
                pictures()


def _row(name: str) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="bottom", key=f"{KEY}.{name}")


def pictures() -> None:
    """How a chart becomes a picture, which the browser makes."""
    st.caption("A chart is saved as a picture, PNG or SVG, by the arrow in its corner.")


def file(make: Callable[[], str | bytes], name: str, about: str) -> None:
    """A button that makes a file when it is pressed; what kind it is its name says."""
    kind = name.rpartition(".")[2]
    word, mime = KINDS[kind]
    st.download_button(
        word, make, name, mime, on_click="ignore", key=f"{KEY}.{kind}", help=about, icon=":material/download:"
    )


def share_link(page: str, query: Mapping[str, str]) -> None:
    """The link to an experiment, a map or a sweep on its page, to be copied, and as a code."""
    address = link_to(site(), page, query)
    share(address, code_of(address))


def code_of(address: str) -> str:
    """A link as a code that cameras read (QR), as the address of a picture; empty where it is too long for one."""
    try:
        return segno.make_qr(address, error="m").svg_data_uri(border=4)
    except segno.DataOverflowError:
        return ""


def site() -> str:
    """Where this site begins, as the reader's browser knows it."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{frame.root()}" if here.netloc else SITE


def _numbers(session: Session, kind: str) -> bytes:
    return export.numbers(_seen(session), kind)


def _script(session: Session, arm: str, seed: int) -> str:
    seen = _seen(session)
    return export.script(session.experiment or seen.experiment, arm, seed, max(1, seen.latest.step))


def _notebook(session: Session, seed: int) -> str:
    seen = _seen(session)
    return export.notebook(
        session.experiment or seen.experiment, seed=seed, steps=max(1, seen.latest.step), history=seen
    )


def _rows(rows: Callable[[], Table], drawn: Map, kind: str) -> bytes:
    return export.rows(rows(), drawn, kind)


def _sight(display: Display) -> Sight:
    """All that there is to see of a map now."""
    assert display.picture  # it was shown before there was a button
    return display.picture.sight


def _seen(session: Session) -> History:
    """What is on the board; a run that has just begun is waited for. Raises ValueError where nothing comes."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (history := session.history) is None:
        if time.monotonic() > until:
            raise ValueError("nothing has been measured yet: try again in a moment.")
        time.sleep(0.05)
    return history
