"""What the tests of places share: how a process is started, the first word of a worker, whether one has ended."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

from bnviz.experiment import Experiment
from bnviz.messages import Message, Parser, encode
from bnviz.service.backends.backend import Backend
from bnviz.service.protocol import Start
from bnviz.testing import Scripted

PATIENCE = 120
"""Seconds within which a process begins, answers or ends, on a busy machine too."""

HEEDING = """
import os, signal, sys
for number in {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT}:
    signal.signal(number, signal.SIG_IGN if str(int(number)) in sys.argv[1].split() else signal.SIG_DFL)
os.execv(sys.argv[2], sys.argv[2:])
"""


def heeding_signals(*command: str, but: tuple[signal.Signals, ...] = ()) -> list[str]:
    """A Python command that heeds the signals of a terminal ``but`` some, whatever our own parent ignores.

    A job in the background ignores SIGINT and SIGQUIT, one behind ``nohup`` SIGHUP, and their children inherit it.
    """
    ignored = " ".join(str(int(number)) for number in but)
    return [sys.executable, "-I", "-S", "-c", HEEDING, ignored, sys.executable, *command]


def connect(backend: Backend) -> socket.socket:
    """Wait for a worker. Raises ConnectionError if there is none."""
    given: queue.SimpleQueue[socket.socket | None] = queue.SimpleQueue()
    backend.request(given.put)
    if (connection := given.get()) is None:
        raise ConnectionError("no worker could be started")
    return connection


def first_message(connection: socket.socket) -> Message:
    connection.settimeout(PATIENCE)
    return next(Parser().feed(connection.recv(65536)))


def pid_of(connection: socket.socket) -> int:
    """The process at the other end, which says so first."""
    return int(first_message(connection).words["pid"])


def begin(connection: socket.socket, experiment: Experiment | None = None, **start: object) -> None:
    """Ask for a run."""
    words = {**Start(memory_mib=256).words(), **start}
    connection.sendall(encode("start", experiment=(experiment or Scripted.example()).to_json(), **words))


def messages_until(connection: socket.socket, kind: str) -> list[Message]:
    """What is said up to the first message of this kind."""
    parser, heard = Parser(), list[Message]()
    connection.settimeout(PATIENCE)
    while not any(message.kind == kind for message in heard):
        data = connection.recv(65536)
        assert data, heard
        heard += parser.feed(data)
    return heard


def has_ended(pid: int) -> bool:
    """Waits for a process that is not ours."""
    return bool(those_that_end([pid], 1))


def those_that_end(pids: Iterable[int], many: int) -> set[int]:
    """Waits until so many of these processes have ended, which are not ours; some may have before."""
    watched, ended = dict[int, int](), set[int]()
    with contextlib.ExitStack() as stack:
        for pid in pids:
            try:
                watched[os.pidfd_open(pid)] = pid
            except ProcessLookupError:
                ended.add(pid)
        for descriptor in watched:
            stack.callback(os.close, descriptor)
        while len(ended) < many and (ready := select.select(list(watched), [], [], PATIENCE)[0]):
            ended |= {watched.pop(descriptor) for descriptor in ready}
    return ended


def descriptors() -> set[tuple[str, str]]:
    """Our own open ones, each with what it leads to: a number alone may be another's in a moment."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # that of the list itself
            found.add((name, os.readlink(f"/proc/self/fd/{name}")))
    return found


def marked(mark: str) -> set[int]:
    """Every living process that was started with this word in its environment, by whomever."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return found
