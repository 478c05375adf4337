"""A browser session's seats at the board: one for each kind of page, taken when it is first needed."""

from __future__ import annotations

import secrets

import streamlit as st

from bnviz.live.seats import Seat, take_seat


def seat_of(kind: str) -> Seat:
    """This session's seat for a kind of page."""
    key = f"{kind}.seat"
    if key not in st.session_state:
        st.session_state[key] = take_seat(user())
    seat: Seat = st.session_state[key]
    return seat


def user() -> str:
    """Who this session is to the service: a name that says nothing, and that no page is told."""
    name: str = st.session_state.setdefault("user", secrets.token_hex(8))
    return name


def leave_seat(kind: str) -> None:
    """Forget the seat, because nobody knows its token any more; the next ``seat_of`` takes another."""
    st.session_state.pop(f"{kind}.seat", None)
