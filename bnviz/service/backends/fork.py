"""The web process's end of the warm process: start it, ask it for workers, start it again when it died."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import IO

from bnviz.service.backends.environment import worker_environment


class ForkServer:
    """One warm process. It is reached through a socket pair, so nothing ever lies in the file system.

    ``program`` is the module it runs, with ``environment`` on top of this process' own.
    """

    resumes = False
    """Its processes are lost with this machine only."""

    def __init__(
        self, engine: str, program: str = "bnviz.service.backends.fork_server",
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        self._engine, self._program, self._environment = engine, program, dict(environment)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lifelines: list[IO[bytes]] = []
        self._closed = False

    def warm(self) -> None:
        """Start the warm process unless it runs; does not wait until it is warm."""
        with self._lock:
            self._ensure()

    def connect(self) -> socket.socket:
        """A new worker, as a connection to it. Raises ConnectionError when no process can be started."""
        with self._lock:
            for _ in range(2):
                control = self._ensure()
                ours, theirs = socket.socketpair()
                try:
                    socket.send_fds(control, [b"f"], [theirs.fileno()])
                    return ours
                except OSError:
                    ours.close()
                    self._drop()
                finally:
                    theirs.close()
        raise ConnectionError("the warm process cannot be reached")

    @property
    def pid(self) -> int | None:
        """The warm process, if one was started."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the warm process and every worker it forked; nothing is started any more."""
        with self._lock:
            self._closed = True
            self._drop()
            for lifeline in self._lifelines:
                lifeline.close()
            self._lifelines.clear()

    def _ensure(self) -> socket.socket:
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self._drop()
        if self._closed:
            raise ConnectionError("the server is shutting down")
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._program, str(theirs.fileno()), self._engine],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**worker_environment(), **self._environment},
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _drop(self) -> None:
        """Let go of the warm process. Its workers live as long as what was its standard input is open."""
        process, control, self._process, self._control = self._process, self._control, None, None
        if control:
            control.close()
        if process and process.stdin:
            process.kill()
            process.wait()
            self._lifelines.append(process.stdin)
