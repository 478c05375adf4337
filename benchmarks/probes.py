"""What watching costs: CPU time of a snapshot with all probes, as a share of the training it interrupts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from unittest import mock

from benchmarks.table import Row
from bnviz.engine.lockstep import Lockstep
from bnviz.engine.probes import Reader
from bnviz.engine.trace import StackView
from bnviz.experiment import Experiment
from bnviz.run import Run

SNAPSHOTS_PER_SECOND, MARK = 10, 10.0
SNAPSHOTS = 60


def rows() -> list[Row]:
    """The default preset, plain and BN with five seeds each, at full speed and ten snapshots a second."""
    share = 100 * added_share(Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")}))
    words = f"training time added by all probes at {SNAPSHOTS_PER_SECOND} snapshots a second"
    return [Row(words, share, f"<= {MARK:g}", "%", share <= MARK)]


def added_share(experiment: Experiment) -> float:
    """CPU-seconds that watching takes of every second (the median snapshot's).

    Between two snapshots as many steps are taken as fit into a tenth of a
    second. A snapshot is charged with what is remembered, 20 steps before, as
    the distribution shift needs.
    """
    with mock.patch("bnviz.engine.lockstep.Reader", _TimedReader):
        lockstep = Lockstep(experiment)
    every = max(1, round(50 / SNAPSHOTS_PER_SECOND / _seconds(lockstep.advance, 50)))
    costs = []
    for _ in range(SNAPSHOTS):
        _TimedReader.remembering = 0.0
        lockstep.advance(every)
        costs.append(_TimedReader.remembering + _seconds(lockstep.snapshot))
    return statistics.median(costs) * SNAPSHOTS_PER_SECOND


class _TimedReader(Reader):
    """A reader that adds up the CPU-seconds of remembering."""

    remembering = 0.0

    def remember(self, view: StackView) -> None:
        _TimedReader.remembering += _seconds(super().remember, view)


def _seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.process_time()
    work(*arguments)
    return time.process_time() - start
