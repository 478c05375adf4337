"""The trainability map on its page: draw, stop, resume, zoom and back, and what the map says.

What changes while networks train reaches the canvas over its socket; the page
runs again only when somebody does something, or the training ends.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from bnviz import link
from bnviz.axes import Axis
from bnviz.charts.pixels import NOTHING, Pixels
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.sources import SOURCES
from bnviz.live.component import canvas
from bnviz.run import FIELDS
from bnviz.sweeps import Map
from bnviz.ui.drawing import Drawing
from bnviz.ui.map_events import Happened, Place, Rectangle, read
from bnviz.ui.map_painter import MapPainter
from bnviz.ui.map_setup import quantity, set_ranges, setup_column

DRAWING = Drawing("map", MapPainter)
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
    st.fragment(_show)(chosen)


def _show(chosen: Map | None) -> None:
    if WISH in st.session_state:
        st.rerun()  # the whole page, whose setup column takes the wish
    _controls(chosen)
    drawn = DRAWING.show(chosen)
    if isinstance(drawn, Map):
        _answer(drawn, read(canvas(DRAWING.display, quantity())))


def _controls(chosen: Map | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="map.controls"):
        DRAWING.buttons("Draw the map", chosen)
        st.button(
            "Back", key="map.back", on_click=_back, disabled=not st.session_state.get(TRAIL),
            icon=":material/zoom_out:", help="The map before the last zoom.",
        )  # fmt: skip
        DRAWING.changed(chosen)


def _answer(drawn: Map, happened: Happened) -> None:
    """What was done on the canvas: a network opened, a rectangle drawn, or back."""
    if happened.open and happened.open.map == drawn.key:
        painter = DRAWING.display.painter
        shown = painter.cells.pixels() if isinstance(painter, MapPainter) else {}
        experiment = opened(drawn, shown, happened.open)
        if experiment:
            st.switch_page("pages/lab.py", query_params=link.to_query(experiment))
    elif happened.zoom and happened.zoom.map == drawn.key:
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


def opened(drawn: Map, shown: dict[str, Pixels], place: Place) -> Experiment | None:
    """The network that a pixel shows, and its twins of the other arms: what the Lab opens. None where there is none."""
    picture, column, row = shown.get(place.arm), place.column, place.row
    if picture is None or max(row, column) >= drawn.cells or picture.kind[row, column] == NOTHING:
        return None
    side = int(picture.size[row, column])
    corner = column - column % side, row - row % side
    choices = {axis.field: axis.values(drawn.cells)[at] for axis, at in zip((drawn.x, drawn.y), corner, strict=True)}
    arms = {}
    for arm, run in drawn.experiment.arms.items():
        try:
            arms[arm] = run.replace(**choices)
        except InvalidChoice:
            continue
    return Experiment(arms=arms, seeds=drawn.experiment.seeds[:1]) if arms else None


def zoomed(drawn: Map, rectangle: Rectangle) -> tuple[Axis, Axis]:
    """The axes of a rectangle, given as shares of the old ones. Raises InvalidChoice where nothing is between."""
    return (
        _part(drawn.x, rectangle.left, rectangle.right),
        _part(drawn.y, rectangle.bottom, rectangle.top),
    )


def _part(axis: Axis, low: float, high: float) -> Axis:
    ends = [axis.at(min(1.0, max(0.0, share))) for share in (low, high)]
    ends = [round(end) for end in ends] if FIELDS[axis.field].whole else [float(f"{end:.5g}") for end in ends]
    return replace(axis, low=float(ends[0]), high=float(ends[1]))


def _back() -> None:
    st.session_state[WISH] = st.session_state[TRAIL].pop()
