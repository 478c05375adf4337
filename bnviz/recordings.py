"""Recorded runs: experiments that were really trained once, shown (and labelled) until the live run starts.

``make recordings`` trains them all again and writes the files; a test trains
the first steps again and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bnviz.experiment import Experiment
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.presets import PRESETS
from bnviz.snapshot import History

FOLDER = Path(__file__).with_name("recorded")
PICTURES = 120
"""About so many snapshots show a whole run smoothly in a file of one or two megabytes."""


@dataclass(frozen=True)
class Recording:
    """An experiment to record: for so many steps, looked at every so many."""

    experiment: Experiment
    steps: int

    @property
    def every(self) -> int:
        most = max(1, self.steps // PICTURES)
        return next(every for every in range(most, 0, -1) if self.steps % every == 0)


RECORDINGS: dict[str, Recording] = {"figure_1": Recording(PRESETS["figure_1"], 3000)} | {
    f"{lesson.slug}_{trial.slug}": Recording(trial.experiment, trial.steps)
    for lesson in LESSONS.values()
    for trial in lesson.trials
    if trial.recorded and trial.experiment not in PRESETS.values()
}
"""File name to what is recorded there: what the Lab opens with, and every trial that takes long."""


def recording_of(experiment: Experiment) -> History | None:
    """The recorded history of exactly this experiment, or None where there is none."""
    for name, recording in RECORDINGS.items():
        if recording.experiment == experiment and _path(name).exists():
            return _read(name)
    return None


def record_all(names: Iterable[str] = ()) -> None:
    """Train the experiments of these names (without names: all) and write their histories."""
    from bnviz.engine import record

    for name in names or RECORDINGS:
        recording = RECORDINGS[name]
        history = record(recording.experiment, recording.steps, recording.every)
        _path(name).write_bytes(history.to_bytes())
        print(f"{name}: {len(history)} snapshots, {_path(name).stat().st_size / 1e6:.1f} MB")


def _path(name: str) -> Path:
    return FOLDER / f"{name}.npz"


@cache
def _read(name: str) -> History:
    return History.from_bytes(_path(name).read_bytes())


if __name__ == "__main__":
    record_all(sys.argv[1:])
