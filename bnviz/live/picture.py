"""A map, a sweep or a study as pages see it while it is worked on: folded in once, drawn once, for everybody who looks.

Rows are taken in and drawn beside the owner, who has others to serve. What is
dear to draw is drawn at most every ``DRAWN_EVERY_SECONDS``; whoever reads a
picture only reads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

import orjson

from bnviz.live.stream import Sight
from bnviz.service import Owner, State, StudyJob, SweepJob
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


class Painting(Protocol):
    """Where a picture is drawn: beside the owner, one thing after the other."""

    @property
    def owner(self) -> Owner: ...
    def paint(self, act: Callable[[], object], /) -> None: ...


class Picture:
    """What is seen of one job, or of none that was begun yet: where it was ``recorded``, the painter has the rows."""

    def __init__(
        self, run: int, painter: Painter, job: SweepJob | StudyJob | None, painting: Painting,
        notify: Callable[[], None], recorded: bool = False,
    ) -> None:  # fmt: skip
        self.job, self.painter = job, painter
        self._idle = "recorded" if recorded else "empty"
        """What it is called without a job."""
        self._state = State("starting") if job else None
        """What the job was when the rows that are painted had come: it may have ended since, with more of them."""
        self._run, self._painting, self._notify = run, painting, notify
        self._brush = threading.Lock()
        """Held while the painter is at work, by nobody who then waits for anything."""
        self._drawn_at, self._again, self._left = -DRAWN_EVERY_SECONDS, False, False
        self._setup = orjson.dumps({"kind": "setup", "run": run, **painter.setup}).decode()
        self._draw()

    def stage(self) -> str:
        """``empty``, ``recorded``, ``moving`` while more comes by itself, or the state's name."""
        return _stage_of(self.job.state) if self.job else self._idle

    def follow(self) -> None:
        """Hear of the job from now on, and of everything before."""
        if self.job:
            self.job.subscribe(self._hear)

    def leave(self) -> None:
        """Hear no more of the job."""
        self._left = True
        if self.job:
            self.job.unsubscribe(self._hear)

    def change(self, act: Callable[[], None]) -> None:
        """Do something to the painter, and draw anew."""
        with self._brush:
            act()
        self._draw()

    def _hear(self, change: Table | State) -> None:
        """Told by the owner."""
        self._painting.paint(partial(self._turn, change) if isinstance(change, State) else partial(self._take, change))

    def _turn(self, state: State) -> None:
        self._state = state
        self._draw()

    def _take(self, rows: Table) -> None:
        with self._brush:
            self.painter.add(rows)
            wait = self._drawn_at + DRAWN_EVERY_SECONDS - time.monotonic()
            later, self._again = wait > 0 and not self._again, wait > 0
        if wait <= 0:
            self._draw()
            return
        if later:
            self._painting.owner.later(wait, partial(self._painting.paint, self._draw))
        self._notify()

    def _draw(self) -> None:
        if self._left:
            return
        left = self.job.progress.seconds_left if isinstance(self.job, SweepJob) else None
        with self._brush:
            self._drawn_at, self._again = time.monotonic(), False
            state = self._state
            words = self.painter.draw()
            share, sentence = self.painter.progress(state, left)
            told = {
                "kind": "state", "run": self._run, "state": state.name if state else self._idle,
                "stage": _stage_of(state) if state else self._idle,
                "share": share, "sentence": sentence, **words,
            }  # fmt: skip
            message = orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY).decode()
            self.sight = Sight(self._run, self._setup, message, self._frame_since)
        self._notify()

    def _frame_since(self, step: int) -> tuple[bytes, int] | None:
        return self.painter.frame_since(self._run, step)


def _stage_of(state: State) -> str:
    return "moving" if state.name in MOVING else state.name
