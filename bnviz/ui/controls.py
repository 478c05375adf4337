"""The setup column: one widget a field, made from the field table."""

from __future__ import annotations

from typing import Any

import streamlit as st

from bnviz.datasets import DATASETS
from bnviz.experiment import arm_label
from bnviz.fields import NOW, Field, InvalidChoice
from bnviz.run import FIELDS
from bnviz.ui.setup import ARMS, Setup

LADDERS: dict[str, tuple[float, ...]] = {
    "learning_rate": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
    "depth": (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50),
    "width": (2, 4, 8, 16, 32, 64, 100, 128, 256),
    "batch_size": (1, 2, 4, 8, 16, 32, 60, 128, 256, 512),
}
"""Where a step up should feel like one, a slider climbs a ladder; a value from a link joins its rungs."""

SIDE_BY_SIDE = 2
"""Up to so many words stand side by side; more become a list."""

WORDS = {
    "relu": "ReLU", "leaky_relu": "leaky ReLU", "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
    **{word: row.label for word, row in DATASETS.items()},
    "he": "He", "xavier": "Xavier", "lecun": "LeCun", "gaussian": "Gaussian", "sgd": "SGD", "adam": "Adam",
}

COMPARE = ("placement", "affine")
TRAIN = ("learning_rate", "batch_size", "optimizer")
NETWORK = ("dataset", "activation", "depth", "width", "init", "init_scale")
MORE = (
    "sgd_momentum", "weight_decay", "dropout", "eps", "bn_momentum", "ghost_size", "groups", "samples", "noise",
    "label_noise", "shuffle", "network", "per_step",
)


def show(setup: Setup) -> None:
    """Set every widget to this setup; call before they are drawn."""
    for name, value in setup.shared.items():
        st.session_state[_key(name)] = value
    st.session_state[_key("arms")] = list(setup.own)
    st.session_state[_key("seeds")] = len(setup.seeds)


def setup_column(setup: Setup) -> Setup:
    """Draw the column for this setup, and return what a reader has made of it."""
    if _key("arms") not in st.session_state:
        show(setup)
    st.markdown("##### Compare")
    setup = _arms(setup)
    setup = _fields(setup, COMPARE)
    _say_where_the_bias_went(setup)
    st.markdown("##### Train")
    setup = _fields(setup, TRAIN)
    count = st.slider(
        _label("Seeds", "restarts"), 1, max(10, len(setup.seeds)), key=_key("seeds"),
        help="How many times each arm is trained, each time with its own weights and mini-batches.",
    )
    setup = setup.with_seed_count(count)
    st.markdown("##### Network and data")
    setup = _fields(setup, NETWORK)
    with st.expander("More"):
        return _fields(setup, MORE)


def _key(name: str) -> str:
    return f"setup.{name}"


def _label(label: str, applies: str) -> str:
    return f"{label} :small[:{'blue' if applies == NOW else 'gray'}[{applies}]]"


def _arms(setup: Setup) -> Setup:
    names = [*ARMS, *(arm for arm in setup.own if arm not in ARMS)]
    arms = st.pills(
        _label("Networks", "restarts"), names, selection_mode="multi", key=_key("arms"), format_func=arm_label,
        help="Each is trained beside the others, with the same seeds, initial weights and mini-batches.",
    )
    if not arms:
        st.caption("At least one network is needed: the last choice stays.")
    return setup.with_arms(arms or list(setup.own))


def _fields(setup: Setup, names: tuple[str, ...]) -> Setup:
    for name in names:
        if setup.differs_by_arm(name):
            st.caption(f"{FIELDS[name].label}: differs by network, as the link says.")
        else:
            setup = setup.with_field(name, field_widget(FIELDS[name], _key(name)))
    return setup


def field_widget(field: Field, key: str, applies: str = "") -> Any:
    """The widget that fits a field: words, a switch, a ladder or a number. Its value is set under ``key`` before.

    ``applies`` is what the label says of when it does, where that is not what the field table says.
    """
    label, meaning = _label(field.label, applies or field.applies), field.meaning
    if field.low is None and not field.choices:
        return st.toggle(label, key=key, help=meaning)
    if len(field.choices) > SIDE_BY_SIDE:
        return st.selectbox(label, field.choices, key=key, help=meaning, format_func=in_words)
    if field.choices:
        return st.segmented_control(
            label, field.choices, key=key, help=meaning, format_func=in_words, required=True, width="stretch"
        )
    if field.name in LADDERS:
        rungs = sorted({*LADDERS[field.name], field.default, st.session_state[key]})
        return st.select_slider(label, rungs, key=key, help=meaning, format_func=lambda rung: f"{rung:g}")
    number = int if field.whole else float
    return st.number_input(
        label, number(field.low or 0), number(field.high or 0), key=key, help=f"{meaning} Allowed: {field.allowed}.",
        placeholder="automatic" if field.optional else None, format=None if field.whole else "%g",
        step=1 if field.whole else None,
    )


def in_words(choice: str) -> str:
    """A choice as a reader sees it: ``relu`` is ReLU."""
    return WORDS.get(choice, choice)


def _say_where_the_bias_went(setup: Setup) -> None:
    try:
        runs = setup.experiment().arms
    except InvalidChoice:
        return
    dropped = [arm_label(arm) for arm, run in runs.items() if not run.has_bias]
    if dropped:
        st.caption(f"{', '.join(dropped)}: no bias in the hidden layers, since the batch mean would subtract it.")
