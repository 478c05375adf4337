"""The recorded map as a picture on another page: a pixel opens in the Lab, a rectangle on the map page."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import streamlit as st

from bnviz import grid_link
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView
from bnviz.lessons.grids import MAP
from bnviz.live.component import canvas
from bnviz.recorded_grids import recorded_table
from bnviz.sweeps import Map
from bnviz.ui.going import go
from bnviz.ui.maps.events import Rectangle, read
from bnviz.ui.maps.painter import map_painter
from bnviz.ui.maps.places import open_in_the_lab, zoomed
from bnviz.ui.session import display_of


def show_recorded_map(place: str, fills: bool = False) -> None:
    """Show the map that the map page opens with, and the way there.

    ``place`` names where it stands; where it ``fills``, its networks come one after another, the coarse picture first.
    """
    st.fragment(_show)(place, fills)


def _show(place: str, fills: bool) -> None:
    display = display_of(place)
    painter = display.show(MAP, partial(map_painter, MAP, recorded_table(MAP)), recorded=True)
    happened = read(canvas(display, GridView.quantity, display.stage, fills))
    if happened.open:
        open_in_the_lab(MAP, painter, happened.open)
    elif happened.zoom:
        go_closer(MAP, happened.zoom)
    st.page_link(
        "pages/map.py", label="Open the map", icon=":material/arrow_forward:",
        query_params=grid_link.to_query(GridView(MAP)),
    )  # fmt: skip


def go_closer(drawn: Map, rectangle: Rectangle) -> None:
    """Take the reader to a part of a map on its own page; to all of it where nothing is between."""
    with suppress(InvalidChoice):
        drawn = zoomed(drawn, rectangle)
    go("pages/map.py", grid_link.to_query(GridView(drawn)))
