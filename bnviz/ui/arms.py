"""Which networks are compared: those with a name of their own, and those that a link brought."""

from __future__ import annotations

from typing import Any

import streamlit as st

from bnviz.choices import ARM_MEANINGS, ARMS
from bnviz.experiment import arm_label
from bnviz.ui.setup import Setup
from bnviz.ui.words import listed
from bnviz.wording import sentences


def arms(key: str, setup: Setup, applies: str = "", **more: Any) -> list[str]:
    """The names that are lit; ``applies`` says when another choice does."""
    beside = "Each is trained beside the others, with the same seeds, initial weights and mini-batches."
    return st.pills(
        "Networks", [*ARMS, *(arm for arm in setup.own if arm not in ARMS)], selection_mode="multi", key=key,
        format_func=arm_label,
        help=listed(sentences(beside, applies), {arm_label(arm): ARM_MEANINGS[arm] for arm in ARMS}), **more,
    )  # fmt: skip
