"""Work in a process of its own, as seen from outside: the connection through which it is followed.

What is trained or measured there, and what it sends, is the business of
``Handle`` and ``Measurement``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from bnviz.service.followed import Followed, Seen, State
from bnviz.service.messages import Message, Parser, encode

_log = logging.getLogger(__name__)

class Job(Followed[Seen]):
    """One process' worth of work. Every method may be called from any thread; ``Seen`` is what it reports."""

    def __init__(self, user: str, start: bytes, state: State, on_end: Callable[[], None]) -> None:
        super().__init__(user, state)
        self._start, self._on_end, self._saying = start, on_end, threading.Lock()
        self._early: list[bytes] | None = []
        self._connection: socket.socket | None = None
        self._pid: int | None = None

    @abstractmethod
    def _take(self, message: Message) -> None:
        """Make something of a message that only this kind of job gets."""

    @abstractmethod
    def _lost(self) -> str:
        """What a reader is told when the process is gone."""

    def send(self, do: str, **words: Any) -> None:
        """Tell the worker something. What is said before it has started waits for it; after its end it is lost."""
        data = encode(do, **words)
        with self._saying:
            if self._early is not None:
                self._early.append(data)
            self._say(data)

    def end(self, grace: float = 0.5) -> None:
        """Ask it to stop, and kill its process if that is still there after ``grace`` seconds."""
        if self._state.ended:
            return
        self._change(name="cancelled", position=0, estimate_seconds=None, steps_per_second=0.0)
        if self._pid is None:
            self.kill()
        else:
            self.send("stop")
            timer = threading.Timer(grace, self.kill)
            timer.daemon = True
            timer.start()
        self._on_end()

    def kill(self) -> None:
        """End the process at once."""
        with self._saying:
            if self._connection and self._pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
            elif self._connection:
                with contextlib.suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)

    def wait_in_queue(self, position: int, estimate_seconds: float | None) -> None:
        """The service's word on how long it may take."""
        self._change(name="queued", position=position, estimate_seconds=estimate_seconds)

    def refuse(self, message: str) -> None:
        """End before it began, with a reason."""
        self._change(name="failed", message=message, position=0, estimate_seconds=None)

    def run(self, connect: Callable[[], socket.socket]) -> None:
        """Follow the worker until it ends. A warm process that dies before the fork gets a second chance."""
        self._change(name="starting", position=0, estimate_seconds=None)
        for _ in range(2):
            try:
                self._follow(connect())
            except OSError:
                pass
            except Exception:
                _log.exception("a run could not be followed")
            if self._state.ended or self._pid:
                break
        if self._pid is None:
            self._change(name="failed", message="No training process could be started. The server's log says why.")
        self._change(name="failed", message=self._lost())

    def _follow(self, connection: socket.socket) -> None:
        parser = Parser()
        with connection:
            with self._saying:
                if self._state.ended:
                    return
                self._connection = connection
                self._say(b"".join([self._start, *(self._early or ())]))
            try:
                while not self._state.ended and (data := connection.recv(2**18)):
                    for message in parser.feed(data):
                        self._hear(message)
                while connection.recv(2**18):
                    pass
            finally:
                with self._saying:
                    self._connection = None

    def _say(self, data: bytes) -> None:
        """With ``_saying`` held. A worker that left so many commands unread that the socket is full is stuck."""
        if self._connection:
            try:
                if self._connection.send(data, socket.MSG_DONTWAIT) < len(data):
                    raise BlockingIOError
            except BlockingIOError:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _hear(self, message: Message) -> None:
        words = message.words
        if message.kind == "hello":
            with self._saying:
                self._pid, self._early = int(words["pid"]), None
        elif message.kind == "state":
            self._change(**words)
        elif message.kind == "failed":
            self._change(name="failed", message=str(words["message"]), steps_per_second=0.0)
        else:
            self._take(message)
