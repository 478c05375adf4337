"""A process that forks workers, seen from the web process: what it is sent, what it said, whether it is stuck."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_IMPORT_SECONDS = 120.0
"""A program that is not warm by then is stuck; 23 seconds were seen beside busy neighbours."""

STOPPED, ENDED = "T", ("Z", "X", "gone")
"""What the system says of a process that a signal has stopped, and of one that is over."""

_PATIENCE_SECONDS = 4.0
"""For so long it may owe a word while others keep the processors busy. One that was stopped is given no time."""


class Family:
    """A program and all that were forked from it: one process group, which lives until ``end``, or we do, is over."""

    def __init__(self, arguments: list[str], control: socket.socket, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", arguments[0], str(control.fileno()), *arguments[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[control.fileno()],
            env=environment,
            start_new_session=True,
        )
        assert self.process.stdin
        self._readers = select.poll()
        self._readers.register(self.process.stdin, 0)

    @property
    def is_gone(self) -> bool:
        """Whether nobody is left to read its input. Who is our child, or became it as an orphan, is reaped."""
        if self.process.poll() is None:
            return False
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-self.process.pid, os.WNOHANG)[0]:
                pass
        return bool(self._readers.poll(0))

    def end(self) -> None:
        """Close what is their standard input: the kernel ends all who are left."""
        assert self.process.stdin
        self.process.stdin.close()


class WarmProcess:
    """One process of a family that forks workers on demand. Nothing here waits for it.

    It says its process number once it is warm, then repeats every word that it has carried out.
    """

    def __init__(self, family: Family, control: socket.socket, pid: int | None) -> None:
        control.setblocking(False)
        self.family, self.pid, self.is_gone = family, pid, False
        self._control, self._started = control, time.monotonic()
        self._is_warm = False
        self._owes_since: float | None = None

    @classmethod
    def start(cls, arguments: list[str], environment: Mapping[str, str]) -> Self:
        """Start a program: its module and what that is told. Raises OSError where the system has no room for it."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                family = Family(arguments, theirs, environment)
            except BaseException:
                ours.close()
                raise
        return cls(family, ours, family.process.pid)

    def sibling(self) -> list[Self]:
        """Ask it to fork one like itself, once it is warm: that one, or nobody where this cannot be asked now."""
        try:
            ours, theirs = socket.socketpair()
        except OSError:
            return []
        with theirs:
            if self.hand(b"s", theirs):
                return [type(self)(self.family, ours, None)]
        ours.close()
        return []

    def hand(self, word: bytes, end: socket.socket) -> bool:
        """Tell it to fork a worker (f) or a stand-by (s) for this end of a connection; False if not now, or never."""
        try:
            socket.send_fds(self._control, [word], [end.fileno()])
        except ConnectionError:
            self._lose()
        except OSError:
            pass
        else:
            return True
        return False

    def hear(self) -> None:
        """Take in what it said, if anything; it may have ended, though who was just forked still holds its socket."""
        try:
            said = self._control.recv(4096)
        except BlockingIOError:
            said = None
        except OSError:
            said = b""
        if said and not self._is_warm:
            self.pid, self._is_warm = int(said.split()[0]), True
        if said is not None:
            self._owes_since = None
        if said == b"" or _state_of(self.pid) in ENDED:
            self._lose()

    def is_stuck(self) -> bool:
        """Whether it was stopped, or owes a word for long. Until it is warm it owes nothing, for a while."""
        now = time.monotonic()
        if not self._is_warm:
            return now > self._started + _IMPORT_SECONDS
        if self._owes_since is None:
            self._owes_since = now
            with contextlib.suppress(OSError):
                self._control.send(b"p")
        return _state_of(self.pid) == STOPPED or now > self._owes_since + _PATIENCE_SECONDS

    def kill(self) -> None:
        """End it, but none of its workers. What it has not carried out is hung up on."""
        if self.pid and not self.is_gone:
            with contextlib.suppress(OSError):
                if os.getpgid(self.pid) == self.family.process.pid:
                    os.kill(self.pid, signal.SIGKILL)
        self._lose()

    def _lose(self) -> None:
        self._control.close()
        self.is_gone = True


def _state_of(pid: int | None) -> str:
    """The letter by which the system says what a process does, or ``gone``; nothing where it does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "gone" if pid and Path("/proc/self").exists() else ""
    except OSError:
        return ""
