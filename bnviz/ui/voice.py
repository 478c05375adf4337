"""What came of a reader's press, for those who do not see the page: said aloud once, when the page has run."""

from __future__ import annotations

import streamlit as st

from bnviz.live.component import say

SAID = "voice.said"


def begin() -> None:
    """A page begins: nothing of it was said yet."""
    st.session_state[SAID] = []


def announce(*words: str) -> None:
    """Say these words, if they were not there when the page ran the last time."""
    st.session_state.setdefault(SAID, []).extend(words)


def speak() -> None:
    """The page is at its end: what was collected on the way is handed to the browser."""
    words = [" ".join(word.replace("*", "").split()) for word in st.session_state.pop(SAID, [])]
    with st.container(key="voice"):  # takes no room
        say(words)
