"""The setup column of the map page: two axes with their ranges, the networks, and how fine the picture is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from bnviz.axes import RANGES, Axis
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView
from bnviz.run import FIELDS
from bnviz.sweeps import MOST_STEPS, Map
from bnviz.ui import frame
from bnviz.ui.arms import arms
from bnviz.ui.ladders import ladder
from bnviz.ui.menu import select
from bnviz.ui.network_fields import put, shared_fields, values_of
from bnviz.ui.setup import Setup
from bnviz.wording import word

STEPS = (50, 100, 200, 500, 1000)
FINE = (32, 64, 128)
QUANTITIES = {
    "test_accuracy": "Final accuracy", "test_loss": "Final loss", "diverged_at": "Step of divergence",
    "gradient_norm": "Gradient norm", "distribution_shift": "Distribution shift", "train_loss": "Training loss",
}  # fmt: skip


def key(name: str) -> str:
    """The name under which a widget of this column keeps its value."""
    return f"map.{name}"


def show(drawn: Map, quantity: str) -> None:
    """Set every widget to a map; call before the column is drawn."""
    axes: dict[str, Any] = {}
    for side, axis in (("x", drawn.x), ("y", drawn.y)):
        axes |= {side: axis.field, f"{side}.low": float(axis.low), f"{side}.high": float(axis.high)}
    picture = {"quantity": quantity, "steps": drawn.steps, "cells": drawn.cells}
    put("map", axes | picture | values_of(drawn.experiment))


def setup_column(before: Map) -> GridView[Map] | None:
    """Draw the column and return what it makes of the map before; None, with a sentence, where that is no map."""
    frame.part("Axes")
    try:
        x, y = _axis("x", "Across", before.x), _axis("y", "Up", before.y)
        frame.part("Networks")
        setup = Setup.of(before.experiment)
        setup = setup.with_arms(arms(key("arms"), setup, persist_state="session"))
        setup = shared_fields("map", setup, [x.field, y.field])
        frame.part("Picture")
        colours = list(QUANTITIES)
        quantity = select(key("quantity"), "Colour", colours, QUANTITIES.__getitem__, persist_state="session")
        steps = ladder(
            key("steps"), "Steps", STEPS, (1, MOST_STEPS), "How many steps each network takes before it is judged.",
            persist_state="session",
        )  # fmt: skip
        fine = st.segmented_control(
            "Pixels", sorted({*FINE, before.cells}), key=key("cells"), required=True, width="stretch",
            persist_state="session", format_func=lambda cells: f"{cells} x {cells}",
            help="How many networks across and up, of each arm.",
        )  # fmt: skip
        drawn = replace(before, experiment=setup.experiment(), x=x, y=y, cells=fine or before.cells, steps=steps)
        return GridView(drawn, quantity)
    except InvalidChoice as error:
        st.error(f"This makes no map: {error}")
        return None


def _axis(side: str, label: str, before: Axis) -> Axis:
    field = select(
        key(side), label, list(RANGES), lambda name: FIELDS[name].label, on_change=_reset_range, args=(side,),
        persist_state="session",
    )  # fmt: skip
    info = FIELDS[field]
    low, high = st.columns(2)
    shown = f"%.{before.digits if before.field == field and before.digits > 5 else 4}g"
    ends = [
        column.number_input(
            word, float(info.low or 0), float(info.high or 0), key=key(f"{side}.{end}"), format=shown,
            persist_state="session", help=f"Allowed: {info.allowed}.",
        )
        for column, word, end in ((low, word("from"), "low"), (high, word("to"), "high"))
    ]  # fmt: skip
    log = before.log if field == before.field and before.low > 0 else RANGES[field][2]
    return Axis(field, ends[0], ends[1], log=log and ends[0] > 0)


def _reset_range(side: str) -> None:
    """Another field: its own range. What is no field is refused where the axis is made."""
    field = st.session_state[key(side)]
    if field not in RANGES:
        return
    low, high, _ = RANGES[field]
    st.session_state[key(f"{side}.low")], st.session_state[key(f"{side}.high")] = float(low), float(high)
