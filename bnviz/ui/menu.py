"""A list of words to choose from, and what stands in it; of what no browser sends nothing is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from bnviz.fields import Field, InvalidChoice
from bnviz.own_words import own_set


def menu_of(field: Field, chosen: object, others: Iterable[str] = ()) -> list[str]:
    """The words of a field, and behind them ``others``, and what is ``chosen`` where that is data of one's own."""
    own = [str(chosen)] if field.name == "dataset" and _names_data(chosen) else []
    return list(dict.fromkeys([*field.choices, *others, *own]))


def select(key: str, label: str, options: Sequence[str], words: Callable[[str], str], **more: Any) -> str:
    """The word under ``key``, which is set before, out of a list; what is no word of it becomes the first one."""
    if st.session_state[key] not in options:
        st.session_state[key] = options[0]
    chosen: str = st.selectbox(
        label, options, options.index(st.session_state[key]), key=key, format_func=words, **more
    )  # fmt: skip
    return chosen


def _names_data(word: object) -> bool:
    try:
        return isinstance(word, str) and bool(own_set(word))
    except InvalidChoice:
        return False
