"""The setup column: one widget a field, made from the field table."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from bnviz.choices import ARM_MEANINGS, ARMS
from bnviz.experiment import MOST_SEEDS, arm_label
from bnviz.fields import NOW, Field, InvalidChoice
from bnviz.run import FIELDS
from bnviz.ui.ladders import LADDERS, count, ladder
from bnviz.ui.refusals import put_back, say_refusal
from bnviz.ui.setup import Setup
from bnviz.ui.words import as_written, course_in_words, explained, listed

LAST = "setup.last"
"""Whether the last network was just put out."""
SIDE_BY_SIDE = 20
"""Words of up to so many letters together stand side by side; longer ones become a list."""

COMPARE = ("placement", "affine")
TRAIN = ("learning_rate", "batch_size", "optimizer")
NETWORK = ("dataset", "activation", "depth", "width", "init", "init_scale")
MORE = (
    "half_life", "sgd_momentum", "weight_decay", "dropout", "eps", "bn_momentum", "ghost_size", "groups", "samples",
    "noise", "label_noise", "shuffle", "network", "per_step",
)


def show(setup: Setup) -> None:
    """Set every widget to this setup; call before they are drawn."""
    st.session_state.update(values(setup))


def moved(setup: Setup) -> bool:
    """Whether a widget stands elsewhere than this setup says: the reader has just moved it."""
    return any(st.session_state.get(key, value) != value for key, value in values(setup).items())


def values(setup: Setup) -> dict[str, Any]:
    """The key of every widget to what it shows of this setup."""
    shown = setup.shared | {"arms": list(setup.own), "seeds": len(setup.seeds)}
    return {_key(name): value for name, value in shown.items()}


def setup_column(setup: Setup) -> Setup:
    """Draw the column for this setup, and return what a reader has made of it."""
    put_back()
    if _key("arms") not in st.session_state:
        show(setup)
    st.markdown("##### Compare")
    setup = _arms(setup)
    setup = _fields(setup, COMPARE)
    _say_where_the_bias_went(setup)
    st.markdown("##### Train")
    setup = _fields(setup, TRAIN)
    seeds = count(
        _key("seeds"), "Seeds", 10, MOST_SEEDS,
        "How many times each arm is trained, each time with its own weights and mini-batches.",
        _label("Seeds", "restarts"),
    )
    setup = setup.with_seed_count(seeds)
    st.markdown("##### Network and data")
    setup = _fields(setup, NETWORK)
    with st.expander("More"):
        return _fields(setup, MORE)


def _key(name: str) -> str:
    return f"setup.{name}"


def _label(label: str, applies: str) -> str:
    return f"{label} :small[:{'blue' if applies == NOW else 'gray'}[{applies}]]"


def _arms(setup: Setup) -> Setup:
    names, lit = [*ARMS, *(arm for arm in setup.own if arm not in ARMS)], list(setup.own)
    arms = st.pills(
        _label("Networks", "restarts"), names, selection_mode="multi", key=_key("arms"), format_func=arm_label,
        on_change=_keep_one, args=(lit,),
        help=listed(
            "Each is trained beside the others, with the same seeds, initial weights and mini-batches.",
            {arm_label(arm): ARM_MEANINGS[arm] for arm in ARMS},
        ),
    )  # fmt: skip
    if st.session_state.pop(LAST, False):
        st.caption("At least one network is needed: the last choice stays.")
    say_refusal(_key("arms"))
    return setup.with_arms(arms or lit)


def _keep_one(lit: list[str]) -> None:
    if not st.session_state[_key("arms")]:
        st.session_state[_key("arms")], st.session_state[LAST] = lit, True


def _fields(setup: Setup, names: tuple[str, ...]) -> Setup:
    for name in names:
        if setup.differs_by_arm(name):
            st.caption(f"{FIELDS[name].label}: differs by network, as the link says.")
        else:
            setup = setup.with_field(name, field_widget(FIELDS[name], _key(name)))
            say_refusal(_key(name))
        if name == "learning_rate" and setup.course:
            st.caption(course_in_words(setup.course))
    return setup


def field_widget(field: Field, key: str, applies: str = "") -> Any:
    """The widget that fits a field: words, a switch, a ladder or a number. Its value is set under ``key`` before.

    ``applies`` is what the label says of when it does, where that is not what the field table says.
    """
    label, meaning = _label(field.label, applies or field.applies), explained(field)
    written = partial(as_written, field)
    if field.low is None and not field.choices:
        return st.toggle(label, key=key, help=meaning)
    if len("".join(map(written, field.choices))) > SIDE_BY_SIDE:
        return st.selectbox(label, field.choices, key=key, help=meaning, format_func=written)
    if field.choices:
        return st.segmented_control(
            label, field.choices, key=key, help=meaning, format_func=written, required=True, width="stretch"
        )
    if field.name in LADDERS:
        return ladder(key, field.label, LADDERS[field.name], (field.low or 0, field.high or 0), meaning, label)
    number = int if field.whole else float
    return st.number_input(
        label, number(field.low or 0), number(field.high or 0), key=key, help=f"{meaning} Allowed: {field.allowed}.",
        placeholder=field.empty if field.optional else None, format=None if field.whole else "%g",
        step=1 if field.whole else None,
    )


def _say_where_the_bias_went(setup: Setup) -> None:
    try:
        runs = setup.experiment().arms
    except InvalidChoice:
        return
    dropped = [arm_label(arm) for arm, run in runs.items() if not run.has_bias]
    if dropped:
        st.caption(f"{', '.join(dropped)}: no bias in the hidden layers, since the batch mean would subtract it.")
