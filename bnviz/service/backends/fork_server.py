"""The warm process: everything imported and tried once, then one fork for each experiment, study or part of a sweep.

    python -m bnviz.service.backends.fork_server <control descriptor> <engine as module:name>

It is started by ``subprocess`` (never by forking the web process), trains
nothing itself, and ends with the web process whatever that one dies of.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import signal
import socket
import sys

from bnviz.service.backends.memory import limit_memory
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.serving import serve


def main(control_descriptor: int, engine_name: str) -> None:
    """Fork a worker for every connection that the web process hands over, until it closes the control socket."""
    die_with_the_web_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = Engine.named(engine_name)
    engine.warm_up()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=control_descriptor)
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            return
        if os.fork() == 0:
            work(control, descriptors[0], engine)
        os.close(descriptors[0])


def work(control: socket.socket, descriptor: int, engine: Engine) -> None:
    """The life of a forked worker; never returns."""
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        serve(Pipe(socket.socket(fileno=descriptor)), engine, limit_memory, calm=lambda: os.nice(10))
    finally:
        os._exit(0)


def die_with_the_web_process() -> None:
    """Standard input is a pipe that nobody writes to. When its other end closes, even by a kill -9, the kernel
    sends SIGIO to this process and all its forks, in the middle of a long computation too."""
    fcntl.fcntl(0, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):
        if not os.read(0, 1):
            sys.exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
