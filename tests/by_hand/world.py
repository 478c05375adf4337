"""The whole server in one thread, moved by hand: readers and their pages, the real owner's rooms, and processes.

Nothing happens by itself. Each method is one thing that can happen at any
time, so that a test can try every order in which messages may come.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from bnviz.experiment import Experiment
from bnviz.live.protocol import Press, Speed
from bnviz.live.session import Session
from bnviz.live.sessions import Sessions
from bnviz.live.stream import Stream
from bnviz.service import Service, StudyJob, SweepJob
from bnviz.settings import Settings
from bnviz.study import Study
from tests.by_hand.owner import Interrupted
from tests.by_hand.process import Backend, Process

GRANTED = {"workers": 3, "queue": 3, "per_user": 1, "step_budget": 2000, "idle_seconds": 900, "rest_seconds": 2}


class Page:
    """A page that was told its reader's token, and is let in when the owner comes to it."""

    def __init__(self) -> None:
        self.stream: Stream | None = None
        self.closed_with: int | None = None

    def wake(self) -> None:
        pass

    def close(self, code: int) -> None:
        self.closed_with = code


class World:
    """Readers by number, in front of a service with few processes."""

    def __init__(self, **settings: Any) -> None:
        self.owner, self._ticks = Interrupted(), itertools.count()
        self.backend = Backend(self._clock)
        self.service = Service(Settings(**GRANTED | settings), "bnviz.testing:Scripted", self.backend, owner=self.owner)
        self.sessions = Sessions(self.service)
        self.readers: list[Session] = []
        self.pages: list[list[Page]] = []
        self.killed = False
        self.studies: dict[StudyJob, int] = {}
        """Every measurement, and how many still want it."""
        self.sweeps: list[SweepJob] = []

    def _clock(self) -> float:
        return self.owner.clock + next(self._ticks) * 1e-3

    def close(self) -> None:
        """The end of the test: whatever it came to."""
        for process in self.backend.processes:
            process.die()
        for wire in self.owner.wires:
            wire.abort()

    # What readers do

    def enter(self) -> int:
        """One more browser session."""
        self.readers.append(self.sessions.take())
        self.pages.append([])
        return len(self.readers) - 1

    def load(self, reader: int, experiment: Experiment, *before: int) -> None:
        """A script run; so many letters are read before each of its questions."""
        self.owner.before = list(before)
        self.readers[reader].load(experiment)
        self.owner.before = []

    def look(self, reader: int) -> Page:
        """A page opens its socket."""
        page, session = Page(), self.readers[reader]

        def open() -> None:
            opened = self.sessions.open(session.token, page, -1, -1)
            page.stream = opened[1] if opened else None
            page.closed_with = None if opened else 4404

        self.pages[reader].append(page)
        self.owner.tell(open)
        return page

    def look_away(self, reader: int) -> None:
        """A page is closed."""
        if self.pages[reader]:
            self.owner.tell(self.readers[reader].detach, self.pages[reader].pop(0))

    def press(self, reader: int, button: Any, know: Callable[[int, str], None] = lambda reader, button: None) -> None:
        """A button; ``know`` is called when the owner comes to it."""

        def obey() -> None:
            know(reader, button)
            self.readers[reader].obey(Press(do=button))

        self.owner.tell(obey)

    def speed(self, reader: int, value: int) -> None:
        self.owner.tell(self.readers[reader].obey, Speed(do="speed", value=value))

    def measure(self, study: Study) -> StudyJob:
        job = self.service.measure(study)
        self.studies[job] = self.studies.get(job, 0) + 1
        return job

    # What else happens

    def read(self) -> None:
        """The owner reads a letter."""
        if self.owner.letters:
            self.owner.read()

    def give(self) -> None:
        """A process is there for whoever asked first."""
        if self.backend.requests:
            self.backend.give()

    @property
    def processes(self) -> list[Process]:
        return [process for process in self.backend.processes if process.alive]

    def turn(self, number: int = 0) -> None:
        """A process does a little."""
        if processes := self.processes:
            processes[number % len(processes)].turn()

    def hear(self, number: int = 0) -> None:
        """The owner hears what a process said."""
        self.owner.wires = [wire for wire in self.owner.wires if wire.open]
        if self.owner.wires:
            self.owner.wires[number % len(self.owner.wires)].hear()

    def kill(self, number: int = 0) -> None:
        """A process dies."""
        if processes := self.processes:
            self.killed = True
            processes[number % len(processes)].die()

    def ring(self) -> None:
        """The next timer rings."""
        if self.owner.waiting:
            self.owner.ring(self.owner.waiting[0])

    def stop(self) -> None:
        """The server is asked to stop, as ``Service.close`` does it, but for the waiting."""
        self.service.scheduler.closed = True
        self.service._rest_all()
        self.settle()
        self.service._store_what_is_under_way()
        self.service.scheduler.close()
        self.backend.close()
        self.settle()

    def settle(self, rounds: int = 400) -> None:
        """Everything that was said is heard, everybody who waits for a process that is free has one."""
        quiet = 0
        for _ in range(rounds):
            before = len(self.processes), len(self.owner.wires)
            moved = bool(self.owner.letters or self.backend.requests)
            moved |= any(process.busy or process.called for process in self.processes)
            while self.owner.letters:
                self.owner.read()
            while self.backend.requests:
                self.backend.give()
            for process in self.processes:
                process.turn()
            heard = self.owner.hear()
            moved |= before != (len(self.processes), len(self.owner.wires))
            playing = any(process.plays for process in self.processes)
            quiet = 0 if moved or (heard and not playing) else quiet + 1
            if quiet > 2:
                return
        raise AssertionError("it does not come to rest")
