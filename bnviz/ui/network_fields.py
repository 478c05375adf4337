"""Widgets for the choices that all networks of a map or a sweep share; each page keeps its own under its own name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from bnviz.run import FIELDS
from bnviz.ui.controls import LADDERS, in_words

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
            chosen[name] = select(page, name, field.label, field.choices, in_words)
        else:
            chosen[name] = ladder(page, name, field.label, LADDERS[name], field.meaning)
    return chosen


def ladder(page: str, name: str, label: str, rungs: Sequence[float], meaning: str) -> Any:
    """A slider that climbs; a value from elsewhere joins its rungs."""
    key = f"{page}.{name}"
    return st.select_slider(
        label, sorted({*rungs, st.session_state[key]}), key=key, help=meaning, persist_state="session",
        format_func=lambda rung: f"{rung:g}",
    )  # fmt: skip


def select(
    page: str, name: str, label: str, options: Sequence[str], words: Callable[[str], str], **more: Any
) -> str:
    """One word of a list."""
    chosen: str = st.selectbox(
        label, options, key=f"{page}.{name}", format_func=words, persist_state="session", **more
    )
    return chosen
