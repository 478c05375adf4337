"""Widgets for the choices that all networks of a map or a sweep share; each page keeps its own under its own name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from bnviz.run import FIELDS
from bnviz.ui.ladders import LADDERS, ladder
from bnviz.ui.words import as_written, explained

SHARED = ("dataset", "activation", "depth", "width", "batch_size", "learning_rate", "init", "optimizer")


def begin(page: str, values: Mapping[str, Any]) -> None:
    """The values of a first visit; what a reader has chosen since stays."""
    for name, value in values.items():
        st.session_state.setdefault(f"{page}.{name}", value)


def shared_fields(page: str, without: Collection[str]) -> dict[str, Any]:
    """What all networks have in common, save the fields that an axis gives."""
    chosen: dict[str, Any] = {}
    for name in SHARED:
        field = FIELDS[name]
        if name in without:
            continue
        if field.choices:
            written = partial(as_written, field)
            chosen[name] = select(page, name, field.label, field.choices, written, help=explained(field))
        else:
            chosen[name] = ladder(
                f"{page}.{name}", field.label, LADDERS[name], (field.low or 0, field.high or 0), field.meaning,
                persist_state="session",
            )  # fmt: skip
    return chosen


def select(
    page: str, name: str, label: str, options: Sequence[str], words: Callable[[str], str], **more: Any
) -> str:
    """One word of a list."""
    chosen: str = st.selectbox(
        label, options, key=f"{page}.{name}", format_func=words, persist_state="session", **more
    )
    return chosen
