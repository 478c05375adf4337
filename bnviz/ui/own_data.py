"""Data of a reader's own in the setup column: a file or a painting becomes a data set that all networks learn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice, quoted
from bnviz.live.component import points_pad
from bnviz.own_data import MadeSet, gone
from bnviz.own_words import EXTENT, LEAST_EXAMPLES, is_own, named, own_set, painted_classes
from bnviz.run import FIELDS, said
from bnviz.service.own_sets import own_sets
from bnviz.ui import frame, own_file
from bnviz.ui.ladders import LADDERS
from bnviz.ui.setup import Setup
from bnviz.ui.words import as_written
from bnviz.wording import plural, sentences, written

PLACE, FROM, ADAPTED, KNOWN = "own", "own.from", "own.adapted", "own.known"
MOST_KNOWN = 4
FILE, PAINT = "CSV file", "Paint"
PAINTED = "painted"
MOST_LISTED = 12


def choose(setup: Setup, key: Callable[[str], str]) -> Setup:
    """Draw the part for data of one's own; with new ones the setup, and the widgets under ``key``, learn from them."""
    place = st.expander("Your own data", key=PLACE, on_change="rerun")
    word = setup.shared["dataset"]
    if place.open:
        with place:
            made = _SOURCES[st.segmented_control(
                "From", list(_SOURCES), key=FROM, default=PAINT if is_painted(word) else FILE, required=True,
                width="stretch", label_visibility="collapsed",
            ) or FILE](word)  # fmt: skip
            if made and made.word != word:
                own_sets().keep(made)
                word, setup = made.word, _learning_from(made, setup, key)
            if is_own(word):
                _describe(word, made.about if made else own_sets().about(word))
    return setup


def known() -> list[str]:
    """The data of one's own that a reader has had in this session; of paintings the newest alone."""
    return list(st.session_state.get(KNOWN, ()))


def is_painted(word: str) -> bool:
    """Whether its points can be painted on."""
    return is_own(word) and own_set(word).rides


def without_what_is_gone(experiment: Experiment, default: Experiment) -> tuple[Experiment, list[str]]:
    """The experiment of a link on other data, where its own are kept no longer, and a sentence for each of them."""
    lost = [word for word in experiment.datasets if own_sets().is_gone(word)]
    instead = next(iter(default.arms.values())).dataset
    arms = {arm: run.replace(dataset=instead) if run.dataset in lost else run for arm, run in experiment.arms.items()}
    kept = Experiment(arms=arms, seeds=experiment.seeds, instruments=experiment.instruments, changes=experiment.changes)
    until = f"Until then it learns from {as_written(FIELDS['dataset'], instead)}."
    return kept if lost else experiment, [sentences(gone(word), until) for word in lost]


def _painted(word: str) -> MadeSet | None:
    sent = points_pad(own_set(word).content if is_painted(word) else "")
    if not isinstance(sent, str):
        return None
    try:
        return MadeSet(named("points", PAINTED, len(sent) // 4, 2, painted_classes(sent), sent), {})
    except InvalidChoice:  # no pad of ours sends such
        st.error(f"Not painted: the points did not arrive as a whole; allowed are {LEAST_EXAMPLES} to 400: try again.")
        return None


_SOURCES: dict[str, Callable[[str], MadeSet | None]] = {FILE: lambda word: own_file.bring(), PAINT: _painted}


def _learning_from(made: MadeSet, setup: Setup, key: Callable[[str], str]) -> Setup:
    """All networks learn from these data, and what does not go with them is set to what does."""
    _, before = st.session_state.get(ADAPTED, ("", {}))
    wished = {name: was if setup.shared[name] == now else setup.shared[name] for name, (was, now) in before.items()}
    adapted = _adapted(setup.shared | wished, own_set(made.word).trainable)
    changes = {**wished, **{name: now for name, (_, now) in adapted.items()}, "dataset": made.word}
    st.session_state.update({key(name): value for name, value in changes.items()})
    st.session_state[ADAPTED] = made.word, adapted
    before = [word for word in known() if not (is_painted(word) and is_painted(made.word))]
    st.session_state[KNOWN] = [*before, made.word][-MOST_KNOWN:]
    return setup.for_all(**changes)


def _adapted(shared: dict[str, Any], trainable: int) -> dict[str, tuple[Any, Any]]:
    """What is set so that so few examples can be trained on: field to what it was and is. A mini-batch that was larger
    has half of them, at most; only fully connected networks take what is no picture."""
    half = max(size for size in LADDERS["batch_size"] if size <= max(2, trainable // 2))
    too_large = shared["batch_size"] > trainable
    wanted = {
        "network": "mlp", "samples": None, "batch_size": half if too_large else shared["batch_size"],
        "ghost_size": None if too_large else shared["ghost_size"],
    }  # fmt: skip
    return {name: (shared[name], value) for name, value in wanted.items() if value != shared[name]}


def _describe(word: str, about: dict[str, Any]) -> None:
    """What the networks learn from now, where it is kept, and the numbers that its columns were standardized by."""
    own = own_set(word)
    where = (
        "They ride in the link." if own.rides
        else f"Kept here under its hash, for {own_sets().days:g} days after its last use; the link holds the hash."
    )  # fmt: skip
    if own.features == 2:
        held = f"**{own.name}**: {own.examples:,} points, {own.classes} classes."
    else:
        held = plural(own.features, "**{name}**: {examples} lines of {count} number, {classes} classes.",
                      "**{name}**: {examples} lines of {count} numbers, {classes} classes.",
                      name=own.name, examples=written(own.examples, ","), classes=own.classes)  # fmt: skip
    st.caption(sentences(held, where))
    adapted, changes = st.session_state.get(ADAPTED, ("", {}))
    if adapted == word and changes:
        words = (said(name, now) for name, (_, now) in changes.items())
        st.caption(f"Set so that it fits: {', '.join(words)}.")
    if "means" in about:
        _say_how_standardized(about)


def _say_how_standardized(about: dict[str, Any]) -> None:
    means, deviations = about["means"], about["deviations"]
    names = about.get("columns", [f"column {place}" for place in range(1, len(means) + 1)])
    shrunk = about.get("shrunk", 1.0)
    how = "Of each column its mean is subtracted, then it is divided by its deviation."
    if shrunk < 1:
        how = (
            "Of each column its mean is subtracted, then it is divided by its deviation, then all of it is shrunk to "
            f"{shrunk:.3g}, to lie within {EXTENT:g} of the middle."
        )
    classes = ", ".join(f"{place} {quoted(name)}" for place, name in enumerate(about.get("classes", [])))
    with st.popover("Means, deviations", width="stretch"):
        st.markdown(how)
        rows = [(quoted(name)[1:-1], written(mean, ".4g"), written(deviation, ".4g"))
                for name, mean, deviation in zip(names, means, deviations, strict=False)]  # fmt: skip
        frame.table(("column", "mean", "deviation"), rows[:MOST_LISTED], numbers=True)
        if len(rows) > MOST_LISTED:
            st.caption(f"And {len(rows) - MOST_LISTED} more columns in the same way.")
        if classes:
            st.markdown(f"Classes: {classes}.")
