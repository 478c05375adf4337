"""What runs on a node of the cluster: one task for each connection, which yields what its worker says.

The worker talks over a socket as on any other place; two threads of the task
carry its bytes to and from Ray.
"""

from __future__ import annotations

import contextlib
import functools
import os
import selectors
import socket
import threading
from collections.abc import Iterator
from typing import Any

import ray
from ray.exceptions import RayError

from bnviz.service.backends.environment import worker_environment
from bnviz.service.backends.memory import limit_memory
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.serving import serve

BEAT_SECONDS = 0.5
"""A task that has nothing to say yields an empty piece so often: silence means that its node is gone."""

LAST_SECONDS = 2.0
"""A worker whose caller left has so long to end by itself."""

PIECE_BYTES = 90_000
"""Ray sends up to 100 kB with the word that something came (3 ms there and back), more by way of a store (14 ms)."""


def work(mailbox: Any, key: str, engine_name: str) -> Iterator[bytes]:
    """Serve one connection: what is put into the mailbox comes in, what is yielded goes out."""
    engine = _warm(engine_name)
    ours, theirs = socket.socketpair()
    threading.Thread(target=_serve, args=(theirs, engine), name="bnviz-serve", daemon=True).start()
    done = threading.Event()
    threading.Thread(target=_bring, args=(ours, mailbox, key, done), name="bnviz-bring", daemon=True).start()
    with ours, selectors.DefaultSelector() as selector:
        selector.register(ours, selectors.EVENT_READ)
        while True:
            if not selector.select(BEAT_SECONDS):
                yield b""
            elif piece := ours.recv(PIECE_BYTES):
                yield piece
            else:
                done.set()
                return


@functools.cache
def _warm(engine_name: str) -> Engine:
    """Once in each process, which Ray keeps for the tasks after this one."""
    os.environ.update(worker_environment())
    engine = Engine.named(engine_name)
    engine.warm_up()
    return engine


def _serve(connection: socket.socket, engine: Engine) -> None:
    """In a thread: the worker's work, from its hello to its end."""
    with connection:
        serve(Pipe(connection), engine, limit_memory, pid=0)


def _bring(connection: socket.socket, mailbox: Any, key: str, done: threading.Event) -> None:
    """In a thread: take to the worker what lies in the mailbox, until that is closed.

    A worker that goes on although nobody is there ends its process itself: that Ray was asked to end it has been seen
    to be lost.
    """
    with contextlib.suppress(RayError, OSError):
        while letters := ray.get(mailbox.take.remote(key)):
            connection.sendall(letters)
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    if not done.wait(LAST_SECONDS):
        os._exit(1)
