"""A slider that climbs a ladder, where a step up should feel like one; beside it any value in between can be typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from bnviz.wording import written

LADDERS: dict[str, tuple[float, ...]] = {
    "learning_rate": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0, 10.0, 30.0),
    "depth": (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50),
    "width": (2, 4, 8, 16, 32, 64, 100, 128, 256),
    "batch_size": (1, 2, 4, 8, 16, 32, 60, 128, 256, 512),
}
Span = tuple[float, float]


def ladder(key: str, name: str, rungs: Sequence[float], span: Span, meaning: str, **more: Any) -> Any:
    """The value under ``key``, which is set before: a slider over ``rungs``, and beside it a number from ``span``.

    A value from elsewhere becomes a rung, and stays one: the browser knows a rung by its place.
    """
    joined: set[float] = st.session_state.setdefault(f"{key}.rungs", set())
    joined.add(st.session_state[key])
    with _beside(key):
        value = st.select_slider(
            name, sorted({*rungs, *joined}), st.session_state[key], key=key, help=meaning,
            format_func=lambda rung: written(rung, "g"), **more,
        )  # fmt: skip
        _exact(key, name, span, whole=all(isinstance(rung, int) for rung in rungs))
    return value


def count(key: str, name: str, shown: int, most: int, meaning: str, **more: Any) -> int:
    """The whole number under ``key``, from 1: a slider up to ``shown``, and beside it a number up to ``most``."""
    with _beside(key):
        value: int = st.slider(
            name, 1, max(shown, st.session_state[key]), st.session_state[key], key=key, help=meaning, **more
        )  # fmt: skip
        _exact(key, name, (1, most), whole=True)
    return value


def _beside(key: str) -> Any:
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"ladder.{key}")


def _exact(key: str, name: str, span: Span, whole: bool) -> None:
    """An empty field that shows the value quietly; what is typed goes to the slider, and the field is empty again.

    Two widgets that both kept the value would not agree while a reader is faster than the network.
    """
    low, high = span
    more: dict[str, Any] = {"format": None, "step": 1} if whole else {"format": "%g"}
    st.number_input(
        f"{name}, as a number", int(low) if whole else float(low), int(high) if whole else float(high), value=None,
        key=f"{key}.exact", on_change=_typed, args=(key,), placeholder=written(st.session_state[key], "g"),
        label_visibility="collapsed", width=64, **more,
    )  # fmt: skip


def _typed(key: str) -> None:
    value = st.session_state[f"{key}.exact"]
    if value is not None:
        st.session_state[key], st.session_state[f"{key}.exact"] = value, None
