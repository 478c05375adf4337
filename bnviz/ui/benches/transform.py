"""A mini-batch that a reader changes by hand, on its way through every line of the transform."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.transform import STAGES, stages
from bnviz.lessons.arithmetic.mini_batch import Transform, running, transform, undoing
from bnviz.ui.benches.pieces import epsilon, figure, formula, table, text
from bnviz.wording import sentences

PRESETS: dict[str, tuple[float, ...]] = {
    "0, 2, 4, 6": (0.0, 2.0, 4.0, 6.0),
    "One far away": (0.0, 2.0, 4.0, 6.0, 100.0),
    "All equal": (4.0, 4.0, 4.0, 4.0),
    "Two examples": (1.0, 7.0),
    "One example": (4.0,),
}
MOST, MOST_TERMS = 8, 4
KEY = "bench.transform"
KEPT = f"{KEY}.batch"


@st.fragment
def show() -> None:
    """The mini-batch, gamma, beta and epsilon as controls; below them every stage as formula, table and figure."""
    with st.container(horizontal=True):
        for name, batch in PRESETS.items():
            st.button(name, key=f"{KEY}.preset.{name}", on_click=_set, args=([*batch],))
    made = transform(_batch(), *_scale_and_shift())
    formulas, numbers = st.columns(2, gap="large")
    with formulas:
        st.latex(_formulas(made))
    with numbers:
        table({"example": [str(index + 1) for index in range(len(made.x))]} | {
            stage: [text(value) for value in values] for stage, values in _columns(made).items()
        })  # fmt: skip
    if np.isfinite(made.output).all():
        figure(stages(_columns(made)), f"{KEY}.figure")
    st.markdown(_finding(made))
    st.caption(_kept(made))


def _batch() -> list[float]:
    """One number input an example, and buttons for one more and one fewer."""
    batch: list[float] = st.session_state.setdefault(KEPT, list(next(iter(PRESETS.values()))))
    for index, value in enumerate(batch):
        st.session_state.setdefault(f"{KEY}.x.{index}", value)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for index in range(len(batch)):
            batch[index] = float(st.number_input(
                f"x of example {index + 1}", -1000.0, 1000.0, step=1.0, format="%g", key=f"{KEY}.x.{index}", width=112,
            ))  # fmt: skip
        st.button("One more", key=f"{KEY}.more", on_click=_change_size, args=(1,), disabled=len(batch) == MOST)
        st.button("One fewer", key=f"{KEY}.fewer", on_click=_change_size, args=(-1,), disabled=len(batch) == 1)
    return batch


def _change_size(by: int) -> None:
    batch: list[float] = st.session_state[KEPT]
    _set([*batch, batch[-1] + 2] if by > 0 else batch[:-1])


def _set(batch: list[float]) -> None:
    st.session_state[KEPT] = batch
    for index, value in enumerate(batch):
        st.session_state[f"{KEY}.x.{index}"] = value


def _scale_and_shift() -> tuple[float, float, float]:
    """Gamma, beta and epsilon: the reader's own, or those that give the mini-batch back."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        undo = st.session_state.get(f"{KEY}.undo", False)
        gamma = st.slider("Gamma", -3.0, 3.0, 1.0, 0.1, key=f"{KEY}.gamma", disabled=undo, width=220)
        beta = st.slider("Beta", -5.0, 5.0, 0.0, 0.1, key=f"{KEY}.beta", disabled=undo, width=220)
        with st.container(width=220):
            eps = epsilon(f"{KEY}.eps")
        st.toggle("Give x back: gamma = √(var + eps), beta = mean", key=f"{KEY}.undo")
    if undo:
        scale, shift = undoing(transform(st.session_state[KEPT], eps=eps))
        return float(scale), float(shift), eps
    return gamma, beta, eps


def _columns(made: Transform) -> dict[str, np.ndarray]:
    return dict(zip(STAGES, (made.x, made.centred, made.normalized, made.output), strict=True))


def _formulas(made: Transform) -> str:
    """The four lines of the algorithm with this mini-batch's numbers, for its first example."""
    m, mean, var = len(made.x), formula(made.batch_mean), formula(made.batch_var)
    total = _sum([_signed(value) for value in made.x])
    squares = _sum([f"{_signed(value)}^2" for value in made.centred])
    first, root = f"{formula(made.x[0])} - {_signed(made.batch_mean)}", rf"\sqrt{{{var} + {formula(made.eps)}}}"
    x_hat, y = formula(made.normalized[0]), formula(made.output[0])
    gamma, beta = formula(made.gamma), _signed(made.beta)
    lines = (
        rf"\mu &= \tfrac{{1}}{{{m}}} ({total}) = {mean}",
        rf"\sigma^2 &= \tfrac{{1}}{{{m}}} ({squares}) = {var}",
        rf"\hat x_1 &= \frac{{{first}}}{{{root}}} = {x_hat}",
        rf"y_1 &= \gamma \hat x_1 + \beta = {gamma} \cdot {_signed(made.normalized[0])} + {beta} = {y}",
    )
    return r"\begin{aligned}" + r" \\[6pt] ".join(lines) + r"\end{aligned}"


def _sum(terms: list[str]) -> str:
    """All terms, or where they would not fit the first, dots and the last."""
    return " + ".join(terms if len(terms) <= MOST_TERMS else [terms[0], r"\dots", terms[-1]])


def _signed(value: float | np.ndarray) -> str:
    return f"({formula(value)})" if float(value) < 0 else formula(value)


def _finding(made: Transform) -> str:
    """What happened to this mini-batch, in a sentence."""
    if not np.isfinite(made.output).all():
        return "All values are equal and epsilon is 0: the deviation is 0, and 0 divided by 0 is no number."
    if len(made.x) == 1:
        return "One example minus its own mean is 0, so y is beta whatever x was. Nothing can be learned from that."
    if not made.batch_var:
        return "All values are equal: the deviation is only epsilon's, x̂ is 0, and y is beta."
    back = float(np.abs(made.output - made.x).max())
    mean, var, most = text(made.normalized.mean().round(12)), text(made.normalized.var(), 6), text(back)
    over, under = text(made.batch_var, 6), text(made.batch_var + made.eps, 6)
    return sentences(
        f"x̂ has mean {mean} and variance {var} (var / (var + eps) = {over} / {under}); y lies at most {most} from x.",
        "Of two examples only the order is left: change the values and x̂ hardly moves." if _only_order(made) else "",
    )


def _only_order(made: Transform) -> bool:
    """Whether x-hat of two examples is 1 and -1 within a hundredth, as it is where the variance is large beside eps."""
    return len(made.x) == 2 and float(np.abs(made.normalized).min()) > 0.99


def _kept(made: Transform) -> str:
    """What eval mode would remember of this mini-batch."""
    if len(made.x) < 2:
        return "Eval mode: one example has no unbiased variance (it divides by m − 1 = 0), so PyTorch refuses it."
    mean, var = running(made)
    unbiased = made.batch_var * len(made.x) / (len(made.x) - 1)
    return (
        f"Eval mode: from (0, 1), with momentum 0.1, the running mean becomes {text(mean)} and the running variance "
        f"{text(var)}. The variance that is kept is the unbiased one, divided by m − 1: {text(unbiased)}."
    )
