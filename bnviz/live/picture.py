"""A map, a sweep or a study as pages see it while it is worked on: folded in once, drawn once, for everybody who looks.

Rows are taken in by the thread that follows the job. What is dear to draw is
drawn at most every ``DRAWN_EVERY_SECONDS``; whoever reads a picture only reads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import orjson

from bnviz.live.stream import Sight
from bnviz.service import State, StudyJob, SweepJob
from bnviz.table import Table

DRAWN_EVERY_SECONDS = 0.25
MOVING = ("queued", "starting", "running")


class Painter(Protocol):
    """How the rows of a job become what a page is sent. One thread at a time adds and draws, any asks for frames."""

    @property
    def setup(self) -> Mapping[str, Any]:
        """What stays the same for all of the job."""
        ...

    def add(self, rows: Table) -> None:
        """Take in what came."""

    def draw(self) -> Mapping[str, Any]:
        """Draw what was added, and say what stands beside it."""
        ...

    def progress(self, state: State | None, seconds_left: float | None) -> tuple[float | None, str]:
        """How much is done, where a bar shows that, and one sentence on it."""
        ...

    def frame_since(self, run: int, step: int) -> tuple[bytes, int] | None:
        """The message that brings a page from one step to the newest; None where it has that."""
        ...


class Picture:
    """What is seen of one job, or of none that was begun yet."""

    def __init__(
        self, run: int, painter: Painter, job: SweepJob | StudyJob | None, notify: Callable[[], None],
        timer: Callable[[float, Callable[[], None]], threading.Timer] = threading.Timer,
    ) -> None:  # fmt: skip
        self.job = job
        self._run, self._painter, self._notify, self._timer = run, painter, notify, timer
        self._painting = threading.Lock()
        """Held only while drawing, and by nobody who then waits for the job: the job's thread waits for it."""
        self._drawn_at, self._again, self._left = -DRAWN_EVERY_SECONDS, False, False
        self._setup = orjson.dumps({"kind": "setup", "run": run, **painter.setup}).decode()
        self._draw()
        if job:
            job.subscribe(self._hear)

    def stage(self) -> str:
        """``empty``, ``moving`` while more comes by itself, or the state's name."""
        return stage_of(self.job.state if self.job else None)

    def leave(self) -> None:
        """Hear no more of the job."""
        self._left = True
        if self.job:
            self.job.unsubscribe(self._hear)

    def change(self, act: Callable[[], None]) -> None:
        """Do something to the painter, and draw anew."""
        with self._painting:
            act()
        self._draw()

    def _hear(self, change: Table | State) -> None:
        if isinstance(change, State):
            self._draw()
            return
        with self._painting:
            self._painter.add(change)
            wait = self._drawn_at + DRAWN_EVERY_SECONDS - time.monotonic()
            later, self._again = wait > 0 and not self._again, wait > 0
        if wait <= 0:
            self._draw()
            return
        if later:
            timer = self._timer(wait, self._draw)
            timer.daemon = True
            timer.start()
        self._notify()

    def _draw(self) -> None:
        if self._left:
            return
        left = self.job.progress.seconds_left if isinstance(self.job, SweepJob) else None
        with self._painting:
            self._drawn_at, self._again = time.monotonic(), False
            state = self.job.state if self.job else None
            words = self._painter.draw()
            share, sentence = self._painter.progress(state, left)
            told = {
                "kind": "state", "run": self._run, "state": state.name if state else "empty", "stage": stage_of(state),
                "share": share, "sentence": sentence, **words,
            }  # fmt: skip
            message = orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY).decode()
            self.sight = Sight(self._run, self._setup, message, self._frame_since)
        self._notify()

    def _frame_since(self, step: int) -> tuple[bytes, int] | None:
        return self._painter.frame_since(self._run, step)


def stage_of(state: State | None) -> str:
    """``empty``, ``moving`` while more comes by itself, or the state's name."""
    if state is None:
        return "empty"
    return "moving" if state.name in MOVING else state.name
