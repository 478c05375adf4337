"""A map or a sweep that a page is training: what stands on the page, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from bnviz.live.display import Display
from bnviz.live.picture import Painter
from bnviz.recorded_grids import recorded_table
from bnviz.service import SweepJob, shared
from bnviz.table import Table
from bnviz.ui.session import display_of, user

TO_REPEAT = ("failed", "cancelled")


@dataclass(frozen=True)
class Drawing:
    """What a page draws, by the page's name: one grid, the work on it, and how it is painted."""

    page: str
    paint: Callable[[Any, Table | None], Painter]
    """Makes the painter of a grid; with the rows, where they were recorded."""

    @property
    def display(self) -> Display:
        """Kept for the browser session."""
        return display_of(self.page)

    @property
    def job(self) -> SweepJob | None:
        job = self.display.job
        return job if isinstance(job, SweepJob) else None

    def show(self, chosen: Any) -> Any:
        """Show what is there, or what was recorded of the chosen one; returns that map or sweep, if any."""
        job = self.job
        grid = job.grid if job else chosen
        if grid is not None:
            recorded = None if job else recorded_table(grid)
            self.display.show(grid, lambda: self.paint(grid, recorded), job, recorded is not None)
        return grid

    def rows(self, grid: Any) -> Callable[[], Table] | None:
        """Reads what is known of the networks that are shown, trained here or recorded; None where nothing is."""
        recorded = recorded_table(grid)
        return self.job.table if self.job else (lambda: recorded) if recorded else None

    def open(self, grid: Any) -> None:
        """Have this grid on the page, whatever is there: as it was recorded, or else trained."""
        if self.job and self.job.grid == grid and self.job.state.name not in TO_REPEAT:
            return
        if recorded_table(grid):
            self.display.clear()
        else:
            self.start(grid)

    def start(self, grid: Any) -> None:
        """Train this grid; the one before is given up, without a word."""
        self.display.clear()
        self.display.show(grid, lambda: self.paint(grid, None), shared().sweep(grid, user()))

    def buttons(self, label: str, chosen: Any) -> str:
        """Start, and stop or resume; returns the stage of the work for which they stand there, if there is any."""
        job, stage = self.job, self.display.stage
        there = job is not None and job.grid == chosen and stage not in TO_REPEAT
        st.button(
            label, key=f"{self.page}.start", type="primary", disabled=chosen is None or there, on_click=self.start,
            args=(chosen,), icon=":material/play_arrow:",
        )  # fmt: skip
        if job and stage == "paused":
            st.button("Resume", key=f"{self.page}.resume", on_click=job.resume, icon=":material/resume:")
        else:
            st.button(
                "Stop", key=f"{self.page}.stop", on_click=job.pause if job else None, disabled=stage != "moving",
                icon=":material/pause:",
            )  # fmt: skip
        return stage if job else ""

    def changed(self, chosen: Any) -> None:
        """One line where the setup is no longer that of what is shown."""
        if self.job and chosen not in (None, self.job.grid):
            st.caption("The setup has changed since: start it anew to see that.")
