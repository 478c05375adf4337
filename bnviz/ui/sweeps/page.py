"""Sweeps on their page: presets, the curve over one field, the best value of each arm, and the rows to take home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from bnviz import grid_link
from bnviz.charts import SHADES, best_values, drawn_curve
from bnviz.charts.sweeps import Best
from bnviz.choices import label
from bnviz.experiment import arm_label
from bnviz.grid_link import GridView
from bnviz.lessons.grids import PRESETS, SWEEP
from bnviz.live.component import figure
from bnviz.run import FIELDS
from bnviz.service import State
from bnviz.study import Study
from bnviz.sweeps import IMPOSSIBLE, Sweep
from bnviz.table import Table
from bnviz.ui import address
from bnviz.ui.drawing import Drawing
from bnviz.ui.figure_painter import FigurePainter
from bnviz.ui.progress import sweep_progress
from bnviz.ui.study import show_study
from bnviz.ui.sweeps import setup as sweep_setup
from bnviz.ui.sweeps.table import curve_table
from bnviz.wording import word, written

VIEW, ANEW = "sweep.view", "sweep.anew"
"""What is chosen, and whether that is to be on the page, whatever is there."""
QUANTITIES = {
    "test_accuracy": "Accuracy", "test_loss": "Test loss", "train_loss": "Training loss",
    "gradient_norm": "Gradient norm", "distribution_shift": "Distribution shift",
}  # fmt: skip
FIRST = "test_accuracy"
READ_IT = (
    "Lines are medians over the seeds that did not diverge, bands their range; a ring is an arm’s best value, a flag "
    "says that seeds diverged there."
)


def show() -> None:
    """Presets and setup, the sweep, and below it the table of placements; the link is that of the setup."""
    _begin()
    with st.container(horizontal=True, gap="small", key="sweep.presets"):
        for preset in PRESETS:
            st.button(
                preset.title, key=f"sweep.preset.{preset.title}", help=preset.question, on_click=_place,
                args=(preset.sweep, FIRST),
            )  # fmt: skip
    before: GridView[Sweep] = st.session_state[VIEW]
    with st.sidebar:
        chosen = sweep_setup.setup_column(before.grid)
    if chosen:
        _choose(GridView(chosen, before.quantity))
        if st.session_state.pop(ANEW, False):
            DRAWING.open(chosen)
    st.fragment(_show)(chosen)
    st.markdown("## Before or after the nonlinearity, with or without gamma and beta")
    show_study(Study("placement"))


def _begin() -> None:
    """Set the page to a link that was followed; else it stays as it is."""
    query = address.followed("sweeps")
    if not query and VIEW in st.session_state:
        return
    opened, wrong = grid_link.from_query(query, GridView(SWEEP))
    sweep, more = sweep_setup.over_one_field(opened.grid, SWEEP)
    address.say_wrong(*wrong, *more)
    if query:
        address.keep("sweeps", query, GridView(sweep, opened.quantity))
    _place(sweep, opened.quantity)
    st.session_state[ANEW] = bool(query)


def _place(sweep: Sweep, quantity: str) -> None:
    st.session_state[VIEW], st.session_state[ANEW] = GridView(sweep, quantity), True
    sweep_setup.show(sweep, quantity)


def _choose(view: GridView[Sweep]) -> None:
    st.session_state[VIEW] = view
    address.tell("sweeps", grid_link.to_query(view), view)


def _show(chosen: Sweep | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sweep.controls"):
        stage = DRAWING.buttons("Run the sweep", chosen)
        DRAWING.changed(chosen)
    sweep = DRAWING.show(chosen)
    if sweep:
        _result(sweep, stage or DRAWING.display.stage)


def _result(sweep: Sweep, stage: str) -> None:
    """The curve with what is best, and the rows to take home; before there are any, what would be trained."""
    (field,), view = sweep.fields, st.session_state[VIEW]
    quantity = st.segmented_control(
        "Show", list(QUANTITIES), key="sweep.quantity", format_func=QUANTITIES.__getitem__, required=True,
        label_visibility="collapsed", persist_state="session",
    ) or view.quantity  # fmt: skip
    if quantity != view.quantity:
        _choose(replace(view, quantity=quantity))
    painter, picture = DRAWING.display.painter, DRAWING.display.picture
    assert isinstance(painter, FigurePainter) and picture
    if painter.key != quantity:
        picture.change(lambda: painter.draw_with(quantity, partial(drawn, sweep, quantity)))
    figure(DRAWING.display, "sweep", stage)
    if stage == "empty":
        st.caption(f"{', '.join(map(arm_label, sweep.experiment.arms))}, {len(sweep.experiment.seeds)} seeds, "
                   f"{sweep.steps:,} steps each.")  # fmt: skip
        return
    st.download_button(
        "Download the rows", lambda: painter.table.to_frame().to_csv(index=False), "sweep.csv", "text/csv",
        on_click="ignore", key="sweep.download", icon=":material/download:", disabled=stage == "moving",
        help="The rows found so far, once the sweep has stopped or is done.",
    )  # fmt: skip
    run = next(iter(sweep.experiment.arms.values()))
    network = f"{run.data}, {run.depth} x {run.width} {label('activation', run.activation)}"
    seeds, along = len(sweep.experiment.seeds), FIELDS[field].label.lower()
    st.caption(
        f"Measured on this server: {network}, {seeds} seeds, {sweep.steps:,} steps; {along} as above." if DRAWING.job
        else f"Recorded, really trained once: {network}, {seeds} seeds, {sweep.steps:,} steps; {along} as above."
    )  # fmt: skip


def drawn(sweep: Sweep, quantity: str, table: Table) -> Mapping[str, Any]:
    """What the page's script draws: the curve, how to read it, the best values, and what could not be trained."""
    (field,), (values,) = sweep.fields, sweep.axes.values()
    best = best_values(table, field, quantity) if len(table) else []
    return {
        "figure": drawn_curve(table, field, values, quantity),
        "waiting": "" if len(table) else "The first networks are being trained.",
        "key": quantity,
        "name": f"{QUANTITIES[quantity]} over {FIELDS[field].label.lower()}",
        "numbers": curve_table(table, field, quantity),
        "sentences": [READ_IT],
        "heading": f"{FIELDS[field].label}: the best value of each network",
        "table": best_table(table, field, quantity, best),
        "notes": refusals(table),
    }


def _painter(sweep: Sweep, recorded: Table | None) -> FigurePainter:
    painter = FigurePainter(sweep.columns, FIRST, partial(drawn, sweep, FIRST), partial(_progress, sweep), grows=True)
    if recorded:
        painter.add(recorded)
    return painter


def _progress(sweep: Sweep, state: State | None, table: Table, seconds_left: float | None) -> tuple[float | None, str]:
    return sweep_progress(state, len(table), sweep.total, seconds_left)


DRAWING = Drawing("sweep", _painter)


def best_table(table: Table, field: str, quantity: str, best: list[Best]) -> dict[str, list[Any]]:
    """One row an arm: its best value, what it reached there, what is as good, and its divergences."""
    percent, rows = SHADES[quantity].percent, []
    found = {one.arm: one for one in best}
    for arm in table.different("arm"):
        own, one = table.where(arm=arm), found.get(arm)
        lost = sum(step is not None for step in own.columns["diverged_at"])
        reached = [word("none"), "", "", ""] if one is None else [
            written(one.at, "g"), _number(one.middle, percent),
            f"{_number(min(one.reached), percent)} to {_number(max(one.reached), percent)}",
            ", ".join(written(value, "g") for value in one.as_good) or word("none"),
        ]  # fmt: skip
        rows.append([arm_label(arm), *reached, f"{lost} of {len(own)} networks"])
    columns = [
        word("network"), "best value", word("median"), word("seeds"), "as good within the seeds", word("diverged")
    ]
    return {"columns": columns, "rows": rows}


def refusals(table: Table) -> list[str]:
    """Why some points were not trained: each reason once, with whom it concerns."""
    arms: dict[str, list[str]] = {}
    for arm, reason in zip(table.columns["arm"], table.columns[IMPOSSIBLE], strict=True):
        if reason is not None and arm_label(str(arm)) not in arms.setdefault(str(reason), []):
            arms[str(reason)].append(arm_label(str(arm)))
    return [f"Not trained for {', '.join(names)}: {reason}" for reason, names in arms.items()]


def _number(value: float, percent: bool) -> str:
    return written(value, ".1%" if percent else ".3g")
