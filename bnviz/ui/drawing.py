"""A map or a sweep that a page is training: what stands on the page, its buttons, and how far it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import streamlit as st

from bnviz.service import SweepJob, shared
from bnviz.sweeps import Grid
from bnviz.ui.map_words import time_left
from bnviz.ui.session import user

LOOK_AGAIN_SECONDS = 0.3
"""While networks train the page looks so often."""

HIDDEN_SECONDS = 20
"""A page in a hidden tab looks so much more seldom."""

TO_REPEAT = ("failed", "cancelled")


class Lease:
    """Ends a sweep that no page has looked at for some seconds; what it found stays. A stopped one is left alone."""

    def __init__(self, job: SweepJob, seconds: float) -> None:
        self._handle, self._seconds = job, seconds
        self._timer: threading.Timer | None = None

    def renew(self) -> None:
        """A page looks."""
        if self._timer:
            self._timer.cancel()
        if not self._handle.state.ended:
            self._timer = threading.Timer(self._seconds, self._end)
            self._timer.daemon = True
            self._timer.start()

    def _end(self) -> None:
        if self._handle.state.name != "paused":
            self._handle.cancel()


@dataclass(frozen=True)
class Drawing:
    """What a page draws, by the page's name: one grid and the work on it, kept for the browser session."""

    page: str

    @property
    def job(self) -> SweepJob | None:
        job: SweepJob | None = st.session_state.get(f"{self.page}.job")
        return job

    @property
    def moving(self) -> bool:
        """Whether more is to come by itself."""
        job = self.job
        return job is not None and not job.state.ended and job.state.name != "paused"

    def start(self, grid: Grid) -> None:
        """Train this grid; the one before is given up."""
        if self.job:
            self.job.cancel()
        service = shared()
        job = st.session_state[f"{self.page}.job"] = service.sweep(grid, user())
        st.session_state[f"{self.page}.lease"] = Lease(job, service.settings.grace_seconds + HIDDEN_SECONDS)

    def look(self) -> None:
        """Say that a page shows it; one that nobody looks at ends after a while."""
        lease: Lease | None = st.session_state.get(f"{self.page}.lease")
        if lease:
            lease.renew()

    def buttons(self, label: str, chosen: Grid | None) -> None:
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

    def progress(self, chosen: Grid | None) -> None:
        """One line on where it stands."""
        job = self.job
        if job is None:
            return
        state, progress = job.state, job.progress
        changed = "" if chosen in (None, job.grid) else " The setup has changed since: start it anew to see that."
        words = time_left(progress.done, progress.total, progress.seconds_left if self.moving else None)
        if state.name == "failed":
            st.error(state.message)
        elif state.name == "queued":
            st.caption(f"Waiting for a process: number {state.position} in the queue.")
        elif state.ended:
            message = state.message or ("Nobody was looking, so it ended here." if state.name == "cancelled" else "")
            st.caption(f"{words} trained. {message}{changed}")
        else:
            paused = "Stopped at " if state.name == "paused" else ""
            st.progress(progress.done / max(progress.total, 1), f"{paused}{words}{changed}")
