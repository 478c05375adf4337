"""A long-lived worker: everything imported and tried once, then one run, study or part of a sweep after the other.

    python -m bnviz.service.backends.pool_worker <engine as module:name>

The first line of standard input tells the port where the web process listens,
and the secret that lets this worker in. It ends with the web process, whatever
that one dies of, and when a run has left much memory behind.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading

from bnviz.service.backends.memory import held_mebibytes, limit_memory
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.serving import serve

MOST_LEFT_MIB = 128
"""A worker that still holds so much more than when it was new is replaced by a new one."""


def main(engine_name: str) -> None:
    """Connect, serve, hang up, and again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port, secret = sys.stdin.buffer.readline().split()
    threading.Thread(target=_end_with_the_web_process, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(10)
    engine = Engine.named(engine_name)
    engine.warm_up()
    gc.collect()
    gc.freeze()
    new = held_mebibytes()
    while held_mebibytes() <= new + MOST_LEFT_MIB:
        with socket.create_connection(("127.0.0.1", int(port))) as connection, contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(secret)
            if connection.recv(1):
                serve(Pipe(connection), engine, limit_memory)
                _hang_up(connection)
        gc.collect()


def _hang_up(connection: socket.socket) -> None:
    """Let the other side hang up first: then it has read everything, and kills nobody who already serves the next."""
    connection.setblocking(True)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65536):
        pass


def _end_with_the_web_process() -> None:
    """Nobody writes to standard input any more. It ends when its other end is closed, even by a kill -9."""
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
