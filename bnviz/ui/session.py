"""A browser session's sessions at the board: one for each kind of page, taken when it is first needed."""

from __future__ import annotations

import secrets

import streamlit as st

from bnviz.live.session import Session
from bnviz.live.sessions import open_session


def session_of(kind: str) -> Session:
    """This session's session for a kind of page."""
    key = f"{kind}.session"
    if key not in st.session_state:
        st.session_state[key] = open_session(user())
    session: Session = st.session_state[key]
    return session


def user() -> str:
    """Who this session is to the service: a name that says nothing, and that no page is told."""
    name: str = st.session_state.setdefault("user", secrets.token_hex(8))
    return name


def leave_session(kind: str) -> None:
    """Forget the session, because nobody knows its token any more; the next ``session_of`` takes another."""
    st.session_state.pop(f"{kind}.session", None)
