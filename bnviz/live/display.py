"""A map, a sweep or a study that a page shows: which one, how it is drawn, and who looks.

Streamlit's script threads call ``show``; the socket route calls the rest. What
no page looks at for the grace period ends, unless its reader paused it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bnviz.live.audience import Audience, Registry
from bnviz.live.picture import Painter, Picture
from bnviz.live.protocol import Press, Speed
from bnviz.live.stream import Sight, Stream
from bnviz.service import StudyJob, SweepJob

OPENING_SECONDS = 20.0
"""A page that shows something has at least so long to open its socket."""


class Display(Audience):
    """A place on a page. Made by ``open_display``; kept as long as the browser session lasts."""

    def __init__(self, registry: Registry, user: str = "") -> None:
        super().__init__(registry, user)
        self.picture: Picture | None = None
        self.painter: Painter | None = None
        self._key: object = None
        self._run, self._wanted = 0, False

    @property
    def job(self) -> SweepJob | StudyJob | None:
        """What is worked on, or was."""
        return self.picture.job if self.picture else None

    @property
    def stage(self) -> str:
        """``empty``, ``moving`` while more comes by itself, or the name of the job's state."""
        return self.picture.stage() if self.picture else "empty"

    def show(self, key: object, make: Callable[[], Painter], job: SweepJob | StudyJob | None = None) -> Painter:
        """Show a job, or what one would look like, with the painter that is made for it, once for each ``key``.

        The same key and job again change nothing. The job before is no longer wanted here.
        """
        self._registry.keep(self)
        with self._lock:
            if self.picture is None or self.painter is None or (key, job) != (self._key, self.job):
                if self.picture:
                    self.picture.leave()
                if self.job is not job:
                    self._give_up()
                    self._wanted = job is not None
                self._key, self._run = key, self._run + 1
                self.painter = make()
                self.picture = Picture(self._run, self.painter, job, self._notify, self._registry.timer)
                self._notify()
            self._expect()
            return self.painter

    def readdress(self) -> None:
        """Take another token, because nobody knows this one any more."""
        self.token = secrets.token_urlsafe(32)
        self._registry.keep(self)

    def clear(self) -> None:
        """Show nothing; the job is no longer wanted here."""
        with self._lock:
            self._give_up()
            self.picture = None

    def stream(self, run: int = -1, since: int = -1) -> DisplayStream:
        return DisplayStream(self, run, since)

    def obey(self, command: Press | Speed) -> None:
        """Its buttons stand on the page: the socket has none."""

    def _expect(self) -> None:
        """A page is about to look: it is given time to open its socket."""
        if self.connections:
            return
        if self._grace:
            self._grace.cancel()
        self._later(max(OPENING_SECONDS, self._registry.service.settings.grace_seconds), self._abandon)

    def _looked_at(self, first: bool) -> None:
        """It goes on."""

    def _unseen(self) -> None:
        """It may go on for the grace period."""

    def _abandoned(self) -> None:
        if self.stage == "moving":
            self._give_up()

    def _emptied(self) -> None:
        self._abandoned()

    def _give_up(self) -> None:
        """Others may share a job: each who wanted it says once that it does no more."""
        job, wanted, self._wanted = self.job, self._wanted, False
        if job and wanted:
            job.cancel()


class DisplayStream(Stream):
    """What one page is sent of a display."""

    def __init__(self, display: Display, run: int = -1, since: int = -1) -> None:
        super().__init__(run, since)
        self._display = display

    def _look(self, now: float) -> Sight | None:
        picture = self._display.picture
        return picture.sight if picture else None
