"""What a browser session keeps at the socket: a session for each kind of page, a display for each place on one."""

from __future__ import annotations

import secrets

import streamlit as st

from bnviz.live.display import Display
from bnviz.live.session import Session
from bnviz.live.sessions import open_display, open_session


def session_of(kind: str) -> Session:
    """This session's session for a kind of page."""
    key = f"{kind}.session"
    if key not in st.session_state:
        st.session_state[key] = open_session(user())
    session: Session = st.session_state[key]
    return session


def display_of(place: str) -> Display:
    """This session's display for a place on a page, taken when it is first needed."""
    key = f"{place}.display"
    if key not in st.session_state:
        st.session_state[key] = open_display(user())
    display: Display = st.session_state[key]
    return display


def user() -> str:
    """Who this session is to the service: a name that says nothing, and that no page is told."""
    name: str = st.session_state.setdefault("user", secrets.token_hex(8))
    return name


def leave_session(kind: str) -> None:
    """Forget the session, because nobody knows its token any more; the next ``session_of`` takes another."""
    st.session_state.pop(f"{kind}.session", None)
