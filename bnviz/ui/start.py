"""The way in: five scenes, each a picture that fills the screen, a sentence and one control."""

from __future__ import annotations

import streamlit as st

from bnviz import link
from bnviz.experiment import Experiment
from bnviz.lessons.story import STORY, Scene
from bnviz.live.component import board
from bnviz.recordings import recording_of
from bnviz.ui.session import leave_session, session_of

KIND, AT = "start", "start.scene"


def show() -> None:
    """The rail, and the scene that the reader has come to."""
    st.session_state.setdefault(AT, 0)
    with st.container(horizontal=True, vertical_alignment="center", key="start.rail"):
        st.segmented_control(
            "Scene", range(len(STORY)), key=AT, format_func=lambda at: f"{at + 1}. {STORY[at].title}", required=True,
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        at = int(st.session_state[AT] or 0)
        st.button("Back", key="start.back", on_click=_go, args=(at - 1,), disabled=at == 0)
        st.button("Next", key="start.next", type="primary", on_click=_go, args=(at + 1,), disabled=at + 1 == len(STORY))
    with st.container(key="scene"):
        experiment = _scene(at, STORY[at])
    with st.container(horizontal=True, key="start.way"):
        if at + 1 == len(STORY):
            st.page_link("pages/covariate_shift.py", label="Find out yourself: the first lesson")
            st.page_link("pages/map.py", label="The map")
        st.page_link("pages/lab.py", label="Run it here: open it in the Lab", query_params=link.to_query(experiment))


def _scene(at: int, scene: Scene) -> Experiment:
    """The sentence with its control, and the picture; returns what the picture shows."""
    words = list(scene.choices)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(f"### {scene.sentence}", width="content")
        chosen = words[0]
        if len(words) > 1:
            chosen = st.segmented_control(
                scene.control, words, key=f"start.choice.{at}", default=words[0], required=True, width="content",
                persist_state="session",
            ) or words[0]  # fmt: skip
    experiment, charts = scene.choices[chosen], (scene.chart,)
    session = session_of(KIND)
    session.load(
        experiment, recording=recording_of(experiment, charts, scene.stop), charts=charts, goal=scene.stop
    )  # fmt: skip
    board(session.token, on_new_seed=lambda: None, on_lost=lambda: leave_session(KIND), mode="picture")
    return experiment


def _go(at: int) -> None:
    st.session_state[AT] = at
