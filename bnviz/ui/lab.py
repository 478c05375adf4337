"""The Lab's state across reruns: the link, the setup column and the session at the board agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from bnviz import link, view_link
from bnviz.broken_link import keep
from bnviz.charts.catalog import CHARTS
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.presets import Suggestion, stop_of
from bnviz.live.component import Mode, board
from bnviz.live.session import Session
from bnviz.recordings import recording_of
from bnviz.snapshot import History
from bnviz.ui import controls, own_data, saved_run
from bnviz.ui.address import say_wrong
from bnviz.ui.refusals import refuse
from bnviz.ui.session import leave_session, session_of
from bnviz.ui.setup import Setup
from bnviz.view_link import View
from bnviz.wording import plural

KIND = "lab"
SETUP, LINK = "lab.setup", "lab.link"
ANEW, ARRIVALS, TOLD, WRONG = "lab.anew", "lab.arrivals", "lab.told", "lab.wrong"
"""Whether what was asked for begins anew; how often a reader was taken to the board; whether the board has news; what
could not be opened of a link."""
NAMES = (*CHARTS, *controls.NAMES)
"""What a link may show and hide."""


@dataclass(frozen=True)
class Address:
    """What the address line holds, the experiment that it stands for, and how that is to be shown."""

    query: Mapping[str, str]
    experiment: Experiment
    view: View = field(default_factory=View)

    @classmethod
    def of(cls, experiment: Experiment, view: View) -> Address:
        """The address of an experiment that is shown so."""
        return cls(link.to_query(experiment) | view.to_query(), experiment, view)


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
    view, rest, wrong = view_link.from_query(query, NAMES)
    if view.playlist and not link.names_experiment(rest):
        view = replace(view, at=view.at or 1)
        rest = view_link.from_query(view.playlist[view.at - 1].query, NAMES)[1]
    experiment, more = keep(rest, default)
    experiment, lost = own_data.without_what_is_gone(experiment, default)
    st.session_state[WRONG] = [*wrong, *more, *lost, *_shown_in_vain(view, experiment)]
    st.session_state[LINK], st.session_state[ANEW] = Address(query, experiment, view), known is not None
    _show(Setup.of(experiment))


def _shown_in_vain(view: View, experiment: Experiment) -> list[str]:
    empty = [name for name in view.show if name in CHARTS and not CHARTS[name].shows(experiment)]
    if not empty:
        return []
    names = ", ".join(empty)
    return [plural(len(empty), "{names} has nothing to show here.", "{names} have nothing to show here.", names=names)]


def view() -> View:
    """How what is on the page is to be shown."""
    address: Address = st.session_state[LINK]
    return address.view


def change_view(**words: Any) -> None:
    """Show what is on the page otherwise; the address says so, too."""
    address: Address = st.session_state[LINK]
    st.session_state[LINK] = Address.of(address.experiment, replace(address.view, **words))
    _told()


def choose(set_up: Callable[[Setup], Setup] | None = None, is_addressed: bool = True) -> Experiment:
    """Draw the setup, let the board show what it makes (recorded at first, live on play), and return that.

    Where nobody else has a ``set_up``, it is the column in the sidebar, with the place for a saved run below.

    The link is that of what is on the board: a rate that was set on the way is in it as soon as the run has obeyed.
    Where the page is not ``is_addressed``, its address stays as it was opened.
    """
    say_wrong(*st.session_state.pop(WRONG, ()))
    setup, brought = (set_up(st.session_state[SETUP]), None) if set_up else _column()
    before: Setup = st.session_state[SETUP]
    own = session()
    try:
        wish = setup.experiment()
        anew, opened = st.session_state.get(ANEW, False), saved_run.opened()
        recording = opened if opened and opened.experiment == wish else recording_of(wish)
        told = brought is not None
        own.load(wish, recording=recording, goal=stop_of(wish), anew=anew or told, told=told)
    except InvalidChoice as error:
        refuse(controls.values(before), error)
    st.session_state[ANEW] = False
    if not set_up:
        with st.sidebar:
            saved_run.tell(own.recording)
    shown = own.experiment or wish
    if shown != wish and shown.settled() == wish.settled():
        setup = Setup.of(shown)
    st.session_state[SETUP] = setup
    if is_addressed:
        _address(shown)
    return shown


def _column() -> tuple[Setup, History | None]:
    """The controls that the link has left there, and the place for a saved run, and what it brought just now."""
    with st.sidebar:
        above, below = st.container(), st.container()
    with below:
        brought = saved_run.bring()  # first, since it sets what stands above it
    if brought:
        _show(Setup.of(brought.experiment))
    with above:
        return controls.setup_column(st.session_state[SETUP], view().seen(controls.NAMES)), brought


def session() -> Session:
    """What the Lab's board shows, and what was seen of it."""
    return session_of(KIND)


def _address(shown: Experiment) -> None:
    address: Address = st.session_state[LINK]
    if not address.query or shown != address.experiment:
        address = st.session_state[LINK] = Address.of(shown, address.view)
    if address.query != st.query_params.to_dict():
        st.query_params.from_dict(address.query)


def watch(on_pressed: Callable[[str], None], mode: Mode = "", sentence: str = "", charts: Sequence[str] = ()) -> None:
    """The board of what was chosen: with the ``charts`` that are named, else those that the link has left there."""
    board(
        session().token, on_new_seed=_new_seeds, on_lost=lambda: leave_session(KIND), on_goal=_told,
        on_turned=_told, on_pressed=on_pressed, arrivals=st.session_state.get(ARRIVALS, 0), mode=mode,
        charts=charts or _charts(), sentence=sentence,
    )  # fmt: skip


def _charts() -> list[str]:
    """The charts that the link has chosen; none where it says nothing of them."""
    seen = view().seen([*CHARTS])
    return [] if seen == [*CHARTS] else seen


def suggest(suggestions: Sequence[Suggestion]) -> None:
    """What to try next, each a button that sets the whole setup, plays it, and takes the reader to the board."""
    with st.container(key="lab.next"):
        st.markdown("## Try next")
        for column, suggestion in zip(st.columns(len(suggestions)), suggestions, strict=True):
            with column.container(border=True, height="stretch"):
                st.button(
                    f"**{suggestion.title}**", key=f"lab.try.{suggestion.title}", icon=":material/play_arrow:",
                    type="tertiary", on_click=_try, args=(suggestion,),
                )  # fmt: skip
                st.markdown(suggestion.question)


def _try(suggestion: Suggestion) -> None:
    begin(Setup.of(suggestion.experiment))
    st.session_state[ARRIVALS] = st.session_state.get(ARRIVALS, 0) + 1


def begin(setup: Setup) -> None:
    """Set the page to this setup, and play it from its start.

    A reader who presses quickly may still have the address from before.
    """
    _show(setup)
    st.session_state[ANEW] = True
    _told()


def setup_now() -> Setup:
    """What was chosen when the page ran last."""
    setup: Setup = st.session_state[SETUP]
    return setup


def _told() -> None:
    st.session_state[TOLD] = True


def _show(setup: Setup) -> None:
    st.session_state[SETUP] = setup
    controls.show(setup)


def _new_seeds() -> None:
    setup: Setup = st.session_state[SETUP]
    _show(setup.with_new_seeds())
    _told()
