"""What a reader has guessed and answered, kept over a reload in the browser's own storage, and not on the server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from bnviz.live.component import keep

SESSION, CHANGED, TAKEN = "keep.session", "keep.changed", "keep.taken"


def changed() -> None:
    """Something was guessed or answered: it will be kept."""
    st.session_state[CHANGED] = True


def remember(parts: Mapping[str, tuple[Callable[[], Any], Callable[[Any], None]]]) -> None:
    """Keep what these parts say, and give them what an earlier visit kept: name to (what it is now, what takes it).

    What is found is whatever a client sent: each part takes what it knows and leaves the rest. It is taken before the
    page runs, so that what is kept next is all of it, with what was done before it came.
    """
    session = st.session_state.setdefault(SESSION, secrets.token_hex(8))
    now = {name: say() for name, (say, _) in parts.items()} if CHANGED in st.session_state else None

    def take_all(found: Any) -> None:
        is_news, st.session_state[TAKEN] = TAKEN not in st.session_state, True
        if is_news and isinstance(found, Mapping):
            for name, (_, take) in parts.items():
                take(found.get(name))
            changed()

    with st.container(key="keep"):  # takes no room
        keep(session, now, TAKEN in st.session_state, take_all)
