"""Work in a process of its own, as seen from outside: the connection through which it is followed.

What is trained or measured there, and what it sends, is the business of
``TrainingJob`` and ``StudyJob``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from abc import abstractmethod
from collections.abc import Hashable
from typing import Any, Protocol

from bnviz.service import metrics
from bnviz.service.backends.backend import Backend
from bnviz.service.protocol import Message, Parser, encode
from bnviz.service.subject import Seen, State, Subject

_log = logging.getLogger(__name__)

_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Windows knows neither: there a send may wait, and every signal kills."""

_OPENING_SECONDS = 60.0
"""A start may carry a checkpoint, which is more than a socket holds: the worker has so long to take it."""

BEHIND_YOURS = "It begins when your other run has ended."


class Scheduling(Protocol):
    """Where jobs wait for their turn."""

    @property
    def snapshots_per_second(self) -> float: ...
    def accept(self, job: Job[Any]) -> None: ...
    def recount(self) -> None: ...


class Job(Subject[Seen]):
    """One process' worth of work. Every method may be called from any thread; ``Seen`` is what it reports.

    A job may sleep: it gives its process back, and when it is told something
    it queues again and goes on in another one.
    """

    kind = "job"

    def __init__(self, user: str, state: State, scheduler: Scheduling) -> None:
        super().__init__(user, state)
        self._scheduler, self._saying = scheduler, threading.Lock()
        self._early: list[bytes] | None = []
        self._asleep = self._has_slot = False
        self._connection: socket.socket | None = None
        self._pid: int | None = None

    @abstractmethod
    def _opening(self) -> bytes:
        """What a worker is told first."""

    @abstractmethod
    def _take(self, message: Message) -> None:
        """Make something of a message that only this kind of job gets."""

    @abstractmethod
    def _lost(self) -> str:
        """What a reader is told when the process is gone."""

    def _goes_on(self) -> bool:
        """Whether it may be begun again where its process was lost with its machine."""
        return False

    @property
    def owner(self) -> Hashable:
        """Whose turn it takes: each user has one for every kind of work; without a user it is its own."""
        return (self.user, self.kind) if self.user else self.work

    @property
    def work(self) -> Hashable:
        """What it is a part of."""
        return self

    @property
    def ended(self) -> bool:
        """Whether it needs no process any more."""
        return self._state.ended

    def send(self, do: str, **words: Any) -> None:
        """Tell the worker something. What is said before it has started waits for it; after its end it is lost."""
        data = encode(do, **words)
        with self._saying:
            if self._early is None:
                self._say(data)
            else:
                self._early.append(data)
            wakes = self._wakes()
        if wakes:
            self._scheduler.accept(self)

    def send_snapshot_rate(self, per_second: float) -> None:
        """So many snapshots a second are affordable now; for those who show any."""

    def give_way(self) -> None:
        """Another job of its owner waits for its process."""

    def rest(self, now: bool = False) -> None:
        """Ask it to sleep, if it is paused, or ``now``, whatever it does. It may be unable to."""
        with self._saying:
            if self._connection and self._early is None and not self._state.ended:
                self._say(encode("sleep", now=now))
                self._early = []

    def left(self) -> None:
        """Its process is given back. If it sleeps and was told something meanwhile, it queues again."""
        with self._saying:
            self._has_slot = False
            wakes = self._wakes()
        if wakes:
            self._scheduler.accept(self)

    def end(self, grace: float = 0.5) -> None:
        """Ask it to stop, and kill its process if that is still there after ``grace`` seconds."""
        if self._state.ended:
            return
        self._change(name="cancelled", position=0, estimate_seconds=None, steps_per_second=0.0)
        if self._pid is None:
            self.kill()
        else:
            with self._saying:
                self._say(encode("stop"))
            timer = threading.Timer(grace, self.kill)
            timer.daemon = True
            timer.start()
        self._scheduler.recount()

    def kill(self) -> None:
        """End the process at once."""
        with self._saying:
            if self._connection and self._pid:
                with contextlib.suppress(OSError):
                    os.kill(self._pid, _KILL)
            elif self._connection:
                with contextlib.suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)

    def wait_in_queue(self, position: int, estimate_seconds: float | None, behind_own: bool = False) -> None:
        """The scheduler's word on how long it may take."""
        message = BEHIND_YOURS if behind_own else ""
        self._change(name="queued", position=position, estimate_seconds=estimate_seconds, message=message)

    def refuse(self, message: str) -> None:
        """End before it began, with a reason."""
        self._change(name="failed", message=message, position=0, estimate_seconds=None)

    def run(self, backend: Backend) -> None:
        """Follow the worker until it ends or sleeps. What dies before it has said hello gets a second chance."""
        self._change(name="starting", position=0, estimate_seconds=None, message="")
        self._has_slot, mute = True, 0
        while mute < 2:
            self._pid = None
            try:
                self._follow(backend.connect())
            except OSError:
                pass
            except Exception:
                _log.exception("a run could not be followed")
            if self._state.ended or self._asleep:
                return
            mute = 0 if self._pid is not None else mute + 1
            if not mute:
                metrics.DEATHS.inc()
                if not (backend.resumes and self._goes_on()):
                    self._change(name="failed", message=self._lost(), steps_per_second=0.0)
                    return
        self._change(name="failed", message="No training process could be started. The server's log says why.")

    def _wakes(self) -> bool:
        """With ``_saying`` held: whether it slept and now has to queue."""
        if not self._asleep or not self._early or self._has_slot:
            return False
        self._asleep = False
        return True

    def _follow(self, connection: socket.socket) -> None:
        parser, opening = Parser(), self._opening()
        with connection:
            with self._saying:
                if self._state.ended:
                    return
                self._connection, self._early = connection, self._early or []
            try:
                self._open(connection, opening)
                while not self._state.ended and (data := connection.recv(2**18)):
                    for message in parser.feed(data):
                        self._hear(message)
                while connection.recv(2**18):
                    pass
            finally:
                with self._saying:
                    self._connection = None

    def _open(self, connection: socket.socket, opening: bytes) -> None:
        """Say the first word. Who has hung up already may have said something before."""
        connection.settimeout(_OPENING_SECONDS)
        with contextlib.suppress(ConnectionError):
            connection.sendall(opening)
        connection.settimeout(None)

    def _say(self, data: bytes) -> None:
        """With ``_saying`` held. A worker that left so many commands unread that the socket is full is stuck."""
        if self._connection:
            try:
                if self._connection.send(data, _DONT_WAIT) < len(data):
                    raise BlockingIOError
            except BlockingIOError:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _hear(self, message: Message) -> None:
        words = message.words
        if message.kind == "hello":
            self._pid = int(words["pid"])
        elif message.kind in ("opened", "awake"):
            with self._saying:
                self._say(b"".join(self._early or ()))
                self._early = None
        elif message.kind == "state":
            self._change(**words)
        elif message.kind == "failed":
            self._change(name="failed", message=str(words["message"]), steps_per_second=0.0)
        elif message.kind == "tired":
            self.rest()
        elif message.kind == "asleep":
            with self._saying:
                self._asleep, self._pid = True, None
            self._change(name="paused", steps_per_second=0.0)
        else:
            self._take(message)
