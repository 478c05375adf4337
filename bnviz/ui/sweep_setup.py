"""The setup column of the sweep page: which field along x, its values, the arms, seeds, steps, and what all share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from bnviz.axes import RANGES, axis
from bnviz.choices import ARMS
from bnviz.experiment import MOST_SEEDS, Experiment, arm_label
from bnviz.fields import InvalidChoice, quoted
from bnviz.run import FIELDS, Run
from bnviz.sweeps import MOST_STEPS, Sweep
from bnviz.ui.ladders import count, ladder
from bnviz.ui.network_fields import SHARED, begin, select, shared_fields

STEPS = (100, 200, 300, 500, 1000, 2000)
MOST_VALUES = 40


@dataclass(frozen=True)
class Preset:
    """A sweep that a button sets up: the question it answers, the field, its values, and the network."""

    title: str
    question: str
    field: str
    values: tuple[float, ...]
    run: Run
    steps: int
    seeds: int = 5


PRESETS = (
    Preset(
        "Learning rate", "Which rate is best, and how far up does each network follow?", "learning_rate",
        (0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0), Run(activation="relu", init="he"), 300,
    ),
    Preset(
        "Depth", "How many layers does a sigmoid network stand?", "depth", (1, 2, 3, 4, 6, 8, 12, 16),
        Run(init="xavier", width=32, learning_rate=0.5), 300, 3,
    ),
    Preset(
        "Batch size", "How small may a mini-batch be?", "batch_size", (1, 2, 4, 8, 16, 32, 64, 128),
        Run(activation="relu", init="he", learning_rate=0.1), 300, 3,
    ),
)  # fmt: skip


def set_preset(preset: Preset) -> None:
    """Set every widget of the column to a preset; call before they are drawn."""
    st.session_state.update({f"sweep.{name}": value for name, value in _words(preset).items()})


def setup_column() -> Sweep | None:
    """Draw the column and return the sweep it makes; None, with a sentence, where these choices make none."""
    begin("sweep", _words(PRESETS[0]))
    st.markdown("##### Along x")
    try:
        field = select(
            "sweep", "field", "Field", list(RANGES), lambda name: FIELDS[name].label, on_change=_reset_values
        )
        info = FIELDS[field]
        text = st.text_area(
            "Values", key="sweep.values", persist_state="session", height=72,
            help=f"Numbers with commas between them. Allowed: {info.allowed}.",
        )
        values = values_of(field, text)
        st.markdown("##### Compare")
        arms = st.pills("Networks", list(ARMS), selection_mode="multi", key="sweep.arms", format_func=arm_label,
                        persist_state="session")  # fmt: skip
        seeds = count(
            "sweep.seeds", "Seeds", 10, MOST_SEEDS, "How many times each point is trained, each time anew.",
            persist_state="session",
        )  # fmt: skip
        steps = ladder(
            "sweep.steps", "Steps", STEPS, (1, MOST_STEPS), "How many steps each network takes.",
            persist_state="session",
        )  # fmt: skip
        st.markdown("##### Network and data")
        base = Run(**shared_fields("sweep", [field]))
        runs = {arm: base.replace(normalization=kind) for arm, kind in ARMS.items() if arm in arms}
        return Sweep(Experiment(arms=runs, seeds=range(seeds)), {field: values}, steps)
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
    preset = next((preset for preset in PRESETS if preset.field == field), None)
    return preset.values if preset else tuple(dict.fromkeys(float(f"{at:.2g}") for at in axis(field).values(8)))


def _reset_values() -> None:
    """Another field: its own values. What is no field is refused where the sweep is made."""
    field = st.session_state["sweep.field"]
    if field in RANGES:
        st.session_state["sweep.values"] = _listed(first_values(field))


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _words(preset: Preset) -> Mapping[str, Any]:
    return {
        "field": preset.field, "values": _listed(preset.values), "arms": ["plain", "bn"],
        "seeds": preset.seeds, "steps": preset.steps, **{name: getattr(preset.run, name) for name in SHARED},
    }  # fmt: skip
