"""The board's scripts on a Streamlit page: each a component that is mounted once and stays.

Everything that moves reaches it over its own socket, so a rerun of the page
changes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st

from bnviz.live.assets import PLOTLY_URL, board_url, stylesheet
from bnviz.live.display import Display

Mode = Literal["", "picture", "trial"]

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


def board(
    token: str, on_new_seed: Callable[[], None], on_lost: Callable[[], None], on_goal: Callable[[], None] | None = None,
    on_turned: Callable[[], None] | None = None, arrivals: int = 0, mode: Mode = "",
) -> None:  # fmt: skip
    """Show the board of a session: all of it, or in ``mode`` picture one chart without a button, in mode trial one
    chart and the others on demand.

    ``on_new_seed`` is its button, ``on_lost`` means that nobody knows the token, ``on_goal`` that the run on it has
    come to its goal, or that another run has begun since, ``on_turned`` that it has obeyed a learning rate. When
    ``arrivals`` has grown, the reader is taken to the board, wherever on the page.
    """
    _mount(
        "board", "bnviz.board",
        {"live": _address(token), "plotly": PLOTLY_URL, "mode": mode, "arrivals": arrivals}, "board",
        on_new_seed_change=on_new_seed, on_lost_change=on_lost, on_goal_change=on_goal or _nothing,
        on_turned_change=on_turned or _nothing,
    )  # fmt: skip


def canvas(display: Display, quantity: str) -> Any:
    """Show the map of a display, coloured by a quantity.

    The result's ``open`` names a network that was clicked, ``zoom`` a rectangle as shares of both axes, ``back``
    is true when the keyboard asks for the map before; each is empty unless it happened just now.
    """
    on = dict.fromkeys(("on_open_change", "on_zoom_change", "on_back_change"), _nothing)
    return _show("map", "bnviz.map", display, {"quantity": quantity}, **on)


def figure(display: Display, key: str) -> None:
    """Show the figure of a display, with its progress and its words; ``key`` names its place on the page."""
    _show("figure", f"bnviz.figure.{key}", display, {"plotly": PLOTLY_URL})


def keep(session: str, kept: Mapping[str, Any] | None) -> Any:
    """Let the browser keep this (None: nothing is known yet), and return, once a ``session``, what it kept before."""
    return _mount("keep", "bnviz.keep", {"session": session, "kept": kept}, on_found_change=_nothing).found


def _show(script: str, key: str, display: Display, data: Mapping[str, Any], **on: Any) -> Any:
    """The page runs again when the stage of what is shown is no longer the one that it was told here."""
    return _mount(
        script, key, {"live": _address(display.token), "stage": display.stage, **data}, "display", script,
        on_lost_change=display.readdress, on_stage_change=_nothing, **on,
    )  # fmt: skip


def _address(token: str) -> str:
    return f"/bnviz/live/{token}"


def _mount(script: str, key: str, data: Mapping[str, Any], *styles: str, **on: Any) -> Any:
    mount = st.components.v2.component(
        f"bnviz_{script}", css=stylesheet(*styles), js=_MOUNT % script, isolate_styles=False
    )
    return mount(key=key, data={"board": board_url(), **data}, **on)


def _nothing() -> None:
    """A trigger runs the page again, or is read from the component's result."""
