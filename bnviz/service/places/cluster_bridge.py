"""The process beside the web process that belongs to the cluster: it joins sockets of the one to tasks of the other.

    python -m bnviz.service.places.cluster_bridge <control descriptor> <engine as module:name>

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

from bnviz.service.places.cluster import ClusterSettings
from bnviz.service.places.cluster_crew import Crew
from bnviz.service.places.cluster_join import join
from bnviz.service.places.cluster_task import BEAT_SECONDS
from bnviz.service.places.warm import die_with_the_web_process


def main(control_descriptor: int, engine_name: str) -> None:
    """Find a task for every connection that the web process hands over, until it closes the control socket."""
    die_with_the_web_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    settings = ClusterSettings.from_environment()
    try:
        join(settings.address)
    except ConnectionError as error:
        sys.exit(str(error))
    asyncio.run(_serve(socket.socket(fileno=control_descriptor), Crew(engine_name, settings)))


async def _serve(control: socket.socket, crew: Crew) -> None:
    """The web process sends one byte and one descriptor for each connection."""
    closed = asyncio.Event()
    control.setblocking(False)

    def admit() -> None:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        for descriptor in descriptors:
            crew.admit(socket.socket(fileno=descriptor))
        if not word:
            closed.set()

    asyncio.get_running_loop().add_reader(control, admit)
    while not closed.is_set():
        crew.hire()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), BEAT_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
