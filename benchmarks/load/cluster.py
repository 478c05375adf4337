"""The Ray backend on two loopback nodes: how soon a run begins, goes on when its node is gone, and ends.

``measure()`` gives the rows for the table that ``python -m benchmarks.load``
prints; this module alone, run by ``python -m benchmarks.load.cluster``, prints them too.
"""

from __future__ import annotations

import math
import os
import select
import signal
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.load.loopback import Loopback
from benchmarks.table import Row, table
from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.service import Service, TrainingJob
from bnviz.service.backends.ray.backend import RayCluster
from bnviz.settings import Settings
from bnviz.snapshot import Snapshot
from bnviz.testing import STUCK, Scripted

TWINS = Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")}, seeds=range(5))
LIMITS = Settings(workers=8, checkpoint_seconds=2)
TRAINS, SCRIPTED = "bnviz.engine:Lockstep", "bnviz.testing:Scripted"


def measure() -> list[Row]:
    """The figures of the cluster: the twins of the Lab, trained by the real engine; a stuck run is the scripted one."""
    with Loopback() as loopback:
        os.environ.update(loopback.environment)
        return [
            _row("submit to first snapshot, warm", _with(TRAINS, loopback, _first_snapshot), 0.05),
            *(_row(f"node {word} to resumed", _with(TRAINS, loopback, partial(_resumed, how=how)), 10.0)
              for word, how in (("killed", signal.SIGKILL), ("silent", signal.SIGSTOP))),
            _row("stuck run cancelled, to the end of its process", _with(SCRIPTED, loopback, _cancelled), 1.0),
        ]  # fmt: skip


def _with(engine: str, loopback: Loopback, measured: Callable[[Service, Loopback], float]) -> float:
    """Measured with a service of its own, whose two spare workers are on two nodes."""
    service = Service(LIMITS, engine, RayCluster(engine, Settings(ray_address=loopback.address, ray_spares=2)))
    service.warm()
    try:
        while not all(map(loopback.workers, loopback.nodes)):
            time.sleep(0.1)
        return measured(service, loopback)
    finally:
        service.close()


def _row(figure: str, seconds: float, most: float) -> Row:
    return Row(f"Ray, two loopback nodes: {figure}", 1000 * seconds, f"<= {1000 * most:g}", "ms", seconds <= most)


def _first_snapshot(service: Service, loopback: Loopback) -> float:
    """The median of twenty, each when the spare worker that took the last one's place is warm; the first few warm
    both nodes and are not counted."""
    seconds = []
    for _ in range(24):
        time.sleep(0.5)
        begun = time.perf_counter()
        job = service.submit(TWINS, play=True)
        _until_beyond(job, -1)
        seconds.append(time.perf_counter() - begun)
        _until_beyond(job, 100)
        job.cancel()
    return statistics.median(seconds[4:])


def _resumed(service: Service, loopback: Loopback, how: signal.Signals) -> float:
    """From the end of a node to the first picture that its run had not reached."""
    job = service.submit(TWINS, play=True)
    _until_beyond(job, 2000)
    node = loopback.node_of(_busiest([pid for node in loopback.nodes for pid in loopback.workers(node)]))
    begun, step = time.perf_counter(), job.state.step
    loopback.kill(node, how)
    _until_beyond(job, step + 100)
    seconds = time.perf_counter() - begun
    job.cancel()
    loopback.kill(node)
    loopback.start(node)
    return seconds


def _cancelled(service: Service, loopback: Loopback) -> float:
    """The slowest of five, each stuck for good in its fifth step."""
    seconds = []
    for _ in range(5):
        job = service.submit(Scripted.example(STUCK), play=True)
        _until_beyond(job, 1)
        time.sleep(0.5)
        workers = {os.pidfd_open(pid) for node in loopback.nodes for pid in loopback.workers(node)}
        begun = time.perf_counter()
        job.cancel()
        ended, _, _ = select.select(list(workers), [], [], 30)
        seconds.append(time.perf_counter() - begun if ended else math.inf)
        for descriptor in workers:
            os.close(descriptor)
    return max(seconds)


def _until_beyond(job: TrainingJob, step: int) -> None:
    """Wait for a picture of a later step."""
    arrived = threading.Event()
    job.subscribe(lambda seen: arrived.set() if isinstance(seen, Snapshot) and seen.step > step else None)
    if not arrived.wait(60):
        raise TimeoutError(f"no picture beyond step {step}: {job.state}")


def _busiest(pids: list[int]) -> int:
    """The process that took most of the processor's time lately."""
    before = {pid: _ticks(pid) for pid in pids}
    time.sleep(0.5)
    return max(pids, key=lambda pid: _ticks(pid) - before[pid])


def _ticks(pid: int) -> int:
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))


if __name__ == "__main__":
    print(table(measure()))
