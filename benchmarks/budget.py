"""What ten thousand learners cost: replicas, cores, bytes and money, computed from measured and assumed figures.

    python -m benchmarks.budget          # the table of docs/scale.md
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.learners import THINK_SECONDS
from benchmarks.trials import measured

LEARNERS, VIEWERS = 10_000, 200
"""All of the course; how many of them one web process serves, by the mark of the load run."""

WEB_SECONDS, OPEN_SECONDS, FRAME_BYTES, PAGE_BYTES = 0.11e-3, 0.021, 9600, 1.9e6
"""Measured: of the web process' core for one update of one page, and for opening one; of the median trial's update and
of a first visit."""

UPDATES, CORES_USED = 10.0, 0.6
"""Assumed: updates a second of a run, the share of training cores that keeps waits short."""

CORE_HOUR, GIGABYTE = 0.04, 0.05
"""Assumed prices for the worked example, in the same money; put your own here."""


@dataclass(frozen=True)
class Need:
    """What a case takes while it lasts: replicas, cores of web processes and of training, bytes a second sent."""

    replicas: int
    web_cores: float
    training_cores: float
    bytes_a_second: float

    @property
    def core_hours(self) -> float:
        """Of both kinds of cores, if the hour goes on like that. A web process has a core of its own, used or not."""
        return self.replicas + self.training_cores

    @property
    def gigabytes(self) -> float:
        """Sent, if the hour goes on like that."""
        return self.bytes_a_second * 3600 / 1e9

    @property
    def money(self) -> float:
        """What such an hour costs at the assumed prices."""
        return self.core_hours * CORE_HOUR + self.gigabytes * GIGABYTE


def together() -> Need:
    """Everybody watches the class's run for the whole hour: one training a replica, updates to everybody."""
    return _need(LEARNERS * UPDATES, training_cores=_replicas())


def alone() -> Need:
    """Everybody explores: a run of their own, then thought, again and again; updates only while it trains."""
    work = float(np.mean(list(measured().values())))
    runs_a_second = LEARNERS / (THINK_SECONDS + work / CORES_USED)
    busy = runs_a_second * work
    return _need(busy * UPDATES, training_cores=busy / CORES_USED)


def at_once() -> Need:
    """A lecture: everybody opens the page and presses within a minute, each for a run of their own that ends in it."""
    work = float(np.mean(list(measured().values())))
    busy = LEARNERS * work / 60
    return _need(busy * UPDATES, training_cores=busy, opened_a_second=LEARNERS / 60)


CASES: dict[str, Callable[[], Need]] = {
    "everyone watches the class's run": together,
    "everyone explores alone": alone,
    "all press within the same minute": at_once,
}
HEAD = (
    "| case | replicas | web cores used | training cores | sent | core-hours | GB | example cost |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


def table() -> str:
    """All cases as a Markdown table."""
    return "\n".join([HEAD, *(_line(name, need()) for name, need in CASES.items())])


def _replicas() -> int:
    return math.ceil(LEARNERS / VIEWERS)


def _need(updates_a_second: float, training_cores: float, opened_a_second: float = 0.0) -> Need:
    return Need(
        _replicas(), updates_a_second * WEB_SECONDS + opened_a_second * OPEN_SECONDS, training_cores,
        updates_a_second * FRAME_BYTES + opened_a_second * PAGE_BYTES,
    )


def _line(name: str, need: Need) -> str:
    return (
        f"| {name} | {need.replicas} | {need.web_cores:.0f} | {need.training_cores:.0f} "
        f"| {need.bytes_a_second * 8 / 1e6:,.0f} Mbit/s | {need.core_hours:.0f} | {need.gigabytes:,.0f} "
        f"| {need.money:.0f} |"
    )


if __name__ == "__main__":
    print(table())
