"""What was seen: ``Snapshot``, the readings at one step, and ``History``, a bounded sequence of them.

Detached numpy only; a history can be built, thinned, saved, loaded and turned
into a table without torch.
"""

from __future__ import annotations

import io
import json
import os
import textwrap
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import bnviz
from bnviz import history_file
from bnviz.experiment import Experiment, arm_label
from bnviz.history_file import Saved
from bnviz.messages import MOST_BYTES
from bnviz.named import Named, NotThere
from bnviz.quantities import QUANTITIES
from bnviz.rate_changes import RateChange
from bnviz.wording import plural, written

if TYPE_CHECKING:
    import pandas as pd

Readings = Mapping[str, np.ndarray]
"""One arm's readings: quantity name to array, seeds first (see ``bnviz.quantities.Shape``)."""


@dataclass(frozen=True)
class Snapshot:
    """Everything that was read at one step, for every arm: ``snapshot["bn"]["train_loss"]`` has one value a seed.

    Step 0 is the untouched network. ``train_loss`` is the mini-batch loss
    before that step's update (at step 0: before the first). ``epoch`` counts
    passes over the training examples. A reading is an array with the seeds
    first; ``bnviz.quantities`` has its shape and unit.

    Raises:
        NotThere: (a KeyError) an arm or a quantity that was not read; the message names those that were.
    """

    step: int
    epoch: float
    arms: Mapping[str, Readings]

    def __post_init__(self) -> None:
        arms = ((arm, Named("quantity", own) if type(own) is dict else own) for arm, own in self.arms.items())
        object.__setattr__(self, "arms", Named("arm", arms))

    def __getitem__(self, arm: str) -> Readings:
        return self.arms[arm]


@dataclass(frozen=True)
class Event:
    """Something that was done to a run while it trained, such as a new learning rate."""

    step: int
    text: str


def rate_event(experiment: Experiment, change: RateChange) -> Event:
    """A new learning rate, in words; the arm is named where there are others that keep theirs."""
    if change.arm is None or len(experiment.arms) == 1:
        return Event(change.step, f"learning rate set to {change.rate:g}")
    return Event(change.step, f"learning rate of {arm_label(change.arm)} set to {change.rate:g}")


class ArmSeries(Mapping[str, np.ndarray]):
    """One arm's readings over time, by quantity: ``history["bn"]["test_accuracy"]`` is ``(snapshots, seeds)``."""

    def __init__(self, history: History, arm: str) -> None:
        self._history, self._arm = history, arm

    def __getitem__(self, quantity: str) -> np.ndarray:
        return self._history.series(self._arm, quantity)

    def __iter__(self) -> Iterator[str]:
        return iter(self._history.quantities(self._arm))

    def __len__(self) -> int:
        return len(self._history.quantities(self._arm))

    def __repr__(self) -> str:
        return f"{self._arm}: {len(self._history)} snapshots of {', '.join(self)}"


class History:
    """The snapshots of one experiment, oldest first, in bounded memory.

    ``history["bn"]["test_accuracy"]`` is a quantity over time, ``(snapshots, seeds)``, at ``history.steps``; what a
    quantity's shape and unit are says ``bnviz.quantities``. When more than ``capacity`` snapshots are kept, every
    second one is dropped and from then on only every second new one is kept, so the whole run stays visible at an even
    spacing; the newest is always there. ``events`` begin with the experiment's own changes. ``checkpoint`` is what
    ``bnviz.record`` left for training to go on; it may be empty. ``made_by`` are the versions that it was measured by.

    Raises:
        ValueError: a capacity below 2.
        NotThere: (a KeyError) an arm or a quantity that it does not hold; the message names those that it does.
    """

    def __init__(self, experiment: Experiment, capacity: int = 600) -> None:
        if capacity < 2:
            raise ValueError(f"capacity was {capacity}; allowed is 2 or more.")
        self.experiment = experiment
        self.capacity = capacity
        self.events = [rate_event(experiment, change) for change in experiment.changes]
        self.checkpoint: Mapping[str, np.ndarray] = {}
        self.made_by: dict[str, str] = {}
        self._kept: list[Snapshot] = []
        self._seen = 0
        self._stride = 1

    def __repr__(self) -> str:
        """What it holds: how much of which arms, how each of them ended, and what was done on the way."""
        seeds, name = len(self.experiment.seeds), max(map(len, self.experiment.arms))
        held = [
            plural(len(self), "History of {count} snapshot", "History of {count} snapshots"),
            f"steps {self.steps[0]:,} to {self.steps[-1]:,}" if self._kept else "",
            plural(seeds, "{count} seed of each arm", "{count} seeds of each arm"),
        ]
        lines = [", ".join(filter(None, held))]
        for arm, run in self.experiment.arms.items():
            lines.append(f"  {arm:{name}}  {run.describe()}{self._ending(arm)}")
        if self._kept:
            listed = f"quantities: {', '.join(self.quantities(next(iter(self.experiment.arms))))}"
            lines.append(textwrap.fill(listed, 100, initial_indent="  ", subsequent_indent="    "))
        lines += [textwrap.indent(f"step {event.step:,}: {event.text}", "  ") for event in self.events]
        return "\n".join(lines)

    def _ending(self, arm: str) -> str:
        """An arm's last accuracy, mean over the seeds that have one, or loss."""
        ends = {"test_accuracy": ("test accuracy {mean}", ".1%"), "train_loss": ("training loss {mean}", ".3g")}
        for quantity, (words, form) in ends.items():
            values = np.asarray(self.latest[arm].get(quantity, ()) if self._kept else (), dtype=float)
            if np.isfinite(values).any():
                mean = float(np.nanmean(np.where(np.isfinite(values), values, np.nan)))
                return f"; {words.format(mean=written(mean, form))}"
        return ""

    def append(self, snapshot: Snapshot) -> None:
        """Add the newest snapshot; its step must be later than the last one's."""
        if self._kept and snapshot.step <= self._kept[-1].step:
            raise ValueError(f"step {snapshot.step} came after step {self._kept[-1].step}.")
        if self._kept and (self._seen - 1) % self._stride:
            self._kept.pop()
        self._kept.append(snapshot)
        self._seen += 1
        if len(self._kept) > self.capacity:
            self._kept = self._kept[::2]
            self._stride *= 2
            if self._kept[-1] is not snapshot:
                self._kept.append(snapshot)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._kept)

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot. Raises IndexError while nothing was seen."""
        if not self._kept:
            raise IndexError("this history has no snapshot yet.")
        return self._kept[-1]

    def since(self, step: int) -> list[Snapshot]:
        """The snapshots later than ``step``, oldest first."""
        return self._kept[self._later_than(step) :]

    def at(self, step: int | None) -> Snapshot:
        """The last snapshot not later than ``step`` (the first one, if all are later); the newest for None."""
        return self.latest if step is None else self._kept[max(0, self._later_than(step) - 1)]

    def _later_than(self, step: int) -> int:
        return bisect_right(self._kept, step, key=lambda snapshot: snapshot.step)

    @property
    def steps(self) -> np.ndarray:
        """The steps of the snapshots, ``(snapshots,)`` int64."""
        return np.array([snapshot.step for snapshot in self._kept], dtype=np.int64)

    def __getitem__(self, arm: str) -> ArmSeries:
        if arm not in self.experiment.arms:
            raise NotThere("arm", arm, self.experiment.arms)
        return ArmSeries(self, arm)

    def quantities(self, arm: str) -> list[str]:
        """What was read of an arm in every snapshot: what is watched is not there before."""
        first = self._kept[0][arm] if self._kept else ()
        return [quantity for quantity in first if all(quantity in snapshot[arm] for snapshot in self._kept)]

    def series(self, arm: str, quantity: str) -> np.ndarray:
        """One quantity over time: ``(snapshots, seeds, ...)``. Raises NotThere where it was not read all the time."""
        if not self._kept or quantity not in self._kept[0][arm]:
            raise NotThere("quantity", quantity, self.quantities(arm))
        return np.stack([snapshot[arm][quantity] for snapshot in self._kept])

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: arm, seed, step, layer, quantity, value.

        ``layer`` counts from 1 and is empty for quantities of the whole
        network; histograms, single units and decision maps are left to
        ``series``.
        """
        import pandas as pd  # takes a second thread and 40 MB, which a training process never needs

        parts = [
            _tidy(arm, self.experiment.seeds, self.steps, quantity, self.series(arm, quantity))
            for arm in self.experiment.arms
            for quantity, words in QUANTITIES.items()
            if words.shape in ("run", "layer") and self._kept and quantity in self._kept[0][arm]
        ]
        columns = ["arm", "seed", "step", "layer", "quantity", "value"]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)

    def to_html(self, path: str | Path) -> None:
        """Write the history as one page that opens from disk, with every chart (see ``bnviz.export.page``)."""
        Path(path).write_text(bnviz.export.page(self), encoding="utf-8")

    def _repr_html_(self) -> str | None:
        """The same page in a frame, which is how a notebook shows the history."""
        return bnviz.export.frame(self) if len(self) else None

    def parts(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The history as named arrays and words that JSON can hold; ``from_parts`` joins them again."""
        arrays = {
            f"{arm}/{quantity}": self.series(arm, quantity)
            for arm in self.experiment.arms
            for quantity in self.quantities(arm)
        }
        about = {
            "experiment": json.loads(self.experiment.to_json()),
            "capacity": self.capacity,
            "events": [[event.step, event.text] for event in self.events],
            "epochs": [snapshot.epoch for snapshot in self._kept],
            "made_by": self.made_by,
        }
        return {**arrays, "steps": self.steps}, about

    @classmethod
    def from_parts(cls, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> History:
        """The history of ``parts``. Raises whatever comes of anything else: callers say it in their words."""
        history = cls(Experiment.from_json(json.dumps(about["experiment"])), about["capacity"])
        for index, (step, epoch) in enumerate(zip(arrays["steps"], about["epochs"], strict=True)):
            arms: dict[str, dict[str, np.ndarray]] = {arm: {} for arm in history.experiment.arms}
            for name, values in arrays.items():
                if name != "steps":
                    arm, quantity = name.split("/")
                    arms[arm][quantity] = values[index]
            history.append(Snapshot(int(step), float(epoch), arms))
        history.events = [Event(int(step), str(text)) for step, text in about["events"]]
        history.made_by = dict(about.get("made_by", {}))
        return history

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, usually ``*.bnviz``, with what is needed to go on; ``load`` reads it back, bit for bit.

        The file is checksummed, holds no pickle, and is there as a whole or not at all.

        Raises:
            OSError: the file cannot be written.
            ValueError: there is nothing in it, or more than 63 MiB.
        """
        self._saved().write(Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> History:
        """The history that ``save`` wrote.

        Raises:
            OSError: the file cannot be read.
            NotAHistory: (a ValueError) it is something else, damaged, or of an experiment that there is not here.
        """
        return cls._of(history_file.read(Path(path)))

    def to_file(self) -> bytes:
        """The bytes that ``save`` writes."""
        return self._saved().to_bytes()

    @classmethod
    def from_file(cls, data: bytes, most_bytes: int = MOST_BYTES, whole: bool = True) -> History:
        """The history in a file's bytes, whoever sent them; not ``whole``, those before the checkpoint do.

        Raises:
            NotAHistory: anything is wrong with them.
        """
        return cls._of(history_file.unpacked(data, most_bytes, whole))

    def _saved(self) -> Saved:
        if not self._kept:
            raise ValueError("there is nothing to save: the history holds no snapshot.")
        return Saved(*self.parts(), self.checkpoint)

    @classmethod
    def _of(cls, saved: Saved) -> History:
        history = cls.from_parts(saved.arrays, saved.about)
        history.checkpoint = saved.checkpoint
        return history

    def to_bytes(self) -> bytes:
        """The history as one compressed file without pickles; ``from_bytes`` reads it back."""
        arrays, about = self.parts()
        file = io.BytesIO()
        arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> History:
        """The history that ``to_bytes`` wrote. Raises ValueError for anything else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays: dict[str, np.ndarray] = dict(file)
            about = json.loads(arrays.pop("about").tobytes())
            return cls.from_parts(arrays, about)
        except Exception as error:
            raise ValueError(f"this is not a recorded history of bnviz ({type(error).__name__}).") from error


def _tidy(arm: str, seeds: tuple[int, ...], steps: np.ndarray, quantity: str, values: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    layers = range(1, values.shape[2] + 1) if values.ndim == 3 else [pd.NA]
    places = pd.MultiIndex.from_product([steps, seeds, pd.array(layers, "Int64")], names=["step", "seed", "layer"])
    frame = pd.DataFrame({"value": values.reshape(-1).astype(float)}, places).reset_index()
    return frame.assign(arm=arm, quantity=quantity)
