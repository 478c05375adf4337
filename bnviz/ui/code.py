"""The networks on screen as programs that a reader can take home; nothing is written before it is opened."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from bnviz.code import to_keras, to_pytorch
from bnviz.experiment import Experiment, arm_label
from bnviz.run import Run

LIBRARIES: dict[str, Callable[[Run], str]] = {"PyTorch": to_pytorch, "Keras": to_keras}


def show(experiment: Experiment) -> None:
    """A closed line, which opens to the program of one of the experiment's networks."""
    st.fragment(_show)(experiment)


def _show(experiment: Experiment) -> None:
    place = st.expander("Code", key="code", on_change="rerun")
    if place.open:
        with place:
            with st.container(horizontal=True):
                write = LIBRARIES[_choice("Library", "code.library", list(LIBRARIES))]
                run = experiment.arms[_arm(experiment)]
            st.code(write(run), language="python")
            st.caption("Its first weights are drawn by the rule of those on screen, not from their seeds.")


def _arm(experiment: Experiment) -> str:
    """Which network: the reader chooses where there are several."""
    arms = list(experiment.arms)
    return arms[0] if len(arms) == 1 else _choice("Network", f"code.arm.{'.'.join(arms)}", arms, arm_label)


def _choice(label: str, key: str, words: list[str], in_words: Callable[[str], str] = str) -> str:
    return st.segmented_control(
        label, words, key=key, default=words[0], required=True, format_func=in_words, persist_state="session"
    ) or words[0]  # fmt: skip
