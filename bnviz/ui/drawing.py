"""A map or a sweep that a page is training: what stands on the page, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from bnviz.live.display import Display
from bnviz.live.picture import Painter
from bnviz.service import SweepJob, shared
from bnviz.ui.session import display_of, user

TO_REPEAT = ("failed", "cancelled")


@dataclass(frozen=True)
class Drawing:
    """What a page draws, by the page's name: one grid, the work on it, and how it is painted."""

    page: str
    paint: Callable[[Any], Painter]

    @property
    def display(self) -> Display:
        """Kept for the browser session."""
        return display_of(self.page)

    @property
    def job(self) -> SweepJob | None:
        job = self.display.job
        return job if isinstance(job, SweepJob) else None

    @property
    def moving(self) -> bool:
        """Whether more is to come by itself."""
        return self.display.stage == "moving"

    def show(self, chosen: Any) -> Any:
        """Show what is there, or what was chosen where nothing was trained yet; returns that map or sweep, if any."""
        job = self.job
        grid = job.grid if job else chosen
        if grid is not None:
            self.display.show(grid, lambda: self.paint(grid), job)
        return grid

    def start(self, grid: Any) -> None:
        """Train this grid; the one before is given up."""
        if self.job:
            self.job.cancel()
        self.display.show(grid, lambda: self.paint(grid), shared().sweep(grid, user()))

    def buttons(self, label: str, chosen: Any) -> None:
        """Start, and stop or resume."""
        job = self.job
        there = job is not None and job.grid == chosen and job.state.name not in TO_REPEAT
        st.button(
            label, key=f"{self.page}.start", type="primary", disabled=chosen is None or there, on_click=self.start,
            args=(chosen,), icon=":material/play_arrow:",
        )  # fmt: skip
        if job and job.state.name == "paused":
            st.button("Resume", key=f"{self.page}.resume", on_click=job.resume, icon=":material/resume:")
        else:
            st.button(
                "Stop", key=f"{self.page}.stop", on_click=job.pause if job else None, disabled=not self.moving,
                icon=":material/pause:",
            )  # fmt: skip

    def changed(self, chosen: Any) -> None:
        """One line where the setup is no longer that of what is shown."""
        if self.job and chosen not in (None, self.job.grid):
            st.caption("The setup has changed since: start it anew to see that.")
