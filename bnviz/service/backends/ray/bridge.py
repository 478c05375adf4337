"""The process beside the web process that belongs to the cluster: it joins sockets of the one to tasks of the other.

    python -m bnviz.service.backends.ray.bridge <control descriptor> <engine as module:name>

Ray may end a process that belongs to a cluster when the cluster goes away, so that
is never the web process, which starts this one again when it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys

import ray
from ray.exceptions import RayError

from bnviz.service.backends.fork_server import die_with_the_web_process
from bnviz.service.backends.ray.task import BEAT_SECONDS
from bnviz.service.backends.ray.tasks import TaskPool
from bnviz.settings import Settings


def main(control_descriptor: int, engine_name: str) -> None:
    """Find a task for every connection that the web process hands over, until it closes the control socket."""
    die_with_the_web_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    settings = Settings()
    try:
        _join(settings.ray_address)
    except ConnectionError as error:
        sys.exit(str(error))
    asyncio.run(_serve(socket.socket(fileno=control_descriptor), TaskPool(engine_name, settings)))


async def _serve(control: socket.socket, tasks: TaskPool) -> None:
    """The web process sends one byte and one descriptor for each connection."""
    closed = asyncio.Event()
    control.setblocking(False)

    def admit() -> None:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        for descriptor in descriptors:
            tasks.serve(socket.socket(fileno=descriptor))
        if not word:
            closed.set()

    asyncio.get_running_loop().add_reader(control, admit)
    while not closed.is_set():
        tasks.start_missing()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), BEAT_SECONDS)


def _join(address: str) -> None:
    """Belong to the cluster at ``address``: auto, or host:port of its head; nothing starts one that ends with us.

    The machine itself must have joined (``ray start --address=... --num-cpus=0``). Raises ConnectionError.
    """
    try:
        if address:
            ray.init(address=address, configure_logging=False)
        else:
            ray.init(address="local", include_dashboard=False, configure_logging=False, object_store_memory=2**27)
    except (RayError, OSError, RuntimeError, ValueError) as error:
        if not address:
            raise ConnectionError(f"A Ray of our own could not be started: {error}") from error
        raise ConnectionError(
            f"The Ray cluster at {address} could not be joined: {error}. It takes its address, a node of it on this "
            "machine (`ray start --address=... --num-cpus=0`), and the same token everywhere (RAY_AUTH_TOKEN)."
        ) from error


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
