"""The web process's end of the warm process: start it, ask it for workers, start it again when it died."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])


class Nursery:
    """One warm process. It is reached through a socket pair, so nothing ever lies in the file system."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

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
        """End the warm process and every worker it forked."""
        with self._lock:
            self._drop()

    def _ensure(self) -> socket.socket:
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self._drop()
        if not hasattr(os, "fork"):
            raise ConnectionError("training needs a system that can fork: Linux, macOS, or Windows with WSL")
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, [_PACKAGE_ROOT, os.environ.get("PYTHONPATH")]))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bnviz.service.warm", str(theirs.fileno()), self._engine],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ONE_THREAD, "PYTHONPATH": path},
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _drop(self) -> None:
        process, control, self._process, self._control = self._process, self._control, None, None
        if control:
            control.close()
        if process and process.stdin:
            process.stdin.close()
            process.kill()
            process.wait()
