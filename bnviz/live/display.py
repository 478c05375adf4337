"""A map, a sweep or a study that a page shows: which one, how it is drawn, and who looks.

What no page looks at for the grace period ends, unless its reader paused it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bnviz.live.audience import Audience, Registry
from bnviz.live.picture import Painter, Picture
from bnviz.live.protocol import Draw, Open, Press, Speed
from bnviz.live.stream import Sight, Stream
from bnviz.service import StudyJob, SweepJob, owned


class Display(Audience):
    """A place on a page. Made by ``open_display``; kept as long as the browser session lasts."""

    def __init__(self, registry: Registry, user: str = "") -> None:
        super().__init__(registry, user)
        self.picture: Picture | None = None
        self.painter: Painter | None = None
        self._key: object = None
        self._run, self._wanted = 0, False
        """``_run`` counts what was shown; ``_wanted``: the job was not given up yet."""

    @property
    def job(self) -> SweepJob | StudyJob | None:
        """What is worked on, or was."""
        return self.picture.job if self.picture else None

    @property
    def stage(self) -> str:
        """``empty``, ``recorded``, ``moving`` while more comes by itself, or the name of the job's state."""
        return self.picture.stage() if self.picture else "empty"

    def show(
        self, key: object, make: Callable[[], Painter], job: SweepJob | StudyJob | None = None,
        recorded: bool = False,
    ) -> Painter:  # fmt: skip
        """Show a job, or without one what would be there, with the painter that is made for it, once for each ``key``.

        Where it was ``recorded`` the painter has its rows already.

        The same key and job again change nothing. The job before is no longer wanted here.
        """
        self.expect()
        if self.picture and self.painter and (key, job) == (self._key, self.job):
            return self.painter
        painter = make()
        self._place(key, Picture(self._run + 1, painter, job, self._registry, self._notify, recorded))
        return painter

    @owned
    def _place(self, key: object, picture: Picture) -> None:
        """Drawn where it was asked for, placed by the owner."""
        if self.picture:
            self.picture.leave()
        if self.job is not picture.job:
            self._give_up()
            self._wanted = picture.job is not None
        self._key, self._run = key, self._run + 1
        self.painter, self.picture = picture.painter, picture
        picture.follow()
        self._notify()

    @owned
    def readdress(self) -> None:
        """Take another token, because nobody knows this one any more."""
        self.token = secrets.token_urlsafe(32)
        self._registry.keep(self)

    @owned
    def clear(self) -> None:
        """Show nothing; the job is no longer wanted here."""
        self._give_up()
        if self.picture:
            self.picture.leave()
        self.picture = None

    def stream(self, run: int = -1, since: int = -1) -> DisplayStream:
        return DisplayStream(self, run, since)

    def obey(self, command: Press | Speed | Open | Draw) -> None:
        """Its buttons stand on the page: the socket has none."""

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
