"""The Lab's state across reruns: the link, the setup column and the session at the board agree."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from bnviz import link
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.presets import Suggestion
from bnviz.live.component import board
from bnviz.recordings import recording_of
from bnviz.ui import controls
from bnviz.ui.session import leave_session, session_of
from bnviz.ui.setup import Setup

KIND = "lab"
SETUP, WRITTEN = "lab.setup", "lab.written_link"


def open_link_or(default: Experiment) -> None:
    """Set the page to the link that was just opened; without one it stays as it is, and begins with the default.

    A link that is no experiment is answered with one sentence and the default.
    """
    query = st.query_params.to_dict()
    if query and query != st.session_state.get(WRITTEN):
        try:
            _show(Setup.of(link.from_query(query)))
        except InvalidChoice as error:
            st.warning(f"This link could not be opened: {error} The default experiment is shown instead.")
            _show(Setup.of(default))
    elif SETUP not in st.session_state:
        _show(Setup.of(default))


def choose() -> Experiment:
    """Draw the setup column and return the experiment it makes; the link follows."""
    before: Setup = st.session_state[SETUP]
    with st.sidebar:
        setup = controls.setup_column(before)
        try:
            experiment = setup.experiment()
        except InvalidChoice as error:
            st.error(f"Not changed: {error}")
            return before.experiment()
    st.session_state[SETUP] = setup
    query = st.session_state[WRITTEN] = link.to_query(experiment)
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    return experiment


def watch(experiment: Experiment) -> None:
    """Let this reader's board show the experiment: recorded at first, live on play."""
    session = session_of(KIND)
    session.load(experiment, recording=recording_of(experiment))
    board(session.token, on_new_seed=_new_seeds, on_lost=lambda: leave_session(KIND))


def suggest(suggestions: Sequence[Suggestion]) -> None:
    """What to try next, each a button that sets the whole setup."""
    st.markdown("## Try next")
    for column, suggestion in zip(st.columns(len(suggestions)), suggestions, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{suggestion.title}**  \n{suggestion.question}")
            st.button(
                "Set up", key=f"lab.try.{suggestion.title}", on_click=_show, args=(Setup.of(suggestion.experiment),)
            )


def _show(setup: Setup) -> None:
    st.session_state[SETUP] = setup
    controls.show(setup)


def _new_seeds() -> None:
    setup: Setup = st.session_state[SETUP]
    _show(setup.with_new_seeds())
