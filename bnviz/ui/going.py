"""Taking a reader to another page, as if a link to it had been pressed: one step of the browser's history.

Streamlit's own way from the server writes the other page's parameters behind the address of this one first, so that a
reader who went back came to a page that never was.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from bnviz.live.component import follow


def go(page: str, query: Mapping[str, str]) -> None:
    """Take the reader to a page, such as ``pages/lab.py``, with these parameters."""
    with st.container(key="go"):  # takes no room
        st.page_link(page, label="Go there", query_params=dict(query))
        follow(dict(query))
