"""One long-lived worker, seen from the web process: its process, its secret, and whom it is meant for."""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import Self

from bnviz.service.backends.backend import Then
from bnviz.service.backends.environment import worker_environment

SECRET_LENGTH = 64


@dataclass(eq=False)
class PoolMember:
    """One process. Its connection is ours while it is idle, and until it has said hello to whom it is meant for.

    ``until`` is by when it must have said what it owes.
    """

    process: subprocess.Popen[bytes]
    secret: bytes
    until: float
    connection: socket.socket | None = None
    then: Then | None = None
    started: bool = False

    @classmethod
    def start(cls, engine: str, port: int, until: float) -> Self:
        """Start one that connects to this port. Raises OSError where the system has no room for it."""
        secret = secrets.token_hex(SECRET_LENGTH // 2).encode()
        process = subprocess.Popen(
            [sys.executable, "-m", "bnviz.service.backends.pool_worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=worker_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert process.stdin
        with contextlib.suppress(OSError):
            process.stdin.write(b"%d %s\n" % (port, secret))
            process.stdin.flush()
        return cls(process, secret, until)

    @property
    def is_idle(self) -> bool:
        """Whether it may be given to somebody."""
        return self.connection is not None and self.then is None

    def bury(self) -> None:
        """Let go of a process that was killed; one that the system cannot end is not waited for."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5.0)
        assert self.process.stdin
        with contextlib.suppress(OSError):
            self.process.stdin.close()
