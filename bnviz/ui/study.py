"""A study on a page: a button that measures it, how far it is, its figure and its table.

The figure reaches the page over a socket while it is measured; this fragment
of the page runs again when a button was pressed, or the measurement has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from bnviz.charts import STUDY_CHARTS, drawn_study
from bnviz.lessons.measured import found
from bnviz.live.component import figure
from bnviz.live.display import Display
from bnviz.service import State, shared
from bnviz.study import Study
from bnviz.table import Table
from bnviz.ui.figure_painter import FigurePainter
from bnviz.ui.progress import study_progress
from bnviz.ui.session import display_of, user
from bnviz.wording import written


def show_study(study: Study) -> None:
    """Show a study here: nothing is measured before a reader asks for it, and nothing that was is measured again."""
    st.fragment(_show)(study)


def _show(study: Study) -> None:
    display = display_of(_key(study, "shown"))
    with st.container(border=True, key=_key(study, "card")):
        st.markdown(f"**{study.words.title}**  \n{study.words.meaning}")
        stage = display.stage
        _button(study, stage)
        if display.job:
            _result(study, display, stage)


def _button(study: Study, stage: str) -> None:
    if stage == "moving":
        st.button("Cancel", key=_key(study, "cancel"), on_click=_cancel, args=(study,))
    else:
        label = "Measured" if stage == "finished" else "Measure"
        st.button(
            label, key=_key(study, "measure"), on_click=_measure, args=(study,), type="primary",
            disabled=label == "Measured",
        )


def _result(study: Study, display: Display, stage: str) -> None:
    """The figure with what to look for in it, and once it has ended the numbers behind it."""
    painter = display.show(study, partial(_painter, study), display.job)
    figure(display, _key(study, "figure"), stage)
    table = painter.table if isinstance(painter, FigurePainter) else None
    if table and len(table) and stage != "moving":
        with st.expander(f"Numbers ({len(table):,} rows)"):
            st.dataframe(table.to_frame(), hide_index=True, column_config=_headings(study))
    rows = study.words.arguments
    chosen = ", ".join(f"{rows[name].label.lower()} {_text(value)}" for name, value in study.arguments.items())
    st.caption(f"Measured on this server: {chosen}.")


def drawn(study: Study, table: Table) -> Mapping[str, Any]:
    """What the page's script draws: the figure, what to look for in it, and, once all is measured, what was found."""
    return {
        "figure": drawn_study(table, study),
        "waiting": "" if len(table) else "The first numbers are being measured.",
        "key": study.name,
        "name": study.words.title,
        "sentences": [said for said in (" ".join(STUDY_CHARTS[study.name].look_for), found(study.name, table)) if said],
    }


def _painter(study: Study) -> FigurePainter:
    def say(state: State | None, table: Table, seconds_left: float | None) -> tuple[float | None, str]:
        return study_progress(state, table.share) if state else (None, "")

    return FigurePainter((), study.name, partial(drawn, study), say, grows=False)


def _headings(study: Study) -> dict[str, Any]:
    return {name: st.column_config.Column(name, help=meaning) for name, meaning in study.words.columns.items()}


def _text(value: Any) -> str:
    return " ".join(written(one, "g") for one in value) if isinstance(value, tuple) else written(value, "g")


def _key(study: Study, part: str) -> str:
    return f"study.{study.key[:12]}.{part}"


def _measure(study: Study) -> None:
    job = shared().measure(study, user())
    display_of(_key(study, "shown")).show(study, partial(_painter, study), job)


def _cancel(study: Study) -> None:
    display_of(_key(study, "shown")).clear()
