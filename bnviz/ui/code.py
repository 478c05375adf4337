"""The networks on screen as programs that a reader can take home; nothing is written before it is opened."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from bnviz.code import to_keras, to_sequential
from bnviz.experiment import Experiment, arm_label
from bnviz.export.scripts import script
from bnviz.fields import InvalidChoice

PROGRAMS: dict[str, tuple[Callable[[Experiment, str], str], str]] = {
    "PyTorch": (
        script,
        "It trains this network again, from the first seed: the same initial weights and mini-batches, and so, but for "
        "rounding, the same losses.",
    ),
    "nn.Sequential": (
        lambda experiment, arm: to_sequential(experiment.arms[arm]),
        "The network alone, with the initial weights that PyTorch gives its layers.",
    ),
    "Keras": (
        lambda experiment, arm: to_keras(experiment.arms[arm]),
        "Its first weights are drawn by the rule of those on screen, not from their seeds.",
    ),
}
"""Word to what writes the program of an arm, and what the program is."""


def show(experiment: Experiment) -> None:
    """A closed line, which opens to the program of one of the experiment's networks."""
    st.fragment(_show)(experiment)


def _show(experiment: Experiment) -> None:
    place = st.expander("Code", key="code", on_change="rerun")
    if place.open:
        with place:
            with st.container(horizontal=True):
                write, about = PROGRAMS[_choice("Program", "code.program", list(PROGRAMS))]
                arm = _arm(experiment)
            _program(lambda: write(experiment, arm), about)


def _program(write: Callable[[], str], about: str) -> None:
    """What the program is, and below it the program, which may be long; or why there is none."""
    try:
        text = write()
    except InvalidChoice as error:
        st.caption(str(error))
        return
    st.caption(about)
    st.code(text, language="python")


def _arm(experiment: Experiment) -> str:
    """Which network: the reader chooses where there are several."""
    arms = list(experiment.arms)
    return arms[0] if len(arms) == 1 else _choice("Network", f"code.arm.{'.'.join(arms)}", arms, arm_label)


def _choice(label: str, key: str, words: list[str], in_words: Callable[[str], str] = str) -> str:
    return st.segmented_control(
        label, words, key=key, default=words[0], required=True, format_func=in_words, persist_state="session"
    ) or words[0]  # fmt: skip
