"""A choice that cannot train: the control goes back to what runs, and a sentence beside it says why."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from bnviz.fields import InvalidChoice
from bnviz.ui.setup import Setup
from bnviz.ui.words import in_page_words

REFUSAL = "setup.refusal"


def refuse(wanted: Setup, runs: Setup, error: InvalidChoice) -> NoReturn:
    """Run the page again, which shows what ``runs``, and the reason: a widget cannot be set once it was drawn."""
    moved = next((name for name, value in wanted.shared.items() if value != runs.shared[name]), "arms")
    st.session_state[REFUSAL] = (moved, in_page_words(str(error)))
    st.rerun()


def refused() -> bool:
    """Whether the column has to go back to what runs."""
    return REFUSAL in st.session_state


def say_refusal(name: str) -> None:
    """Below the control of this field: why it could not be moved there, once."""
    moved, sentence = st.session_state.get(REFUSAL, ("", ""))
    if moved == name:
        del st.session_state[REFUSAL]
        st.error(f"Not changed: {sentence}")
