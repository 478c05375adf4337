"""Widgets for what the networks of a map or a sweep share; each page keeps its own values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

import streamlit as st

from bnviz.experiment import Experiment
from bnviz.run import FIELDS, said
from bnviz.ui.ladders import LADDERS, ladder
from bnviz.ui.menu import menu_of, select
from bnviz.ui.setup import Setup
from bnviz.ui.words import as_written, explained

SHARED = ("dataset", "activation", "depth", "width", "batch_size", "learning_rate", "init", "optimizer")


def put(page: str, values: Mapping[str, Any]) -> None:
    """Set widgets, by name; call before they are drawn."""
    st.session_state.update({f"{page}.{name}": value for name, value in values.items()})


def values_of(experiment: Experiment) -> dict[str, Any]:
    """What the widgets show of an experiment, by name."""
    setup = Setup.of(experiment)
    return {"arms": list(setup.own), **{name: setup.shared[name] for name in SHARED}}


def shared_fields(page: str, setup: Setup, without: Collection[str]) -> Setup:
    """What all networks have in common, save the fields that an axis gives, and what a link says beyond that."""
    for name in SHARED:
        if name not in without and not setup.differs_by_arm(name):
            setup = setup.with_field(name, _widget(page, name))
    others = [*_beyond(setup, without)]
    if others:
        st.caption(f"As the link says: {', '.join(others)}.")
    return setup


def _widget(page: str, name: str) -> Any:
    field, key = FIELDS[name], f"{page}.{name}"
    if field.choices:
        menu = menu_of(field, st.session_state[key])
        return select(
            key, field.label, menu, partial(as_written, field), help=explained(field), persist_state="session"
        )
    return ladder(
        key, field.label, LADDERS[name], (field.low or 0, field.high or 0), field.meaning,
        persist_state="session",
    )  # fmt: skip


def _beyond(setup: Setup, without: Collection[str]) -> Iterator[str]:
    for name, field in FIELDS.items():
        if name in without or name == "normalization":
            continue
        if setup.differs_by_arm(name):
            yield f"{field.label.lower()} differs by network"
        elif name not in SHARED and setup.shared[name] != field.default:
            yield said(name, setup.shared[name])
