"""The Lab's state across reruns: the link, the setup column and the session at the board agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from bnviz import link
from bnviz.broken_link import keep
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.presets import Suggestion
from bnviz.live.component import board
from bnviz.recordings import recording_of
from bnviz.ui import controls
from bnviz.ui.refusals import refuse
from bnviz.ui.session import leave_session, session_of
from bnviz.ui.setup import Setup

KIND = "lab"
SETUP, LINK = "lab.setup", "lab.link"


@dataclass(frozen=True)
class Address:
    """What the address line holds, and the experiment that it stands for."""

    query: Mapping[str, str]
    experiment: Experiment


def open_link_or(default: Experiment) -> None:
    """Set the page to the link that was just opened; without one it stays as it is, and begins with the default.

    What a link cannot mean is named; the rest of it is kept, and the address stays until the reader changes something.
    A reader who moves controls quickly still has the address from before the last move: what was moved counts.
    """
    query, known = st.query_params.to_dict(), st.session_state.get(LINK)
    if known and (not query or query == known.query or controls.moved(st.session_state[SETUP])):
        return
    experiment, wrong = keep(query, default)
    if wrong:
        st.warning("Not all of this link could be opened: " + " ".join(wrong))
    st.session_state[LINK] = Address(query, experiment)
    _show(Setup.of(experiment))


def choose() -> Experiment:
    """Draw the setup column and return the experiment it makes; the link follows."""
    before: Setup = st.session_state[SETUP]
    with st.sidebar:
        setup = controls.setup_column(before)
    try:
        experiment = setup.experiment()
    except InvalidChoice as error:
        refuse(controls.values(before), error)
    address: Address = st.session_state[LINK]
    if not address.query or experiment != address.experiment:
        address = st.session_state[LINK] = Address(link.to_query(experiment), experiment)
    st.session_state[SETUP] = setup
    if address.query != st.query_params.to_dict():
        st.query_params.from_dict(address.query)
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
