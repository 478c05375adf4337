"""The board's scripts on a Streamlit page: each a component that is mounted once and stays.

Everything that moves reaches it over its own socket, so a rerun of the page
changes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from bnviz.live.assets import PLOTLY_URL, board_url, stylesheet

_MOUNT = """
const pending = new WeakMap();
export default function (component) {
  const { data, parentElement } = component;
  const address = new URL(data.board + "/%s.js", document.baseURI).href;
  const mounted = import(address).then((module) => module.default(component));
  pending.set(parentElement, mounted);
  return () => { mounted.then((leave) => pending.get(parentElement) === mounted && leave()); };
}
"""
"""Streamlit wants the module as a string; this one fetches the real modules from their route."""


def board(token: str, on_new_seed: Callable[[], None], on_lost: Callable[[], None]) -> None:
    """Show the board of a session. ``on_new_seed`` is its button, ``on_lost`` means that nobody knows the token."""
    _mount(
        "board", {"live": f"/bnviz/live/{token}", "plotly": PLOTLY_URL},
        on_new_seed_change=on_new_seed, on_lost_change=on_lost,
    )  # fmt: skip


def canvas(picture: Mapping[str, Any]) -> Any:
    """Show what ``bnviz.charts.canvas`` made of a map.

    The result's ``open`` names a network that was clicked, ``zoom`` a rectangle as shares of both axes, ``back``
    is true when the keyboard asks for the map before; each is empty unless it happened just now.
    """
    on = dict.fromkeys(("on_open_change", "on_zoom_change", "on_back_change"), _nothing)
    return _mount("map", {"picture": picture}, **on)


def _mount(script: str, data: Mapping[str, Any], **on: Any) -> Any:
    mount = st.components.v2.component(
        f"bnviz_{script}", css=stylesheet(script), js=_MOUNT % script, isolate_styles=False
    )
    return mount(key=f"bnviz.{script}", data={"board": board_url(), **data}, **on)


def _nothing() -> None:
    """A trigger is read from the component's result."""
