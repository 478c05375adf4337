"""A study on a page: a button that measures it, how far it is, its figure and its table.

Everything happens in a fragment of the page, which looks again by itself while
something is being measured and then stands still.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from bnviz.charts import STUDY_CHARTS, draw_study
from bnviz.charts.theme import Look
from bnviz.service import State, StudyJob, shared
from bnviz.study import Study
from bnviz.table import Table
from bnviz.ui.session import user

LOOK_AGAIN_SECONDS = 0.4
"""While something is measured the page looks so often."""


def show_study(study: Study) -> None:
    """Show a study here: nothing is measured before a reader asks for it, and nothing that was is measured again."""
    job = _job_of(study)
    measuring = job is not None and not job.state.ended
    st.fragment(_show, run_every=LOOK_AGAIN_SECONDS if measuring else None)(study, measuring)


def _show(study: Study, measuring: bool) -> None:
    job = _job_of(study)
    state, table = (job.state, job.latest()) if job else (None, None)
    if measuring != (state is not None and not state.ended):
        st.rerun()  # the whole page once, so that the fragment begins or ends to look by itself
    with st.container(border=True, key=_key(study, "card")):
        st.markdown(f"**{study.words.title}**  \n{study.words.meaning}")
        _button(study, state)
        if state:
            _say(state, table)
        if table and len(table):
            _result(study, table)


def _button(study: Study, state: State | None) -> None:
    if state and not state.ended:
        st.button("Cancel", key=_key(study, "cancel"), on_click=_cancel, args=(study,))
    else:
        label = "Measured" if state and state.name == "finished" else "Measure"
        st.button(
            label, key=_key(study, "measure"), on_click=_measure, args=(study,), type="primary",
            disabled=label == "Measured",
        )


def _say(state: State, table: Table | None) -> None:
    """One sentence on where it stands."""
    if state.name == "failed":
        st.error(state.message)
    elif state.name == "queued":
        wait = f", about {state.estimate_seconds:g} s" if state.estimate_seconds else ""
        st.caption(f"Waiting for a process: number {state.position} in the queue{wait}.")
    elif state.ended:
        st.caption(state.message)
    else:
        share = table.share if table else 0.0
        st.progress(share, f"Measured so far: {share:.0%}")


def _result(study: Study, table: Table) -> None:
    """The figure, what to look for in it, and the numbers behind it."""
    look: Look = "dark" if st.context.theme.type == "dark" else "light"
    st.plotly_chart(
        draw_study(table, study, look), theme=None, key=_key(study, "figure"), config={"displayModeBar": False}
    )
    st.caption(" ".join(STUDY_CHARTS[study.name].look_for))
    with st.expander(f"Numbers ({len(table):,} rows)"):
        st.dataframe(table.to_frame(), hide_index=True, column_config=_headings(study))
    rows = study.words.arguments
    chosen = ", ".join(f"{rows[name].label.lower()} {_text(value)}" for name, value in study.arguments.items())
    st.caption(f"Measured on this server: {chosen}.")


def _headings(study: Study) -> dict[str, Any]:
    return {name: st.column_config.Column(name, help=meaning) for name, meaning in study.words.columns.items()}


def _text(value: object) -> str:
    return " ".join(f"{one:g}" for one in value) if isinstance(value, tuple) else f"{value:g}"


def _key(study: Study, part: str) -> str:
    return f"study.{study.key[:12]}.{part}"


def _job_of(study: Study) -> StudyJob | None:
    job: StudyJob | None = st.session_state.get(_key(study, "job"))
    return job


def _measure(study: Study) -> None:
    st.session_state[_key(study, "job")] = shared().measure(study, user())


def _cancel(study: Study) -> None:
    job: StudyJob | None = st.session_state.pop(_key(study, "job"), None)
    if job:
        job.cancel()
