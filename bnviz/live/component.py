"""The board's scripts on a Streamlit page: each a component that is mounted once and stays.

Everything that moves reaches it over its own socket, so a rerun of the page
changes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from bnviz.live.display import Display
from bnviz.live.page.assets import PLOTLY_URL, modules_url, stylesheet

Mode = Literal["", "picture", "picture-here", "trial", "embed", "present"]

_MOUNT = """
const pending = new WeakMap();
export default function (component) {
  const { data, parentElement } = component;
  const address = new URL(data.modules, document.baseURI).href;
  const mounted = import(address).then(({ modules }) => modules["%s.js"].default(component));
  pending.set(parentElement, mounted);
  return () => { mounted.then((leave) => pending.get(parentElement) === mounted && leave()); };
}
"""
"""Streamlit wants the module as a string; this one fetches the real modules, all in one file, from their route."""


def board(
    token: str, on_new_seed: Callable[[], None], on_lost: Callable[[], None], on_goal: Callable[[], None] | None = None,
    on_turned: Callable[[], None] | None = None, arrivals: int = 0, mode: Mode = "",
    on_back: Callable[[], None] | None = None, on_next: Callable[[], None] | None = None,
    on_pressed: Callable[[str], None] | None = None, charts: Sequence[str] = (), sentence: str = "",
) -> None:  # fmt: skip
    """Show the board of a session: all of it, or in ``mode`` picture one chart without a button, in mode
    picture-here one that fills the window and can be run here, in mode trial one chart and the others on demand, in
    mode embed what fits into another page, in mode present one or two charts that fill the window, below a sentence.

    ``charts`` names those that are there, in this order; none is all. ``on_pressed`` gets what a key asks the page for:
    present, bn, next, back, or a number.
    ``on_new_seed`` is its button, ``on_lost`` means that nobody knows the token, ``on_goal`` that the run on it has
    come to its goal, or that another run has begun since, ``on_turned`` that it has obeyed a learning rate. When
    ``arrivals`` has grown, the reader is taken to the board, wherever on the page. In mode picture-here the arrow keys
    are ``on_back`` and ``on_next``.
    """
    _mount(
        "board", "bnviz.board",
        {
            "live": _address(token), "plotly": PLOTLY_URL, "mode": mode, "arrivals": arrivals, "charts": [*charts],
            "sentence": sentence,
        }, "keys", "board", "own", "stage", "picture",
        on_new_seed_change=on_new_seed, on_lost_change=on_lost, on_goal_change=on_goal or _nothing,
        on_turned_change=on_turned or _nothing, on_back_change=on_back or _nothing, on_next_change=on_next or _nothing,
        on_pressed_change=lambda: (on_pressed or _unheard)(str(st.session_state["bnviz.board"].pressed)),
    )  # fmt: skip


def canvas(display: Display, quantity: str, stage: str, fills: bool = False) -> Any:
    """Show the map of a display, coloured by a quantity; where it ``fills``, one network after another.

    ``stage`` is the one of the display for which the rest of the page was drawn: the page runs again at another.
    The result's ``open`` names a network that was clicked, ``zoom`` a rectangle as shares of both axes, ``back``
    is true when the keyboard asks for the map before; each is empty unless it happened just now.
    """
    on = dict.fromkeys(("on_open_change", "on_zoom_change", "on_back_change"), _nothing)
    return _show("map", "bnviz.map", display, stage, {"quantity": quantity, "buttons": "map", "fills": fills}, **on)


def figure(display: Display, key: str, stage: str) -> None:
    """Show the figure of a display, with its progress and its words.

    ``key`` names its place on the page, and its buttons there are ``key.start`` and so on. ``stage`` is the one for
    which they were drawn: the page runs again at another.
    """
    _show("figure", f"bnviz.figure.{key}", display, stage, {"plotly": PLOTLY_URL, "buttons": key.replace(".", "-")})


def film(script: str, key: str, data: Mapping[str, Any]) -> None:
    """Show a bench that moves in the page, from numbers that it is given once; ``key`` names its place on the page."""
    _mount(script, f"bnviz.{key}", data, "keys", "board", "bench")


def saved_run(most: int) -> Any:
    """A place for a saved run of at most so many bytes of readings; what was brought just now, or None.

    It is whatever a client sent; what our page sends says ``board/saved_run.js``.
    """
    return _mount("saved_run", "bnviz.saved_run", {"most": most}, "board", "saved", on_run_change=_nothing).get("run")


def csv_file(most: int) -> Any:
    """A place for a file of at most so many bytes; what was brought just now, or None.

    It is whatever a client sent; what our page sends says ``board/packed_file.js``.
    """
    return _mount("csv_file", "bnviz.csv_file", {"most": most}, "board", "own", on_file_change=_nothing).get("file")


def points_pad(points: str) -> Any:
    """A plane to paint on, which shows these points, if any; what was painted just now, or None.

    It is whatever a client sent.
    """
    styles = ("board", "bench", "own")
    brought = _mount("points_pad", "bnviz.points_pad", {"points": points}, *styles, on_points_change=_nothing)
    return brought.get("points")


def arrows(on_back: Callable[[], None], on_next: Callable[[], None]) -> None:
    """Hear the arrow keys to the left and to the right wherever nothing else wants them, and show nothing."""
    _mount("arrows", "bnviz.arrows", {}, on_back_change=on_back, on_next_change=on_next)


def arrive(arrivals: int) -> None:
    """Take the reader here when ``arrivals`` has grown, wherever on the page."""
    _mount("arrive", "bnviz.arrive", {"arrivals": arrivals})


def follow(query: Mapping[str, str]) -> None:
    """Follow the link of the page that stands beside this, whose parameters these are."""
    _mount("follow", "bnviz.follow", {"query": query})


def keep(session: str, kept: Mapping[str, Any] | None, taken: bool, on_found: Callable[[Any], None]) -> None:
    """Let the browser keep this (None: nothing is known yet). ``on_found`` gets what it kept before the ``session``;
    until that was ``taken`` nothing is written over it.
    """
    data = {"session": session, "kept": kept, "taken": taken}
    _mount("keep", "bnviz.keep", data, on_found_change=lambda: on_found(st.session_state["bnviz.keep"].found))


def share(link: str, code: str) -> None:
    """Show a link, which one button copies, beside its ``code``, the address of a picture; empty: there is none."""
    _mount("share", "bnviz.share", {"link": link, "code": code}, "share")


def say(words: Sequence[str]) -> None:
    """Let each of these, where it is new on the page, be said aloud to those who do not see it; one place on a page."""
    _mount("say", "bnviz.say", {"words": [*words]})


def _show(script: str, key: str, display: Display, stage: str, data: Mapping[str, Any], **on: Any) -> Any:
    return _mount(
        script, key, {"live": _address(display.token), "stage": stage, **data},
        "keys", "display", "picture", script,
        on_lost_change=display.readdress, on_stage_change=_nothing, **on,
    )  # fmt: skip


def _address(token: str) -> str:
    return f"/bnviz/live/{token}"


def _mount(script: str, key: str, data: Mapping[str, Any], *styles: str, **on: Any) -> Any:
    mount = st.components.v2.component(
        f"bnviz_{script}", css=stylesheet(*styles), js=_MOUNT % script, isolate_styles=False
    )
    return mount(key=key, data={"modules": modules_url(), **data}, **on)


def _unheard(key: str) -> None:
    """A key that nothing on this page asks for."""


def _nothing() -> None:
    """A trigger runs the page again, or is read from the component's result."""
