"""The trainability map on its page: draw, stop, resume, zoom and back, and what the map says.

What changes while networks train reaches the canvas over its socket; the page
runs again only when somebody does something, or the training ends.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from bnviz import grid_link
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView
from bnviz.lessons.grids import MAP
from bnviz.lessons.sources import SOURCES
from bnviz.live.component import canvas
from bnviz.sweeps import Map
from bnviz.ui import address, take_home
from bnviz.ui.drawing import Drawing
from bnviz.ui.maps import setup as map_setup
from bnviz.ui.maps.events import Happened, read
from bnviz.ui.maps.painter import map_painter
from bnviz.ui.maps.places import open_in_the_lab, zoomed

DRAWING = Drawing("map", map_painter)
VIEW, ANEW, TRAIL, WISH = "map.view", "map.anew", "map.trail", "map.wish"
"""What is chosen; whether that is to be on the page, whatever is there; the maps before a zoom; the map asked for."""


def introduce() -> None:
    """What the map is, in one sentence."""
    st.markdown("Each pixel is a network, trained from scratch. Point at one, open it, look closer.")


def explain() -> None:
    """What can be done with it, below the picture."""
    st.markdown(
        "Any two choices can be the axes. The border of what trains is said to be fractal "
        f"({SOURCES['sohl_dickstein'].short}): frame a part of it and look for yourself. The link to this page "
        "holds the whole setup, zoom included."
    )


def show() -> None:
    """The setup on the left, the map and its words on the right; the link is that of the setup."""
    _begin()
    before: GridView[Map] = st.session_state[VIEW]
    with st.sidebar:
        view = map_setup.setup_column(before.grid)
    if view:
        st.session_state[VIEW] = view
        address.tell("map", grid_link.to_query(view), view)
        if st.session_state.pop(ANEW, False):
            DRAWING.open(view.grid)
    st.fragment(_show)(view.grid if view else None)


def _begin() -> None:
    """Set the page to a link that was followed or a map that was asked for; else it stays as it is."""
    query, wish, view = address.followed("map"), st.session_state.pop(WISH, None), st.session_state.get(VIEW)
    if query or view is None:
        opened, wrong = grid_link.from_query(query, GridView(MAP))
        address.say_wrong(*wrong)
        if query:
            address.keep("map", query, opened)
        _retrace(opened.grid)
        _place(opened, anew=bool(query))
    elif wish:
        _place(replace(view, grid=wish), anew=True)


def _retrace(opened: Map) -> None:
    """Whoever goes back over zooms by the browser has those before left; before another link there is none."""
    trail: list[Map] = st.session_state.get(TRAIL, [])
    st.session_state[TRAIL] = trail[: trail.index(opened)] if opened in trail else []


def _place(view: GridView[Map], anew: bool) -> None:
    st.session_state[VIEW], st.session_state[ANEW] = view, anew
    map_setup.show(view.grid, view.quantity)


def _show(chosen: Map | None) -> None:
    if WISH in st.session_state:
        st.rerun()  # the whole page, whose setup column takes the wish
    stage = _controls(chosen)
    drawn = DRAWING.show(chosen)
    if isinstance(drawn, Map):
        quantity = st.session_state[VIEW].quantity
        happened = read(canvas(DRAWING.display, quantity, stage or DRAWING.display.stage))
        take_home.show_map(drawn, DRAWING.display, DRAWING.rows(drawn), quantity)
        _answer(drawn, happened)


def _controls(chosen: Map | None) -> str:
    """The buttons; returns the stage of the work for which they stand there."""
    with st.container(horizontal=True, vertical_alignment="center", key="map.controls"):
        stage = DRAWING.buttons("Draw the map", chosen)
        st.button(
            "Zoom out", key="map.back", on_click=_back, disabled=not st.session_state.get(TRAIL),
            icon=":material/zoom_out:", help="The map before the last zoom.",
        )  # fmt: skip
        DRAWING.changed(chosen)
    return stage


def _answer(drawn: Map, happened: Happened) -> None:
    """What was done on the canvas: a network opened, a rectangle drawn, or back."""
    if happened.open and happened.open.map == drawn.key:
        open_in_the_lab(drawn, DRAWING.display.painter, happened.open)
    elif happened.zoom and happened.zoom.map == drawn.key:
        try:
            wish = zoomed(drawn, happened.zoom)
        except InvalidChoice as error:
            st.warning(f"It goes no further in: {error}")
            return
        st.session_state[TRAIL].append(drawn)
        st.session_state[WISH] = wish
        st.rerun()
    elif happened.back and st.session_state.get(TRAIL):
        _back()
        st.rerun()


def _back() -> None:
    st.session_state[WISH] = st.session_state[TRAIL].pop()
