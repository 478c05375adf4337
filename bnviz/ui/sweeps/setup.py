"""The setup column of the sweep page: which field along x, its values, the arms, seeds, steps, and what all share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from bnviz.axes import RANGES, axis
from bnviz.experiment import MOST_SEEDS
from bnviz.fields import InvalidChoice, quoted
from bnviz.grid_link import values_to_text
from bnviz.lessons.grids import PRESETS
from bnviz.run import FIELDS
from bnviz.sweeps import MOST_STEPS, Sweep
from bnviz.ui import frame
from bnviz.ui.arms import arms
from bnviz.ui.ladders import count, ladder
from bnviz.ui.menu import select
from bnviz.ui.network_fields import put, shared_fields
from bnviz.ui.network_fields import values_of as network_values
from bnviz.ui.setup import Setup

STEPS = (100, 200, 300, 500, 1000, 2000)
MOST_VALUES = 40


def show(sweep: Sweep, quantity: str) -> None:
    """Set every widget to a sweep over one field; call before they are drawn."""
    ((field, values),) = sweep.axes.items()
    own: dict[str, Any] = {"field": field, "values": _listed(values), "seeds": len(sweep.experiment.seeds)}
    put("sweep", own | {"steps": sweep.steps, "quantity": quantity} | network_values(sweep.experiment))


def over_one_field(sweep: Sweep, default: Sweep) -> tuple[Sweep, list[str]]:
    """The sweep that this page can show: over one field, of numbers, in order; and why, where that is another one."""
    try:
        fields = ", ".join(sweep.fields)
        if len(sweep.axes) != 1 or fields not in RANGES:
            raise InvalidChoice(f"along was {quoted(fields)}; allowed here is one of {', '.join(RANGES)}.")
        if None in sweep.axes[fields]:
            raise InvalidChoice(f"{fields} had an empty value; allowed along x are numbers.")
        return replace(sweep, axes={fields: values_of(fields, _listed(sweep.axes[fields]))}), []
    except InvalidChoice as error:
        return replace(sweep, axes=default.axes), [str(error)]


def setup_column(before: Sweep) -> Sweep | None:
    """Draw the column and return what it makes of the sweep before; None, with a sentence, where that is none."""
    frame.part("Along x")
    try:
        field = select(
            "sweep.field", "Field", list(RANGES), lambda name: FIELDS[name].label, on_change=_reset_values,
            persist_state="session",
        )  # fmt: skip
        info = FIELDS[field]
        text = st.text_area(
            "Values", key="sweep.values", persist_state="session", height=72,
            help=f"Numbers with commas between them. Allowed: {info.allowed}.",
        )
        values = values_of(field, text)
        frame.part("Compare")
        setup = Setup.of(before.experiment)
        setup = setup.with_arms(arms("sweep.arms", setup, persist_state="session"))
        seeds = count(
            "sweep.seeds", "Seeds", 10, MOST_SEEDS, "How many times each point is trained, each time anew.",
            persist_state="session",
        )  # fmt: skip
        steps = ladder(
            "sweep.steps", "Steps", STEPS, (1, MOST_STEPS), "How many steps each network takes.",
            persist_state="session",
        )  # fmt: skip
        frame.part("Network and data")
        setup = shared_fields("sweep", setup.with_seed_count(seeds), [field])
        return Sweep(setup.experiment(), {field: values}, steps)
    except InvalidChoice as error:
        st.error(f"This makes no sweep: {error}")
        return None


def values_of(field: str, text: str) -> tuple[float, ...]:
    """The numbers of a text, in order, each once. Raises InvalidChoice with a sentence for anything else."""
    words = [word for word in text.replace(";", ",").replace("\n", ",").split(",") if word.strip()]
    if not 1 <= len(words) <= MOST_VALUES:
        raise InvalidChoice(f"there were {len(words)} values; allowed are 1 to {MOST_VALUES}, with commas between.")
    try:
        values = sorted({float(word) for word in words})
    except ValueError:
        raise InvalidChoice(f"values was {quoted(text)}; allowed are numbers with commas between them.") from None
    if FIELDS[field].whole and any(value % 1 for value in values):
        raise InvalidChoice(f"{field} was {quoted(text)}; allowed are {FIELDS[field].allowed}.")
    return tuple(int(value) for value in values) if FIELDS[field].whole else tuple(values)


def first_values(field: str) -> tuple[float, ...]:
    """The values to begin with: a preset's, or eight along the field's range."""
    preset = next((preset.sweep.axes[field] for preset in PRESETS if field in preset.sweep.axes), None)
    return preset or tuple(dict.fromkeys(float(f"{at:.2g}") for at in axis(field).values(8)))


def _reset_values() -> None:
    """Another field: its own values. What is no field is refused where the sweep is made."""
    field = st.session_state["sweep.field"]
    if field in RANGES:
        st.session_state["sweep.values"] = _listed(first_values(field))


def _listed(values: tuple[Any, ...]) -> str:
    return values_to_text(values).replace(",", ", ")
