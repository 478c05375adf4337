"""Recorded runs: experiments that were really trained once, shown (and labelled) instead of a live run.

The Lab opens with one, and every trial of every lesson has one: for those that
take long, and for all when every place of the server is taken. ``make
recordings`` trains them again and writes the files.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bnviz.charts import quantities_drawn
from bnviz.experiment import Experiment
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import Trial
from bnviz.lessons.presets import PRESETS
from bnviz.lessons.story import STORY
from bnviz.quantities import QUANTITIES, UNREAD, WATCHED
from bnviz.snapshot import History, Readings, Snapshot

COARSE = 4
"""Of recorded filters and feature maps every fourth shade is told apart; 0 and a weight's zero are among them."""

FOLDER = Path(__file__).with_name("recorded")
LAB_STEPS = 3000
EVENLY = 60
"""At least so many snapshots at equal distances show a whole run smoothly, ..."""
EARLY = (1, 2, 3, 5, 10, 20, 30, 50, 100)
"""... and these its beginning, when most happens."""


@dataclass(frozen=True)
class Recording:
    """An experiment to record, for so many steps: ``trials`` show it, ``charts`` are what else is drawn of it.

    A ``whole`` recording keeps every quantity but what nobody would watch, others what a chart or the check of a trial
    reads.
    """

    experiment: Experiment
    steps: int
    trials: tuple[Trial, ...]
    whole: bool
    charts: tuple[str, ...] = ()

    @property
    def looks(self) -> list[int]:
        """The steps at which a snapshot is taken, each trial's last one among them."""
        most = max(1, self.steps // EVENLY)
        every = next(every for every in range(most, 0, -1) if self.steps % every == 0)
        ends = {trial.steps for trial in self.trials}
        return sorted({*range(0, self.steps + 1, every), *ends, *(step for step in EARLY if step < self.steps)})

    def record(self) -> History:
        """Train it."""
        from bnviz.engine import Lockstep

        lockstep, history = Lockstep(self.experiment), History(self.experiment)
        lockstep.watch(WATCHED)
        for step in self.looks:
            if step > lockstep.step:
                lockstep.advance(step - lockstep.step)
            history.append(lockstep.snapshot())
        return history

    def worth_keeping(self, history: History) -> History:
        """The history with the readings that somebody sees."""
        read = {"test_accuracy", "diverged_at"}.union(*(read_by(trial, history) for trial in self.trials))
        shown = [charts for charts in (self.charts, *(trial.charts for trial in self.trials)) if charts]
        if self.experiment in PRESETS.values():
            shown.append(())
        drawn = set().union(*(quantities_drawn(self.experiment, charts) for charts in shown))
        if self.whole:
            drawn |= {name for name, words in QUANTITIES.items() if not words.watch}
        return _copied(history, lambda readings: {
            name: values if name in read else as_drawn(name, values)
            for name, values in readings.items() if name in read | drawn
        })  # fmt: skip


def as_drawn(quantity: str, values: np.ndarray) -> np.ndarray:
    """What charts draw of a quantity, to less than a pixel: of single units those of the first seed, else NaN."""
    shape = QUANTITIES[quantity].shape
    if shape == "tiles":
        coarse = np.maximum((values.astype(int) + 1) // COARSE * COARSE - 1, 0)
        return np.where(values == UNREAD, UNREAD, coarse).astype(np.uint8)
    if shape == "walk":
        return values.astype(np.float16).astype(np.float32)
    if shape != "unit":
        return values
    return np.concatenate([values[:1].round(2), np.full_like(values[1:], np.nan)])


def read_by(trial: Trial, history: History) -> set[str]:
    """The quantities that the trial's check reads."""
    read: set[str] = set()

    class Watched(dict[str, np.ndarray]):
        def __getitem__(self, quantity: str) -> np.ndarray:
            read.add(quantity)
            return super().__getitem__(quantity)

    trial.check(_copied(history, Watched))
    return read


def _recordings() -> dict[str, Recording]:
    trials: dict[Experiment, list[Trial]] = {experiment: [] for experiment in PRESETS.values()}
    names = {experiment: name for name, experiment in PRESETS.items()}
    for lesson in LESSONS.values():
        for trial in lesson.trials:
            trials.setdefault(trial.experiment, []).append(trial)
            names.setdefault(trial.experiment, f"{lesson.slug}_{trial.slug}")
    told = {
        names[experiment]: Recording(
            experiment,
            max([LAB_STEPS] * (experiment in PRESETS.values()) + [trial.steps for trial in own]),
            tuple(own),
            whole=experiment in PRESETS.values() or any(trial.recorded for trial in own),
        )
        for experiment, own in trials.items()
    }
    return told | _scenes(set(trials))


def _scenes(told: set[Experiment]) -> dict[str, Recording]:
    """What the story shows and no lesson has recorded, each experiment as far as any scene goes."""
    last: dict[Experiment, tuple[str, int, tuple[str, ...]]] = {}
    for at, scene in enumerate(STORY, 1):
        for choice, experiment in enumerate(scene.choices.values(), 1):
            if experiment not in told:
                name, steps, charts = last.get(experiment, (f"start_{at}_{choice}", 0, ()))
                last[experiment] = name, max(steps, scene.stop), (*charts, scene.chart, *scene.below)
    return {
        name: Recording(experiment, steps, (), whole=False, charts=charts)
        for experiment, (name, steps, charts) in last.items()
    }


RECORDINGS = _recordings()
"""File name to what is recorded there: what the Lab opens with, every trial, and every scene of the story."""

_NAMES = {recording.experiment: name for name, recording in RECORDINGS.items()}


def recording_of(experiment: Experiment, charts: tuple[str, ...] = (), steps: int | None = None) -> History | None:
    """The recorded history of exactly this experiment, up to ``steps`` (or to its end).

    None where there is none, or none that holds what these charts draw (by default: all that have something to show).
    """
    name = _NAMES.get(experiment)
    if name is None or not _path(name).exists():
        return None
    return _read(name, charts, steps)


def record_all(names: Iterable[str] = ()) -> None:
    """Train the experiments of these names (without names: all) and write their histories."""
    for name in names or RECORDINGS:
        recording = RECORDINGS[name]
        history = recording.worth_keeping(recording.record())
        _path(name).write_bytes(history.to_bytes())
        print(f"{name}: {len(history)} snapshots, {_path(name).stat().st_size / 1e3:.0f} kB")


def _path(name: str) -> Path:
    return FOLDER / f"{name}.npz"


@lru_cache(maxsize=16)
def _read(name: str, charts: tuple[str, ...], steps: int | None) -> History | None:
    history = History.from_bytes(_path(name).read_bytes())
    held = {quantity for readings in history.latest.arms.values() for quantity in readings}
    needed = {name for name in quantities_drawn(history.experiment, charts) if not QUANTITIES[name].watch}
    if not needed <= held:
        return None
    return history if steps is None else _copied(history, dict, steps)


def _copied(history: History, change: Callable[[Readings], Readings], last: int | None = None) -> History:
    """A history of its own, with other readings, up to a step."""
    copy = History(history.experiment, history.capacity)
    for seen in history:
        if last is None or seen.step <= last:
            copy.append(Snapshot(seen.step, seen.epoch, {arm: change(readings) for arm, readings in seen.arms.items()}))
    return copy


if __name__ == "__main__":
    record_all(sys.argv[1:])
