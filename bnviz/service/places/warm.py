"""The warm process: everything imported and tried once, then one fork for each experiment, study or part of a sweep.

    python -m bnviz.service.warm <control descriptor> <engine as module:name>

It is started by ``subprocess`` (never by forking the web process), trains
nothing itself, and ends with the web process whatever that one dies of.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from bnviz.experiment import Experiment, Run
from bnviz.service.measuring import Measure
from bnviz.service.sweeping import TrainCells
from bnviz.service.worker import Fetch, Trainer, serve

WARM_UP = Experiment(
    arms={
        "plain": Run(),
        "bn": Run(normalization="batch"),
        "adam": Run(optimizer="adam", learning_rate=0.01),
    },
    seeds=(0,),
)
"""Trained for two steps before the first fork: loads the digits, the kernels, and what Adam imports when first used."""


def main(control_descriptor: int, engine_name: str) -> None:
    """Fork a worker for every connection that the web process hands over, until it closes the control socket."""
    die_with_the_web_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = engine_name.partition(":")
    room = importlib.import_module(module)
    engine: Callable[[Experiment], Trainer] = getattr(room, name)
    fetch: Fetch | None = getattr(room, "fetch_for", None)
    measure: Measure | None = getattr(room, "measure", None)
    train_cells: TrainCells | None = getattr(room, "train_cells", None)
    trainer = engine(WARM_UP)
    trainer.advance(2)
    trainer.snapshot()
    del trainer
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=control_descriptor)
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            return
        if os.fork() == 0:
            work(control, descriptors[0], engine, fetch, measure, train_cells)
        os.close(descriptors[0])


def work(
    control: socket.socket, descriptor: int, engine: Callable[[Experiment], Trainer], fetch: Fetch | None,
    measure: Measure | None, train_cells: TrainCells | None = None,
) -> None:  # fmt: skip
    """The life of a forked worker; never returns."""
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.nice(10)
        serve(socket.socket(fileno=descriptor), engine, limit_memory, fetch, measure, train_cells)
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


def limit_memory(mebibytes: int) -> None:
    """Let this process take so much more memory than it has now; beyond, allocations fail with a clean error.

    If the machine itself runs out, the kernel is asked to end a run, not the server.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    with contextlib.suppress(OSError):
        held = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (held + mebibytes * 2**20, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
