"""The way in: five scenes, each a picture that fills the screen, a sentence and one control."""

from __future__ import annotations

from functools import partial

import streamlit as st

from bnviz import link
from bnviz.experiment import Experiment
from bnviz.lessons.story import STORY, Scene
from bnviz.live.component import arrows, board
from bnviz.recordings import recording_of
from bnviz.ui import frame
from bnviz.ui.maps.recorded import show_recorded_map
from bnviz.ui.session import leave_session, session_of

KIND, AT = "start", "start.scene"
ASKED, SHOWN = "start.asked", "start.shown"
"""What the address said when the page ran last, and the scene that was shown then."""
NUMBERS = [str(number) for number in range(1, len(STORY) + 1)]


def show() -> None:
    """The rail, and the scene that the reader has come to."""
    at = st.session_state[AT] = _come_to()
    with st.container(horizontal=True, vertical_alignment="center", key="start.rail"):
        st.segmented_control(
            "Scene", range(len(STORY)), key=AT, format_func=lambda at: f"{at + 1}. {STORY[at].title}", required=True,
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        st.button("Back", key="start.back", on_click=_go, args=(at - 1,), disabled=at == 0)
        st.button("Next", key="start.next", type="primary", on_click=_go, args=(at + 1,), disabled=at + 1 == len(STORY))
    with st.container(key="scene"):
        experiment = _scene(at, STORY[at])
    with st.container(horizontal=True, key="start.way"):
        if at + 1 == len(STORY):
            st.page_link("pages/covariate_shift.py", label="Find out yourself: the first lesson")
            st.page_link("pages/map.py", label="The map")
        if experiment:
            st.page_link("pages/lab.py", label="Open it in the Lab", query_params=link.to_query(experiment))


def _come_to() -> int:
    """The scene of the rail, unless the address has changed by itself: it was opened, or is that of before.

    A reader who comes back from another page finds the scene that was left. The first scene needs no number.
    """
    at, asked = int(st.session_state.get(AT) or 0), st.query_params.get("scene", "")
    comes_back = frame.has_arrived() and not asked
    if asked != st.session_state.get(ASKED, "") and at == st.session_state.get(SHOWN, at) and not comes_back:
        at = NUMBERS.index(asked) if asked in NUMBERS else 0
    elif at:
        st.query_params["scene"] = asked = NUMBERS[at]
    elif asked:
        asked = ""
        del st.query_params["scene"]
    st.session_state[ASKED], st.session_state[SHOWN] = asked, at
    return at


def _scene(at: int, scene: Scene) -> Experiment | None:
    """The sentence with its control, and the picture; returns the experiment that the picture shows, if it is one."""
    words, back, on = list(scene.choices), partial(_go, at - 1), partial(_go, at + 1)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(f"## {scene.sentence}", width="content")
        if len(words) > 1:
            st.segmented_control(
                scene.control, words, key=f"start.choice.{at}", default=words[0], required=True, width="content",
                persist_state="session",
            )  # fmt: skip
    if not words:
        show_recorded_map(KIND, fills=True)
        arrows(back, on)
        return None
    experiment = scene.choices[st.session_state.get(f"start.choice.{at}") or words[0]]
    charts = (scene.chart, *scene.below)
    session = session_of(KIND)
    session.load(
        experiment, recording=recording_of(experiment, charts, scene.stop), charts=charts, goal=scene.stop,
        told=True,
    )  # fmt: skip
    board(
        session.token, on_new_seed=lambda: None, on_lost=lambda: leave_session(KIND), mode="picture-here",
        on_back=back, on_next=on,
    )  # fmt: skip
    return experiment


def _go(at: int) -> None:
    """To this scene, if there is one."""
    if 0 <= at < len(STORY):
        st.session_state[AT] = at
