"""The Lab's state across reruns: the link, the setup column and the session at the board agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from bnviz import link
from bnviz.broken_link import keep
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.presets import Suggestion, stop_of
from bnviz.live.component import board
from bnviz.recordings import recording_of
from bnviz.ui import controls
from bnviz.ui.refusals import refuse
from bnviz.ui.session import leave_session, session_of
from bnviz.ui.setup import Setup

KIND = "lab"
SETUP, LINK = "lab.setup", "lab.link"
ANEW, ARRIVALS, TOLD = "lab.anew", "lab.arrivals", "lab.told"
"""Whether what was asked for begins anew; how often a reader was taken to the board; whether the board has news."""


@dataclass(frozen=True)
class Address:
    """What the address line holds, and the experiment that it stands for."""

    query: Mapping[str, str]
    experiment: Experiment


def introduce() -> None:
    """What to look for, and where somebody begins who has never heard of it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lab.introduction"):
        st.markdown(
            "While a network learns, what its layers receive keeps moving: *internal covariate shift*. Watch whether "
            "the rivers below keep their beds."
        )
        st.page_link("pages/start.py", label="New here? Three minutes")
        st.page_link("pages/covariate_shift.py", label="Lesson 1")


def open_link_or(default: Experiment) -> None:
    """Set the page to the link that was just opened; without one it stays as it is, and begins with the default.

    What a link cannot mean is named; the rest of it is kept, and the address stays until the reader changes something.
    A reader who moves controls quickly still has the address from before the last move: what was moved counts. So has
    a board that tells something.
    """
    query, known = st.query_params.to_dict(), st.session_state.get(LINK)
    told = st.session_state.pop(TOLD, False)
    if known and (told or not query or query == known.query or controls.moved(st.session_state[SETUP])):
        return
    experiment, wrong = keep(query, default)
    if wrong:
        st.warning("Not all of this link could be opened: " + " ".join(wrong))
    st.session_state[LINK], st.session_state[ANEW] = Address(query, experiment), known is not None
    _show(Setup.of(experiment))


def choose() -> Experiment:
    """Draw the setup column, let the board show what it makes (recorded at first, live on play), and return that.

    The link is that of what is on the board: a rate that was set on the way is in it as soon as the run has obeyed.
    """
    before: Setup = st.session_state[SETUP]
    with st.sidebar:
        setup = controls.setup_column(before)
    session = session_of(KIND)
    try:
        wish = setup.experiment()
        anew = st.session_state.get(ANEW, False)
        session.load(wish, recording=recording_of(wish), goal=stop_of(wish), anew=anew)
    except InvalidChoice as error:
        refuse(controls.values(before), error)
    st.session_state[ANEW] = False
    shown = session.experiment or wish
    if shown != wish and shown.settled() == wish.settled():
        setup = Setup.of(shown)
    st.session_state[SETUP] = setup
    address: Address = st.session_state[LINK]
    if not address.query or shown != address.experiment:
        address = st.session_state[LINK] = Address(link.to_query(shown), shown)
    if address.query != st.query_params.to_dict():
        st.query_params.from_dict(address.query)
    return shown


def watch() -> None:
    """The board of what was chosen."""
    board(
        session_of(KIND).token, on_new_seed=_new_seeds, on_lost=lambda: leave_session(KIND), on_goal=_told,
        on_turned=_told, arrivals=st.session_state.get(ARRIVALS, 0),
    )  # fmt: skip


def suggest(suggestions: Sequence[Suggestion]) -> None:
    """What to try next, each a button that sets the whole setup, plays it, and takes the reader to the board."""
    st.markdown("## Try next")
    for column, suggestion in zip(st.columns(len(suggestions)), suggestions, strict=True):
        with column.container(border=True, height="stretch"):
            st.button(
                f"**{suggestion.title}**", key=f"lab.try.{suggestion.title}", icon=":material/play_arrow:",
                type="tertiary", on_click=_try, args=(suggestion,),
            )  # fmt: skip
            st.markdown(suggestion.question)


def _try(suggestion: Suggestion) -> None:
    _show(Setup.of(suggestion.experiment))
    st.session_state[ANEW] = True
    st.session_state[ARRIVALS] = st.session_state.get(ARRIVALS, 0) + 1


def _told() -> None:
    st.session_state[TOLD] = True


def _show(setup: Setup) -> None:
    st.session_state[SETUP] = setup
    controls.show(setup)


def _new_seeds() -> None:
    setup: Setup = st.session_state[SETUP]
    _show(setup.with_new_seeds())
