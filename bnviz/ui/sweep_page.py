"""Sweeps on their page: presets, the curve over one field, the best value of each arm, and the rows to take home."""

from __future__ import annotations

import streamlit as st

from bnviz.charts import SHADES, best_values, sweep_curve
from bnviz.charts.sweeps import Best
from bnviz.charts.theme import Look
from bnviz.experiment import arm_label
from bnviz.run import FIELDS
from bnviz.study import Study
from bnviz.sweeps import IMPOSSIBLE, Sweep
from bnviz.table import Table
from bnviz.ui.controls import WORDS
from bnviz.ui.drawing import LOOK_AGAIN_SECONDS, Drawing
from bnviz.ui.study import show_study
from bnviz.ui.sweep_setup import PRESETS, set_preset, setup_column

DRAWING = Drawing("sweep")
QUANTITIES = {
    "test_accuracy": "Accuracy", "test_loss": "Test loss", "train_loss": "Training loss",
    "gradient_norm": "Gradient norm", "distribution_shift": "Distribution shift",
}  # fmt: skip


def show() -> None:
    """Presets and setup, the sweep, and below it the table of placements."""
    for column, preset in zip(st.columns(len(PRESETS)), PRESETS, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{preset.title}**  \n{preset.question}")
            st.button("Set up", key=f"sweep.preset.{preset.title}", on_click=set_preset, args=(preset,))
    with st.sidebar:
        chosen = setup_column()
    moving = DRAWING.moving
    st.fragment(_show, run_every=LOOK_AGAIN_SECONDS if moving else None)(chosen, moving)
    st.markdown("## Before or after the nonlinearity, with or without gamma and beta")
    show_study(Study("placement"))


def _show(chosen: Sweep | None, moving: bool) -> None:
    DRAWING.look()
    if moving != DRAWING.moving:
        st.rerun()  # the whole page once, so that the fragment begins or ends to look by itself
    with st.container(horizontal=True, vertical_alignment="center", key="sweep.controls"):
        DRAWING.buttons("Run the sweep", chosen)
        DRAWING.progress(chosen)
    job = DRAWING.job
    table = job.table() if job else None
    if job and isinstance(job.grid, Sweep) and table is not None and len(table):
        _result(job.grid, table)
    elif chosen:
        st.caption(f"{chosen.total:,} networks: {', '.join(map(arm_label, chosen.experiment.arms))}, "
                   f"{len(chosen.experiment.seeds)} seeds, {chosen.steps:,} steps each.")  # fmt: skip


def _result(sweep: Sweep, table: Table) -> None:
    """The curve, what is best, and the rows."""
    (field,) = sweep.fields
    quantity = st.segmented_control(
        "Show", list(QUANTITIES), key="sweep.quantity", default="test_accuracy", format_func=QUANTITIES.__getitem__,
        required=True, label_visibility="collapsed",
    ) or "test_accuracy"  # fmt: skip
    look: Look = "dark" if st.context.theme.type == "dark" else "light"
    st.plotly_chart(
        sweep_curve(table, field, quantity, look), theme=None, key="sweep.figure", config={"displayModeBar": False}
    )
    st.caption(
        "Lines are medians over the seeds that did not diverge, bands their range; a ring is an arm’s best value, a "
        "flag says that seeds diverged there."
    )
    best = best_values(table, field, quantity)
    st.markdown(f"#### The best {FIELDS[field].label.lower()} of each network")
    st.markdown(best_table(table, field, quantity, best))
    for sentence in refusals(table):
        st.caption(sentence)
    st.download_button(
        "Download the rows", lambda: table.to_frame().to_csv(index=False), "sweep.csv", "text/csv", on_click="ignore",
        key="sweep.download", icon=":material/download:", disabled=DRAWING.moving,
        help="The rows found so far, once the sweep has stopped or is done.",
    )  # fmt: skip
    run = next(iter(sweep.experiment.arms.values()))
    activation = WORDS.get(run.activation, run.activation)
    st.caption(
        f"Measured on this server: {run.dataset}, {run.depth} x {run.width} {activation}, "
        f"{len(sweep.experiment.seeds)} seeds, {sweep.steps:,} steps; {FIELDS[field].label.lower()} as above."
    )


def best_table(table: Table, field: str, quantity: str, best: list[Best]) -> str:
    """One line an arm, in markdown: its best value, what it reached there, what is as good, and its divergences."""
    percent = SHADES[quantity].percent
    label = FIELDS[field].label.lower()
    lines = [f"| | best {label} | median | seeds | as good within the seeds | diverged |", "|:--|--:|--:|:--|:--|:--|"]
    found = {one.arm: one for one in best}
    for arm in table.different("arm"):
        own = table.where(arm=arm)
        lost = sum(step is not None for step in own.columns["diverged_at"])
        one = found.get(arm)
        middle = (
            f"{one.at:g} | {_number(one.middle, percent)} | {_number(min(one.reached), percent)} to "
            f"{_number(max(one.reached), percent)} | {', '.join(f'{value:g}' for value in one.as_good) or 'none'}"
            if one else "none | | |"
        )  # fmt: skip
        lines.append(f"| **{arm_label(arm)}** | {middle} | {lost} of {len(own)} networks |")
    return "\n".join(lines)


def refusals(table: Table) -> list[str]:
    """Why some points were not trained: each reason once, with whom it concerns."""
    arms: dict[str, list[str]] = {}
    for arm, reason in zip(table.columns["arm"], table.columns[IMPOSSIBLE], strict=True):
        if reason is not None and arm_label(str(arm)) not in arms.setdefault(str(reason), []):
            arms[str(reason)].append(arm_label(str(arm)))
    return [f"Not trained for {', '.join(names)}: {reason}" for reason, names in arms.items()]


def _number(value: float, percent: bool) -> str:
    return f"{value:.1%}" if percent else f"{value:.3g}"
