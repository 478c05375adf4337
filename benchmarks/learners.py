"""A class, a lecture, a course: how long their learners wait at one web replica, by simulation.

Work is drawn from the trials' measured core-seconds, all equally popular; how
many learners there are and how long they think is assumed. Every learner runs
something else: with equal experiments they would share one run, and not wait.

    python -m benchmarks.learners        # the table of docs/scale.md
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.queueing import Replica, Waits, waits
from benchmarks.trials import measured
from bnviz.settings import Settings

DAYS = 3
THINK_SECONDS = 120.0
"""Between a verdict and the next press, on average: a guess."""


@dataclass(frozen=True)
class Case:
    """So many learners of one replica with so many training cores, who begin within ``seconds`` and press so often."""

    name: str
    learners: int
    cores: int
    seconds: float
    presses: int

    def day(self, seed: int) -> tuple[Waits, float]:
        """One day of them: how long they waited, and the share of the cores that was used."""
        random = np.random.default_rng(seed)
        shape = (self.learners, self.presses)
        think = random.exponential(THINK_SECONDS, shape)
        think[:, 0] = random.uniform(0, self.seconds, self.learners)
        work = random.choice(list(measured().values()), shape)
        granted = Settings(workers=8 * self.cores)
        day = waits(Replica(self.cores, granted.workers, granted.queue, granted.rest_seconds), think, work)
        done = np.isfinite(day.to_verdict)
        ended = (day.pressed + day.to_verdict)[done]
        return day, float(work[done].sum() / (self.cores * (ended.max() - day.pressed[done].min())))

    def row(self) -> str:
        """The case and what came of it, as a line of a Markdown table."""
        days, used = zip(*map(self.day, range(DAYS)), strict=True)
        refused = np.mean([day.refused for day in days])
        line = _seconds(np.concatenate([day.in_line.ravel() for day in days]))
        verdict = _seconds(np.concatenate([day.to_verdict.ravel() for day in days]))
        return (
            f"| {self.name} | {self.learners} | {self.cores} | {100 * np.mean(used):.0f}% | {100 * refused:.1f}% "
            f"| {line} | {verdict} |"
        )


CASES = [
    Case("class: a lesson of 90 minutes", 30, 2, 120, 40),
    Case("lecture: all press within a minute", 200, 2, 60, 1),
    Case("lecture: all press within a minute", 200, 14, 60, 1),
    Case("course: all of it explores at once", 200, 4, 120, 40),
    Case("course: all of it explores at once", 200, 8, 120, 40),
    Case("course: all of it explores at once", 200, 14, 120, 40),
    Case("course: a twentieth at once, on 5 replicas", 100, 8, 120, 40),
]
HEAD = (
    "| case | learners | cores | cores used | refused | in line, median / 95th | to the verdict, median / 95th |\n"
    "|---|---:|---:|---:|---:|---:|---:|"
)


def table() -> str:
    """All cases as a Markdown table."""
    return "\n".join([HEAD, *(case.row() for case in CASES)])


def _seconds(times: np.ndarray) -> str:
    median, most = np.nanquantile(times, [0.5, 0.95])
    return f"{median:.0f} / {most:.0f} s"


if __name__ == "__main__":
    print(table())
