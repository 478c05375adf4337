"""The board on a Streamlit page: one component, mounted once, with constant data.

Everything that moves reaches it over its own socket, so a rerun of the page
changes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from bnviz.live.assets import board_url, stylesheet
from bnviz.live.plotlyjs import PLOTLY_URL

_MOUNT = """
const pending = new WeakMap();
export default function (component) {
  const { data, parentElement } = component;
  const address = new URL(data.board + "/board.js", document.baseURI).href;
  const mounted = import(address).then((board) => board.default(component));
  pending.set(parentElement, mounted);
  return () => { mounted.then((leave) => pending.get(parentElement) === mounted && leave()); };
}
"""
"""Streamlit wants the module as a string; this one fetches the real modules from their route."""


def board(token: str, on_new_seed: Callable[[], None], on_lost: Callable[[], None]) -> None:
    """Show the board of a seat. ``on_new_seed`` is its button, ``on_lost`` means that nobody knows the token."""
    mount = st.components.v2.component("bnviz_board", css=stylesheet(), js=_MOUNT, isolate_styles=False)
    mount(
        key="bnviz.board",
        data={"live": f"/bnviz/live/{token}", "plotly": PLOTLY_URL, "board": board_url()},
        on_new_seed_change=on_new_seed,
        on_lost_change=on_lost,
    )
