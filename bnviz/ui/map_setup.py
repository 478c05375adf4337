"""The setup column of the map page: two axes with their ranges, two arms, what they share, and how fine."""

from __future__ import annotations

import streamlit as st

from bnviz.axes import RANGES, Axis
from bnviz.charts.shades import SHADES
from bnviz.choices import ARMS
from bnviz.experiment import Experiment, arm_label
from bnviz.fields import InvalidChoice
from bnviz.run import FIELDS, Run
from bnviz.sweeps import MOST_STEPS, Map
from bnviz.ui.ladders import ladder
from bnviz.ui.network_fields import SHARED, begin, select, shared_fields

START = Map(
    Experiment(
        arms={
            name: Run(
                dataset="spirals", depth=6, width=16, activation="relu", init="he", batch_size=64, normalization=kind
            )
            for name, kind in (("plain", "none"), ("bn", "batch"))
        },
        seeds=(0,),
    ),
    Axis("learning_rate", 1e-3, 100.0, log=True),
    Axis("init_scale", 0.01, 100.0, log=True),
)
"""The map that a reader meets: learning rate across, initial scale up, 6 x 16 ReLU on spirals, plain beside BN."""

STEPS = (50, 100, 200, 500, 1000)
FINE = (32, 64, 128)
QUANTITIES = {
    "test_accuracy": "Final accuracy", "test_loss": "Final loss", "diverged_at": "Step of divergence",
    "gradient_norm": "Gradient norm", "distribution_shift": "Distribution shift", "train_loss": "Training loss",
}  # fmt: skip


def key(name: str) -> str:
    """The name under which a widget of this column keeps its value."""
    return f"map.{name}"


def quantity() -> str:
    """What is shown as colour."""
    return str(st.session_state.get(key("quantity"), "test_accuracy"))


def set_ranges(x: Axis, y: Axis) -> None:
    """Set the ranges of both axes; call before the column is drawn."""
    for side, axis in (("x", x), ("y", y)):
        st.session_state[key(f"{side}.low")] = axis.low
        st.session_state[key(f"{side}.high")] = axis.high


def setup_column() -> Map | None:
    """Draw the column and return the map it makes; None, with a sentence, where these choices make none."""
    _begin()
    st.markdown("##### Axes")
    try:
        axes = {side: _axis(side, label) for side, label in (("x", "Across"), ("y", "Up"))}
        st.markdown("##### Networks")
        arms = [select("map", side, side.capitalize(), list(ARMS), arm_label) for side in ("left", "right")]
        shared = shared_fields("map", [axis.field for axis in axes.values()])
        st.markdown("##### Picture")
        select("map", "quantity", "Colour", list(QUANTITIES), QUANTITIES.__getitem__)
        steps = ladder(
            key("steps"), "Steps", STEPS, (1, MOST_STEPS), "How many steps each network takes before it is judged.",
            persist_state="session",
        )  # fmt: skip
        fine = st.segmented_control(
            "Pixels", FINE, key=key("cells"), required=True, width="stretch", persist_state="session",
            format_func=lambda cells: f"{cells} x {cells}", help="How many networks across and up, of each arm.",
        )  # fmt: skip
        base = START.experiment.arms["plain"].replace(**shared)
        runs = {arm: base.replace(normalization=ARMS[arm]) for arm in arms}
        return Map(Experiment(arms=runs, seeds=(0,)), axes["x"], axes["y"], cells=fine or START.cells, steps=steps)
    except InvalidChoice as error:
        st.error(f"This makes no map: {error}")
        return None


def _begin() -> None:
    run = START.experiment.arms["plain"]
    begin("map", {
        "x": START.x.field, "y": START.y.field, "x.low": START.x.low, "x.high": START.x.high,
        "y.low": START.y.low, "y.high": START.y.high, "left": "plain", "right": "bn", "quantity": next(iter(SHADES)),
        "steps": START.steps, "cells": START.cells, **{name: getattr(run, name) for name in SHARED},
    })  # fmt: skip


def _axis(side: str, label: str) -> Axis:
    field = select(
        "map", side, label, list(RANGES), lambda name: FIELDS[name].label, on_change=_reset_range, args=(side,)
    )
    info = FIELDS[field]
    low, high = st.columns(2)
    ends = [
        column.number_input(
            word, float(info.low or 0), float(info.high or 0), key=key(f"{side}.{end}"), format="%.4g",
            persist_state="session", help=f"Allowed: {info.allowed}.",
        )
        for column, word, end in ((low, "from", "low"), (high, "to", "high"))
    ]  # fmt: skip
    return Axis(field, ends[0], ends[1], log=RANGES[field][2] and ends[0] > 0)


def _reset_range(side: str) -> None:
    """Another field: its own range. What is no field is refused where the axis is made."""
    field = st.session_state[key(side)]
    if field not in RANGES:
        return
    low, high, _ = RANGES[field]
    st.session_state[key(f"{side}.low")], st.session_state[key(f"{side}.high")] = float(low), float(high)
