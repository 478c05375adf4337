"""The setup column: one widget a field, made from the field table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bnviz.experiment import MOST_SEEDS, arm_label
from bnviz.fields import NOW, RESTARTS, Field, InvalidChoice
from bnviz.run import FIELDS
from bnviz.ui import frame, own_data
from bnviz.ui.arms import arms
from bnviz.ui.ladders import LADDERS, count, ladder
from bnviz.ui.menu import menu_of, select
from bnviz.ui.refusals import put_back, say_refusal
from bnviz.ui.setup import Setup
from bnviz.ui.words import as_written, course_in_words, explained

LAST = "setup.last"
"""Whether the last network was just put out."""
SIDE_BY_SIDE = 20
"""Words of up to so many letters together stand side by side; longer ones become a list."""

AT_ONCE, ANEW = "A new value applies at once.", "A new value restarts the networks."

COMPARE, DATA, MORE = "Compare", "Data", "More"
PARTS: dict[str, tuple[str, ...]] = {
    COMPARE: ("arms", "placement", "affine"),
    "Train": ("learning_rate", "batch_size", "optimizer", "seeds"),
    DATA: ("dataset",),
    "Network": ("activation", "depth", "width", "init", "init_scale"),
    MORE: (
        "half_life", "schedule", "schedule_steps", "sgd_momentum", "weight_decay", "dropout", "eps", "bn_momentum",
        "ghost_size", "groups", "samples", "noise", "label_noise", "shuffle", "network", "per_step",
    ),
}  # fmt: skip
"""The column from top to bottom: title to the controls below it, each by its field, or the networks and the seeds."""
NAMES = tuple(name for names in PARTS.values() for name in names)


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


def setup_column(setup: Setup, seen: Sequence[str] = NAMES) -> Setup:
    """Draw the column for this setup, of the controls that are ``seen``, and return what a reader has made of it."""
    _begin(setup, seen)
    places = {title: st.container() for title, names in PARTS.items() if {*names} & {*seen}}
    if DATA in places:
        with places[DATA]:
            places[DATA], own = st.container(), st.container()
        with own:  # first, since it may set what stands above it
            setup = own_data.choose(setup, _key)
    for title, place in places.items():
        with place:
            setup = _part(setup, title, [name for name in PARTS[title] if name in seen])
    return setup


def _part(setup: Setup, title: str, names: Sequence[str]) -> Setup:
    if title == MORE:
        with st.expander(MORE):
            return _controls(setup, names)
    frame.part(title)
    setup = _controls(setup, names)
    if title == COMPARE:
        _say_where_the_bias_went(setup)
    return setup


def setup_row(setup: Setup, seen: Sequence[str]) -> Setup:
    """The same as a row, in the order in which they are named: for a page that has no column."""
    _begin(setup, seen)
    if seen:
        with st.container(horizontal=True, key="setup-row"):
            for name in seen:
                with st.container():
                    setup = _controls(setup, [name])
    return setup


def _begin(setup: Setup, seen: Sequence[str]) -> None:
    """Set the widgets that will be drawn, if they were not drawn before."""
    put_back()
    if seen and _key(seen[0]) not in st.session_state:
        show(setup)


def _key(name: str) -> str:
    return f"setup.{name}"


def _marked(key: str, applies: str) -> DeltaGenerator:
    """A place for a widget whose label is followed by when it applies: written beside it, and no part of its name."""
    return st.container(key=f"{applies}.{key}")


def _arms(setup: Setup) -> Setup:
    lit = list(setup.own)
    with _marked(_key("arms"), RESTARTS):
        chosen = arms(_key("arms"), setup, ANEW, on_change=_keep_one, args=(lit,))
    if st.session_state.pop(LAST, False):
        st.caption("At least one network is needed: the last choice stays.")
    say_refusal(_key("arms"))
    return setup.with_arms(chosen or lit)


def _keep_one(lit: list[str]) -> None:
    if not st.session_state[_key("arms")]:
        st.session_state[_key("arms")], st.session_state[LAST] = lit, True


def _seeds(setup: Setup) -> Setup:
    with _marked(_key("seeds"), RESTARTS):
        seeds = count(
            _key("seeds"), "Seeds", 10, MOST_SEEDS,
            f"How many times each arm is trained, each time with its own weights and mini-batches. {ANEW}",
        )  # fmt: skip
    return setup.with_seed_count(seeds)


def _controls(setup: Setup, names: Sequence[str]) -> Setup:
    for name in names:
        if name == "arms":
            setup = _arms(setup)
        elif name == "seeds":
            setup = _seeds(setup)
        elif setup.differs_by_arm(name):
            st.caption(f"{FIELDS[name].label}: differs by network, as the link says.")
        else:
            setup = setup.with_field(name, field_widget(FIELDS[name], _key(name)))
            say_refusal(_key(name))
        if name == "learning_rate" and setup.course:
            st.caption(course_in_words(setup.course))
    return setup


def field_widget(field: Field, key: str, applies: str = "") -> Any:
    """The widget that fits a field: words, a switch, a ladder or a number. Its value is set under ``key`` before.

    That is its default too: a browser that sends what a new widget holds, before it heard what was set, sends the same.
    ``applies`` says when it does, where that is not what the field table says.
    """
    applies = applies or field.applies
    with _marked(key, applies):
        return _widget(field, key, explained(field, AT_ONCE if applies == NOW else ANEW))


def _widget(field: Field, key: str, meaning: str) -> Any:
    label, value = field.label, st.session_state[key]
    written = partial(as_written, field)
    if field.low is None and not field.choices:
        return st.toggle(label, value, key=key, help=meaning)
    if len("".join(map(written, field.choices))) > SIDE_BY_SIDE:
        menu = menu_of(field, value, own_data.known() if field.name == "dataset" else ())
        return select(key, label, menu, written, help=meaning)
    if field.choices:
        return st.segmented_control(
            label, field.choices, default=value, key=key, help=meaning, format_func=written, required=True,
            width="stretch",
        )  # fmt: skip
    if field.name in LADDERS:
        return ladder(key, label, LADDERS[field.name], (field.low or 0, field.high or 0), meaning)
    number = int if field.whole else float
    return st.number_input(
        label, number(field.low or 0), number(field.high or 0), value, key=key,
        help=f"{meaning} Allowed: {field.allowed}.",
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
