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
    with contextlib.suppress(ConnectionError):
        fork_for(socket.socket(fileno=control_descriptor), engine)


def fork_for(control: socket.socket, engine: Engine) -> None:
    """Say that we are warm, and repeat each word that was carried out: f forks a worker, p does nothing, and s forks a
    stand-by, which goes on in this loop with a control socket of its own. Raises ConnectionError at its end."""
    control.sendall(b"%d\n" % os.getpid())
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            return
        if descriptors and forked():
            control.close()
            control = socket.socket(fileno=descriptors[0])
            if word == b"f":
                work(control, engine)
            word = b"%d\n" % os.getpid()
        else:
            for descriptor in descriptors:
                os.close(descriptor)
        control.sendall(word)


def forked() -> bool:
    """Whether this is the new process. Where the system has no room for one, whoever waits for it is hung up on."""
    try:
        return os.fork() == 0
    except OSError as error:
        print(f"No worker could be forked: {error}", file=sys.stderr)
        return False


def work(connection: socket.socket, engine: Engine) -> None:
    """The life of a forked worker; never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        serve(Pipe(connection), engine, limit_memory, calm=os.nice)
    finally:
        os._exit(0)


def die_with_the_web_process() -> None:
    """Standard input is a pipe that nobody writes to. When its other end closes, even by a kill -9, the kernel
    ends this process and all its forks, in the middle of a long computation too; on Linux even one that is stopped."""
    fcntl.fcntl(0, fcntl.F_SETOWN, -os.getpgrp())
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):
        if not os.read(0, 1):
            sys.exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
