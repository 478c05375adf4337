"""The trainability map on its page: draw, stop, resume, zoom and back, and what the map says.

Everything that changes while networks train happens in one fragment, in
which the canvas stays mounted and only gets new pixels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from bnviz import link
from bnviz.axes import Axis
from bnviz.charts.canvas import canvas as picture_of
from bnviz.charts.pictures import Picture, pictures
from bnviz.experiment import FIELDS, Experiment, InvalidChoice
from bnviz.lessons.sources import SOURCES
from bnviz.sweeps import Map
from bnviz.table import Table
from bnviz.ui import map_words
from bnviz.ui.canvas import canvas
from bnviz.ui.drawing import LOOK_AGAIN_SECONDS, Drawing
from bnviz.ui.map_setup import quantity, set_ranges, setup_column

DRAWING = Drawing("map")
PIXELS_A_SECOND = 100
"""A finer picture is sent less often: so many pixels of its side a second."""

TRAIL, WISH = "map.trail", "map.wish"


def introduce() -> None:
    """What the map is, in three sentences."""
    st.markdown(
        "Each pixel is one network, trained from scratch with the choices of its place: learning rate across, initial "
        "scale up, or any two others. Draw it, compare the arms, click a pixel to open its network in the Lab. The "
        f"border of what trains is said to be fractal ({SOURCES['sohl_dickstein'].short}): drag a rectangle over it "
        "and look for yourself."
    )


def show() -> None:
    """The setup on the left, the map and its words on the right."""
    wish = st.session_state.pop(WISH, None)
    if wish:
        set_ranges(*wish)
    with st.sidebar:
        chosen = setup_column()
    if wish and chosen:
        DRAWING.start(chosen)
    moving = DRAWING.moving
    pause = max(LOOK_AGAIN_SECONDS, chosen.cells / PIXELS_A_SECOND if chosen else 0)
    st.fragment(_show, run_every=pause if moving else None)(chosen, moving)


def _show(chosen: Map | None, moving: bool) -> None:
    DRAWING.look()
    if WISH in st.session_state:
        st.rerun()
    _draw(chosen)  # answers a click before anything else: one more rerun, and it would be forgotten
    if moving != DRAWING.moving:
        st.rerun()  # the whole page once, so that the fragment begins or ends to look by itself


def _draw(chosen: Map | None) -> None:
    handle = DRAWING.handle
    drawn = handle.grid if handle else chosen
    _controls(chosen)
    if not isinstance(drawn, Map):
        return
    table = handle.table() if handle else ()
    shown = pictures(table, drawn.cells) if isinstance(table, Table) and len(table) else {}
    happened = canvas(picture_of(drawn, shown, quantity(), map_words.notes(drawn, shown)))
    if shown:
        _words(drawn, shown)
    _answer(drawn, shown, happened)


def _controls(chosen: Map | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="map.controls"):
        DRAWING.buttons("Draw the map", chosen)
        st.button(
            "Back", key="map.back", on_click=_back, disabled=not st.session_state.get(TRAIL),
            icon=":material/zoom_out:", help="The map before the last zoom.",
        )  # fmt: skip
        DRAWING.progress(chosen)


def _words(drawn: Map, shown: dict[str, Picture]) -> None:
    """How the arms differ, and what counts as trained."""
    st.markdown(f"### {map_words.comparison(drawn, shown)}")
    st.caption(map_words.threshold_line(drawn, shown))


def _answer(drawn: Map, shown: dict[str, Picture], happened: Any) -> None:
    """What was done on the canvas: a network opened, a rectangle drawn, or back."""
    if happened.open and happened.open["map"] == drawn.key:
        experiment = opened(drawn, shown, happened.open)
        if experiment:
            st.switch_page("pages/lab.py", query_params=link.to_query(experiment))
    elif happened.zoom and happened.zoom["map"] == drawn.key:
        try:
            wish = zoomed(drawn, happened.zoom)
        except InvalidChoice as error:
            st.warning(f"It goes no further in: {error}")
            return
        st.session_state.setdefault(TRAIL, []).append((drawn.x, drawn.y))
        st.session_state[WISH] = wish
        st.rerun()
    elif happened.back and st.session_state.get(TRAIL):
        _back()
        st.rerun()


def opened(drawn: Map, shown: dict[str, Picture], place: dict[str, Any]) -> Experiment | None:
    """The network that a pixel shows, and its twins of the other arms: what the Lab opens. None where there is none."""
    picture = shown.get(place["arm"])
    row = int(picture.row[place["row"], place["column"]]) if picture else -1
    if picture is None or row < 0:
        return None
    choices = {field: picture.table.columns[field][row] for field in drawn.fields}
    arms = {}
    for arm, run in drawn.experiment.arms.items():
        try:
            arms[arm] = run.replace(**choices)
        except InvalidChoice:
            continue
    return Experiment(arms=arms, seeds=(int(picture.table.columns["seed"][row] or 0),)) if arms else None


def zoomed(drawn: Map, rectangle: dict[str, Any]) -> tuple[Axis, Axis]:
    """The axes of a rectangle, given as shares of the old ones. Raises InvalidChoice where nothing is between."""
    return (
        _part(drawn.x, rectangle["left"], rectangle["right"]),
        _part(drawn.y, rectangle["bottom"], rectangle["top"]),
    )


def _part(axis: Axis, low: float, high: float) -> Axis:
    ends = [axis.at(min(1.0, max(0.0, share))) for share in (low, high)]
    ends = [round(end) for end in ends] if FIELDS[axis.field].whole else [float(f"{end:.5g}") for end in ends]
    return replace(axis, low=float(ends[0]), high=float(ends[1]))


def _back() -> None:
    st.session_state[WISH] = st.session_state[TRAIL].pop()
