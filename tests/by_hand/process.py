"""Worker processes that are moved by hand: what a real one runs, with the scripted engine, a little at a time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

from bnviz.experiment import Experiment
from bnviz.service.backends.backend import Then
from bnviz.service.protocol import Message, Start, encode
from bnviz.service.worker import measuring
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.sweeping import Sweeper
from bnviz.service.worker.training import Worker
from bnviz.study import Study
from bnviz.sweeps import grid_from_json
from bnviz.testing import Scripted, measure, train_cells

FOREVER = 1e9
"""Seconds."""


class StillPipe(Pipe):
    """Never waits for a message."""

    def listen(self, seconds: float | None) -> list[Message]:
        return super().listen(0)

    def close(self) -> None:
        self._selector.close()
        self._connection.close()


class Process:
    """A worker process that goes on when it is told to: what a real one runs, with the scripted engine."""

    def __init__(self, connection: socket.socket, clock: Callable[[], float]) -> None:
        self._connection, self._clock = connection, clock
        self._pipe = StillPipe(connection)
        self.worker: Worker | None = None
        self.alive, self.kind = True, ""
        self._work = self._turns()
        self.turn()

    def turn(self) -> None:
        """Look at what was said, and do a little."""
        if not self.alive:
            return
        try:
            next(self._work)
        except (StopIteration, EOFError, OSError):
            self.die()

    def die(self) -> None:
        """What it said before may still be heard."""
        self.alive = False
        self._pipe.close()

    @property
    def busy(self) -> bool:
        """Whether it will do something of itself, other than train on and on."""
        return self.alive and (self.kind == "measure" or bool(self.worker and self.worker.goal is not None))

    @property
    def called(self) -> bool:
        """Whether something was said to it that it has not read, or it was hung up on."""
        if not self.alive:
            return False
        try:
            return self._connection.recv(1, socket.MSG_PEEK) is not None
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _turns(self) -> Iterator[None]:
        self._pipe.say(encode("hello", pid=0))
        yield
        while not (heard := self._pipe.listen(0)):
            yield
        first, others = heard[0], heard[1:]
        self._pipe.say(encode("opened"))
        self.kind = first.kind
        words = first.words
        if first.kind == "measure":
            yield from measuring.turns(self._pipe, measure(Study.from_json(words["study"])), FOREVER)
        elif first.kind == "sweep":
            sweeper = Sweeper(self._pipe, grid_from_json(words["grid"]), train_cells, FOREVER)
            sweeper.begin(others)
            while not sweeper.ended:
                yield
                sweeper.turn()
        else:
            experiment = Experiment.from_json(words["experiment"])
            rates = {arm: run.learning_rate for arm, run in experiment.arms.items()}
            self.worker = Worker(
                self._pipe, Scripted(experiment), Start.of(words), rates, first.arrays, self._clock, self._clock
            )
            self.worker.obey(others)
            self.worker.begin()
            while not self.worker.ended:
                yield
                self.worker.turn()


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
