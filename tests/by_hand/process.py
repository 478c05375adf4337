"""Worker processes that are moved by hand: what a real one runs, with the scripted engine, a little at a time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

from bnviz.messages import Message, Parser
from bnviz.service.backends.backend import Then
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.serving import turns
from bnviz.testing import Scripted, measure, train_cells


class StillPipe(Pipe):
    """Never waits for a message, and knows what it said last of where its work stands."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection)
        self.alive, self.measures = True, False
        self.stands: Mapping[str, Any] = {}
        self._said = Parser()

    def say(self, data: bytes) -> None:
        for message in self._said.feed(data):
            if message.kind == "state":
                self.stands = message.words
            self.measures = self.measures or message.kind == "table"
        super().say(data)

    def listen(self, seconds: float | None) -> list[Message]:
        return super().listen(0)

    def close(self) -> None:
        """What was said before may still be heard."""
        self.alive = False
        self._selector.close()
        self._connection.close()

    @property
    def called(self) -> bool:
        """Whether something came that was not read, or it was hung up on."""
        try:
            return self._connection.recv(1, socket.MSG_PEEK) is not None
        except BlockingIOError:
            return False
        except OSError:
            return True


class Process:
    """A worker process that goes on when it is told to."""

    def __init__(self, connection: socket.socket, clock: Callable[[], float]) -> None:
        self._pipe = StillPipe(connection)
        engine = Engine(Scripted, measure=measure, train_cells=train_cells)
        self._turns = turns(self._pipe, engine, lambda mebibytes: None, pid=0, clocks=(clock, clock))
        self.turn()

    @property
    def alive(self) -> bool:
        return self._pipe.alive

    def turn(self) -> None:
        """Look at what was said, and do a little."""
        if self.alive:
            for _ in self._turns:
                return
            self.die()

    def die(self) -> None:
        self._pipe.close()

    @property
    def plays(self) -> bool:
        """Whether it trains on and on."""
        return self._runs and self._pipe.stands.get("goal") is None and not self._pipe.measures

    @property
    def busy(self) -> bool:
        """Whether it will do something of itself, other than train on and on."""
        return self._runs and (self._pipe.measures or self._pipe.stands.get("goal") is not None)

    @property
    def called(self) -> bool:
        """Whether something was said to it that it has not read, or it was hung up on."""
        return self.alive and self._pipe.called

    @property
    def _runs(self) -> bool:
        return self.alive and self._pipe.stands.get("name") == "running"


class Backend:
    """Gives a process when it is told to."""

    resumes = False

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.requests: list[Then] = []
        self.processes: list[Process] = []

    def warm(self) -> None:
        pass

    def request(self, then: Then) -> None:
        self.requests.append(then)

    def doubt(self) -> None:
        pass

    def close(self) -> None:
        while self.requests:
            self.requests.pop()(None)

    def give(self) -> None:
        """Whoever asked first gets a process."""
        ours, theirs = socket.socketpair()
        self.processes.append(Process(theirs, self._clock))
        self.requests.pop(0)(ours)
