"""Recorded runs: presets that were really trained once, shown (and labelled) until the live run starts.

``make recordings`` trains every preset again and writes the files; a test
trains the first steps again and compares.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bnviz.experiment import Experiment
from bnviz.lessons.presets import PRESETS
from bnviz.snapshot import History

FOLDER = Path(__file__).with_name("recorded")
STEPS, EVERY = 3000, 25


def recording_of(experiment: Experiment) -> History | None:
    """The recorded history of exactly this experiment, or None where there is none."""
    for name, preset in PRESETS.items():
        if preset == experiment and _path(name).exists():
            return _read(name)
    return None


def record_all() -> None:
    """Train every preset and write its history."""
    from bnviz.engine import record

    for name, preset in PRESETS.items():
        history = record(preset, steps=STEPS, every=EVERY)
        _path(name).write_bytes(history.to_bytes())
        print(f"{name}: {len(history)} snapshots, {_path(name).stat().st_size / 1e6:.1f} MB")


def _path(name: str) -> Path:
    return FOLDER / f"{name}.npz"


@cache
def _read(name: str) -> History:
    return History.from_bytes(_path(name).read_bytes())


if __name__ == "__main__":
    record_all()
