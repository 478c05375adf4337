"""The trainability map on a Streamlit page: one component that stays mounted while its picture grows finer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from bnviz.charts import css_variables
from bnviz.live.assets import board_url

KEY = "bnviz.map"

_MOUNT = """
export default function (component) {
  const { data } = component;
  const address = new URL(data.board + "/map.js", document.baseURI).href;
  const mounted = import(address).then((map) => map.default(component));
  return () => { mounted.then((leave) => leave()); };
}
"""
"""Streamlit wants the module as a string; this one fetches the real module from the board's route."""


def canvas(picture: Mapping[str, Any]) -> Any:
    """Show what ``bnviz.charts.canvas`` made of a map.

    The result's ``open`` names a network that was clicked, ``zoom`` a rectangle as shares of both axes, ``back``
    is true when the keyboard asks for the map before; each is empty unless it happened just now.
    """
    mount = st.components.v2.component("bnviz_map", css=_stylesheet(), js=_MOUNT, isolate_styles=False)
    return mount(
        key=KEY, data={"board": board_url(), "picture": picture},
        on_open_change=_nothing, on_zoom_change=_nothing, on_back_change=_nothing,
    )  # fmt: skip


@cache
def _stylesheet() -> str:
    return css_variables() + Path(__file__).with_name("canvas.css").read_text()


def _nothing() -> None:
    """A trigger is read from the component's result."""
