"""Long-lived workers, for where fork does not exist or would break CUDA: each serves one run after the other.

A worker is started by ``subprocess`` and connects back over loopback TCP, with
a secret that it got on its standard input. One connection is one job.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from bnviz.service.backends.environment import worker_environment

SPARES = 2
"""So many workers are kept when they have nothing to do; one at least, so that the next run starts at once."""

_START_SECONDS, _SECRET_SECONDS, _SECRET_LENGTH = 60.0, 5.0, 64


@dataclass(eq=False)
class _Worker:
    """One process; ``connection`` is its connection while it is idle."""

    process: subprocess.Popen[bytes]
    secret: bytes
    connection: socket.socket | None = None
    started: bool = False


class WorkerPool:
    """As many workers as are asked for, ``most`` at once, and a few spare ones."""

    resumes = False
    """What ends here unexpectedly would do so again: the machine, and its memory, are the same."""

    def __init__(self, engine: str, most: int, spares: int = SPARES) -> None:
        self._engine, self._most, self._spares = engine, most, spares
        self._changed = threading.Condition()
        self._workers: list[_Worker] = []
        self._asking = 0
        self._address: tuple[str, int] | None = None
        self._accepting: threading.Thread | None = None
        self._closed = False

    def warm(self) -> None:
        """Start a first worker, if there is none; does not wait until it is warm."""
        with self._changed:
            self._start_missing()

    def connect(self) -> socket.socket:
        """A worker that is free, as a connection to it; waits for one. Raises ConnectionError when none can start."""
        while True:
            connection = self._take()
            try:
                connection.sendall(b"!")
                if connection.recv(1, socket.MSG_PEEK):
                    return connection
            except OSError:
                pass
            connection.close()

    @property
    def pids(self) -> list[int]:
        """Every worker's process."""
        with self._changed:
            return [worker.process.pid for worker in self._workers]

    def close(self) -> None:
        """End every worker, and stop listening. Nothing is started any more."""
        with self._changed:
            self._closed = True
            for worker in self._workers:
                worker.process.kill()
            self._changed.wait_for(lambda: not self._workers, 5.0)
        if self._address and self._accepting:
            with contextlib.suppress(OSError):
                socket.create_connection(self._address).close()
            self._accepting.join(5.0)

    def _take(self) -> socket.socket:
        """The connection of an idle worker, which may have died just now."""
        until = time.monotonic() + _START_SECONDS
        with self._changed:
            self._asking += 1
            try:
                self._start_missing()
                while not (idle := self._idle()):
                    hopeless = len(self._workers) < self._most and all(worker.started for worker in self._workers)
                    if hopeless or not self._changed.wait(until - time.monotonic()):
                        raise ConnectionError("no worker could be started")
            finally:
                self._asking -= 1
            connection, idle[0].connection = idle[0].connection, None
            self._start_missing()
        assert connection
        return connection

    def _idle(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.connection]

    def _start_missing(self) -> None:
        """With the lock held: start what is asked for, and one to spare when there is none."""
        if self._closed:
            return
        ready = len(self._idle()) + sum(not worker.started for worker in self._workers)
        for _ in range(min(max(self._asking, 1) - ready, self._most - len(self._workers))):
            self._start()

    def _start(self) -> None:
        if self._address is None:
            listener = socket.create_server(("127.0.0.1", 0))
            self._address = listener.getsockname()
            self._accepting = threading.Thread(target=self._listen, args=(listener,), name="bnviz-accept", daemon=True)
            self._accepting.start()
        process = subprocess.Popen(
            [sys.executable, "-m", "bnviz.service.backends.pool_worker", self._engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=worker_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        worker = _Worker(process, secrets.token_hex(_SECRET_LENGTH // 2).encode())
        assert process.stdin
        with contextlib.suppress(OSError):
            process.stdin.write(b"%d %s\n" % (self._address[1], worker.secret))
            process.stdin.flush()
        self._workers.append(worker)
        threading.Thread(target=self._watch, args=(worker,), name="bnviz-watch", daemon=True).start()

    def _watch(self, worker: _Worker) -> None:
        """Wait for a worker's end. It is replaced if it is missed; not if it never got ready, as the next would not."""
        with worker.process:
            worker.process.wait()
        with self._changed:
            self._workers.remove(worker)
            if worker.connection:
                worker.connection.close()
            if worker.started:
                self._start_missing()
            self._changed.notify_all()

    def _listen(self, listener: socket.socket) -> None:
        with listener:
            while not self._closed:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    time.sleep(0.1)  # too many open files: some will be closed
                    continue
                threading.Thread(target=self._admit, args=(connection,), name="bnviz-admit", daemon=True).start()

    def _admit(self, connection: socket.socket) -> None:
        """Let in who brings a worker's secret, and hang up on everybody else."""
        given = b""
        with contextlib.suppress(OSError):
            connection.settimeout(_SECRET_SECONDS)
            given = connection.recv(_SECRET_LENGTH)
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._changed:
            worker = next((one for one in self._workers if hmac.compare_digest(one.secret, given)), None)
            if worker is None or worker.connection:
                connection.close()
                return
            worker.started = True
            if len(self._idle()) >= max(self._spares, self._asking):
                worker.process.kill()
                connection.close()
            else:
                worker.connection = connection
                self._changed.notify_all()
