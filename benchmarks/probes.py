"""What watching costs: CPU time of a snapshot with all probes, as a share of the training it interrupts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from unittest import mock

from benchmarks.table import Row
from bnviz.engine.lockstep import Lockstep
from bnviz.engine.probes import Reader
from bnviz.engine.trace import StackView
from bnviz.experiment import Experiment
from bnviz.quantities import WATCHED
from bnviz.run import Run
from bnviz.service.worker.pace import CREDIT, NEWS, SHARE, Pace

MARK = 0.1
SETTLING, SNAPSHOTS = 12, 30


def rows() -> list[Row]:
    """The default preset, plain and BN with five seeds each, at full speed, as a worker paces it in the long run."""
    twins = Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")})
    found = []
    for more, watch in (("with nothing dear watched", ()), ("with all watched", WATCHED)):
        share, rate = paced(twins, watch)
        words = f"probes {more}, the beginning over"
        found += [
            Row(f"share of the time: {words}", 100 * share, f"<= {100 * MARK:g}", "%", share <= MARK),
            Row(f"snapshots a second: {words}", rate, f">= {NEWS:g}", "", rate >= NEWS),
        ]
    return found


def paced(experiment: Experiment, watch: Iterable[str] = ()) -> tuple[float, float]:
    """The share of CPU-seconds that watching takes, and how often it looks in one of them (the median snapshot's).

    A snapshot is charged with what is remembered, 20 steps before, as the distribution shift needs.
    """
    with mock.patch("bnviz.engine.lockstep.Reader", _TimedReader):
        lockstep = Lockstep(experiment)
    lockstep.watch(watch)
    pace = Pace()
    pace.snapshot_taken(CREDIT / (1 - SHARE))
    shares, rates = [], []
    for _ in range(SETTLING + SNAPSHOTS):
        _TimedReader.remembering = 0.0
        steps = pace.next_snapshot(lockstep.step) - lockstep.step
        training = _seconds(lockstep.advance, steps)
        reading = _seconds(lockstep.snapshot)
        pace.trained(steps, training)
        pace.snapshot_taken(reading)
        shares.append((reading + _TimedReader.remembering) / (training + reading))
        rates.append(1 / (training + reading))
    return statistics.median(shares[SETTLING:]), statistics.median(rates[SETTLING:])


class _TimedReader(Reader):
    """A reader that adds up the CPU-seconds of remembering."""

    remembering = 0.0

    def remember(self, view: StackView) -> None:
        _TimedReader.remembering += _seconds(super().remember, view)


def _seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.process_time()
    work(*arguments)
    return time.process_time() - start
