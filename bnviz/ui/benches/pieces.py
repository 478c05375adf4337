"""What every bench is made of: a figure in the reader's look, a table of numbers, and how a number is written."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from bnviz.charts.bindings import Template
from bnviz.charts.figure import fill
from bnviz.charts.theme import Look
from bnviz.ui import frame
from bnviz.wording import written

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
WIDTH = 420
"""Pixels of a slider that stands alone."""

EPSILONS = (0.0, 1e-5, 1e-3, 1e-1, 1.0)
"""The rungs of an epsilon slider; the second is the usual one."""


def figure(template: Template, key: str) -> None:
    """A figure that stands still, light or dark as the page is; on paper a dark one is turned into a light one."""
    look: Look = "dark" if st.context.theme.type == "dark" else "light"
    with st.container(key=f"{look}-figure.{key}"):
        st.plotly_chart(fill(template, {}, look=look), theme=None, key=key, config={"displayModeBar": False})


def table(columns: Mapping[str, Sequence[str]]) -> None:
    """A quiet table: numbers to the right, the first column to the left."""
    frame.table([*columns], zip(*columns.values(), strict=True), numbers=True)


def epsilon(key: str) -> float:
    """A slider for what is added to the variance."""
    chosen: float = st.select_slider(
        "Epsilon", EPSILONS, EPSILONS[1], key=key, format_func=text,
        help="What is added to the variance before its square root is taken.",
    )  # fmt: skip
    return chosen


def text(value: float | np.ndarray, digits: int = 4) -> str:
    """A number in prose and tables: so many digits that count, ``4.4 · 10⁻¹⁶``, a dash for what is no number."""
    factor, power = _parts(value, digits)
    raised = f"10{power.translate(RAISED)}" if power else ""
    return " · ".join(part for part in (factor, raised) if part).replace("-", "−")


def formula(value: float | np.ndarray) -> str:
    """The same for KaTeX: ``4.4 \\cdot 10^{-16}``."""
    factor, power = _parts(value, 4)
    raised = f"10^{{{power}}}" if power else ""
    return r" \cdot ".join(part for part in (factor, raised) if part)


def packed(values: np.ndarray) -> str:
    """An array's bytes as a text, for the page's script."""
    return b64encode(np.ascontiguousarray(values).tobytes()).decode()


def _parts(value: float | np.ndarray, digits: int) -> tuple[str, str]:
    """The digits and the power of ten of a number, each empty where it need not be written."""
    number = float(value)
    if not math.isfinite(number):
        return "–", ""
    factor, _, power = written(number or 0.0, f".{digits}g").partition("e")
    return ("" if power and factor == "1" else factor), (str(int(power)) if power else "")
