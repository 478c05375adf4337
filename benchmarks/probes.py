"""What watching costs: CPU time of a snapshot with all probes, as a share of the training it interrupts."""

from __future__ import annotations

import statistics
import time

from benchmarks.table import Row
from bnviz.engine.lockstep import Lockstep
from bnviz.experiment import Experiment, Run

SNAPSHOTS_PER_SECOND, MARK = 10, 10.0
TURNS, SNAPSHOTS = 9, 10


def rows() -> list[Row]:
    """The default preset, plain and BN with five seeds each, at full speed and ten snapshots a second."""
    share = added_share(Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")}))
    words = f"training time added by all probes at {SNAPSHOTS_PER_SECOND} snapshots a second"
    return [Row(words, 100 * share, f"<= {MARK:g}", "%", 100 * share <= MARK)]


def added_share(experiment: Experiment) -> float:
    """CPU-seconds that watching adds to every second of training (median of turns).

    Between two snapshots as many steps are taken as fit into a tenth of a
    second, with the short stops for the distribution shift that this brings.
    """
    watched, alone = Lockstep(experiment), Lockstep(experiment, probes=False)
    every = max(1, round(1 / SNAPSHOTS_PER_SECOND / _seconds(alone, 50, snapshots=2) * 50))
    _seconds(watched, every, snapshots=3)
    added = []
    for _ in range(TURNS):
        added.append(_seconds(watched, every, SNAPSHOTS) - _seconds(alone, every, SNAPSHOTS))
    return statistics.median(added) * SNAPSHOTS_PER_SECOND


def _seconds(lockstep: Lockstep, every: int, snapshots: int) -> float:
    """CPU-seconds of a snapshot and the steps that lead to it."""
    start = time.process_time()
    for _ in range(snapshots):
        lockstep.advance(every)
        lockstep.snapshot()
    return (time.process_time() - start) / snapshots
