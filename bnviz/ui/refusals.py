"""A choice that cannot train: the control goes back to what runs, and a sentence beside it says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st

from bnviz.about import in_page_words
from bnviz.fields import InvalidChoice

REFUSAL, RUNS = "refusal", "refusal.runs"


def refuse(runs: Mapping[str, Any], error: InvalidChoice) -> NoReturn:
    """Run the page again, whose widgets then show what ``runs``, key to value: once drawn they cannot be set."""
    moved = [key for key, value in runs.items() if st.session_state.get(key, value) != value]
    st.session_state[RUNS] = dict(runs)
    st.session_state[REFUSAL] = (moved[0] if moved else "", in_page_words(str(error)))
    st.rerun()


def put_back() -> None:
    """Before any widget is drawn: those of a refused choice go back to what runs."""
    st.session_state.update(st.session_state.pop(RUNS, {}))


def say_refusal(key: str) -> None:
    """Below the widget of this key: why it could not be moved there, once."""
    moved, sentence = st.session_state.get(REFUSAL, ("", ""))
    if moved == key:
        del st.session_state[REFUSAL]
        st.error(f"Not changed: {sentence}")
