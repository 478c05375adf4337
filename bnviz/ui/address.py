"""What the address line of a page says: a link that its reader followed, or what the page has written there itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from bnviz.wording import sentences

OPEN = "address.open"
"""The page whose link was read when its reader came to it."""


def leave_others(page: str) -> None:
    """Every page says first that it is the one that runs: whoever comes back to another has come anew."""
    if st.session_state.get(OPEN) not in (None, page):
        del st.session_state[OPEN]


def followed(page: str) -> dict[str, str]:
    """The parameters of a link that a reader has just followed here, or gone back or on to; empty where there is none.

    At any other time the line may be older than the page: a browser that is slower than its reader still sends what
    stood there before.
    """
    came = st.session_state.get(OPEN) != page
    st.session_state[OPEN] = page
    return st.query_params.to_dict() if came or _went_through_history() else {}


def keep(page: str, query: Mapping[str, str], shown: Any) -> None:
    """A link stays as its reader wrote it, as long as the page shows what was read from it."""
    st.session_state[f"address.{page}"] = dict(query), shown


def say_wrong(*wrong: str) -> None:
    """What of a link could not be opened, where anything could not: a sentence for each."""
    if wrong:
        st.warning(f"Not all of this link could be opened: {sentences(*wrong)}")


def tell(page: str, query: Mapping[str, str], shown: Any) -> None:
    """Write the link to what the page shows now."""
    kept: tuple[Mapping[str, str], Any] = st.session_state.get(f"address.{page}", ({}, None))
    if kept[1] != shown:
        keep(page, query, shown)
    wanted, _ = st.session_state[f"address.{page}"]
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def _went_through_history() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
