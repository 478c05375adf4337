"""Takes from Python what Windows does not have, in every process that finds this module first.

What Python's own ``subprocess`` needs here (SIGKILL) has to stay.
"""

import os
import select
import signal
import socket
import sys

for module, names in {
    os: ("fork", "nice", "sched_getaffinity", "killpg", "getpgrp", "setsid"),
    select: ("poll", "epoll"),
    signal: ("SIGHUP", "SIGQUIT", "SIGCHLD"),
    socket: ("AF_UNIX", "MSG_DONTWAIT", "send_fds", "recv_fds"),
}.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
sys.modules["fcntl"] = None  # type: ignore[assignment]


def socketpair() -> tuple[socket.socket, socket.socket]:
    """As Python makes one on Windows."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = socket.create_connection(listener.getsockname())
        return one, listener.accept()[0]


socket.socketpair = socketpair  # type: ignore[assignment]
