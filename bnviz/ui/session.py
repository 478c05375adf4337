"""What a browser session keeps at the socket: a session for each kind of page, a display for each place on one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from bnviz.live.display import Display
from bnviz.live.session import Session
from bnviz.live.sessions import open_display, open_session

T = TypeVar("T")


def session_of(kind: str) -> Session:
    """This session's session for a kind of page."""
    return _opened(f"{kind}.session", open_session)


def display_of(place: str) -> Display:
    """This session's display for a place on a page."""
    return _opened(f"{place}.display", open_display)


def _opened(key: str, make: Callable[[str], T]) -> T:
    """What this session keeps under a key, made when it is first needed."""
    if key not in st.session_state:
        st.session_state[key] = make(user())
    found: T = st.session_state[key]
    return found


def user() -> str:
    """Who this session is to the service: a name that says nothing, and that no page is told."""
    name: str = st.session_state.setdefault("user", secrets.token_hex(8))
    return name


def leave_session(kind: str) -> None:
    """Forget the session, because nobody knows its token any more; the next ``session_of`` takes another."""
    st.session_state.pop(f"{kind}.session", None)
