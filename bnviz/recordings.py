"""Recorded runs: experiments that were really trained once, shown (and labelled) until the live run starts.

The Lab opens with one, and every trial of a lesson ships as one: for those
that take long, and for all when every place of the server is taken. ``make
recordings`` trains them again and writes the files; tests train the first
steps again and compare, and judge every trial by its recording.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bnviz.charts.columns import SPREAD
from bnviz.experiment import Experiment
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import Trial
from bnviz.lessons.presets import PRESETS
from bnviz.quantities import QUANTITIES
from bnviz.snapshot import History, Snapshot

FOLDER = Path(__file__).with_name("recorded")
MANY, FEW = 120, 40
"""About so many snapshots show a whole run smoothly in one or two megabytes, or well enough in a hundred kilobytes."""

WITH_THE_CHART = {
    "pre_histogram": "histograms", "decision": "decision",
    **dict.fromkeys(("unit_p15", "unit_p50", "unit_p85"), "percentiles"),
}  # fmt: skip
"""Quantities that take much room, and the chart without which nobody sees them."""


@dataclass(frozen=True)
class Recording:
    """An experiment to record for so many steps, in about so many pictures; of a ``trial`` only what it shows."""

    experiment: Experiment
    steps: int
    pictures: int = MANY
    trial: Trial | None = None

    @property
    def every(self) -> int:
        most = max(1, self.steps // self.pictures)
        return next(every for every in range(most, 0, -1) if self.steps % every == 0)

    def shown(self, history: History) -> History:
        """The history with the quantities that are worth their room."""
        if self.trial is None:
            return history
        own = {q for q, words in QUANTITIES.items() if words.instrument in self.experiment.instruments}
        wanted = {*SPREAD, "diverged_at", *own, *read_by(self.trial, history)}
        wanted |= {quantity for quantity, chart in WITH_THE_CHART.items() if chart in self.trial.charts}
        slim = History(history.experiment, history.capacity)
        for seen in history:
            arms = {
                arm: {name: values for name, values in readings.items() if name in wanted}
                for arm, readings in seen.arms.items()
            }
            slim.append(Snapshot(seen.step, seen.epoch, arms))
        return slim


def read_by(trial: Trial, history: History) -> set[str]:
    """The quantities that the trial's check reads."""
    read: set[str] = set()

    class Seen(dict[str, np.ndarray]):
        def __getitem__(self, quantity: str) -> np.ndarray:
            read.add(quantity)
            return super().__getitem__(quantity)

    spied = History(history.experiment, history.capacity)
    for seen in history:
        spied.append(Snapshot(seen.step, seen.epoch, {arm: Seen(readings) for arm, readings in seen.arms.items()}))
    trial.check(spied)
    return read


RECORDINGS: dict[str, Recording] = {"figure_1": Recording(PRESETS["figure_1"], 3000)} | {
    f"{lesson.slug}_{trial.slug}": Recording(trial.experiment, trial.steps, MANY)
    if trial.recorded
    else Recording(trial.experiment, trial.steps, FEW, trial)
    for lesson in LESSONS.values()
    for trial in lesson.trials
    if trial.experiment not in PRESETS.values()
}
"""File name to what is recorded there: what the Lab opens with, and every trial."""


def recording_of(experiment: Experiment) -> History | None:
    """The recorded history of exactly this experiment, with every quantity, or None where there is none."""
    whole = {name: recording for name, recording in RECORDINGS.items() if recording.trial is None}
    names = (name for name, recording in whole.items() if recording.experiment == experiment)
    return next((history for name in names if (history := recorded(name))), None)


def recording_of_trial(lesson: str, trial: Trial) -> History | None:
    """The recorded history of this trial of a lesson, which shows what the trial shows and reads."""
    return recorded(f"{lesson}_{trial.slug}") or recording_of(trial.experiment)


def recorded(name: str) -> History | None:
    """The history of this name, or None where none was written."""
    return _read(name) if _path(name).exists() else None


def record_all(names: Iterable[str] = ()) -> None:
    """Train the experiments of these names (without names: all) and write their histories."""
    from bnviz.engine import record

    for name in names or RECORDINGS:
        recording = RECORDINGS[name]
        history = recording.shown(record(recording.experiment, recording.steps, recording.every))
        _path(name).write_bytes(history.to_bytes())
        print(f"{name}: {len(history)} snapshots, {_path(name).stat().st_size / 1e6:.1f} MB")


def _path(name: str) -> Path:
    return FOLDER / f"{name}.npz"


@lru_cache(maxsize=8)
def _read(name: str) -> History:
    return History.from_bytes(_path(name).read_bytes())


if __name__ == "__main__":
    record_all(sys.argv[1:])
