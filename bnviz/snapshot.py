"""What was seen: ``Snapshot``, the readings at one step, and ``History``, a bounded sequence of them.

Detached numpy only; a history can be built, thinned, saved, loaded and turned
into a table without torch.
"""

from __future__ import annotations

import io
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import QUANTITIES
from bnviz.rate_changes import RateChange

if TYPE_CHECKING:
    import pandas as pd

Readings = Mapping[str, np.ndarray]
"""One arm's readings: quantity name to array, seeds first (see ``bnviz.quantities.Shape``)."""


@dataclass(frozen=True)
class Snapshot:
    """Everything that was read at one step, for every arm: ``snapshot["bn"]["train_loss"]`` has one value a seed.

    Step 0 is the untouched network. ``train_loss`` is the mini-batch loss
    before that step's update (at step 0: before the first).
    """

    step: int
    epoch: float
    arms: Mapping[str, Readings]

    def __getitem__(self, arm: str) -> Readings:
        return self.arms[arm]


@dataclass(frozen=True)
class Event:
    """Something that was done to a run while it trained, such as a new learning rate."""

    step: int
    text: str


def rate_event(experiment: Experiment, change: RateChange) -> Event:
    """A new learning rate, in words; the arm is named where there are others that keep theirs."""
    whose = "" if change.arm is None or len(experiment.arms) == 1 else f" of {arm_label(change.arm)}"
    return Event(change.step, f"learning rate{whose} set to {change.rate:g}")


class History:
    """The snapshots of one experiment, oldest first, in bounded memory.

    When more than ``capacity`` are kept, every second one is dropped and from
    then on only every second new one is kept, so the whole run stays visible
    at an even spacing. The newest snapshot is always there. ``events`` begin with the experiment's own changes.
    """

    def __init__(self, experiment: Experiment, capacity: int = 600) -> None:
        if capacity < 2:
            raise ValueError(f"capacity was {capacity}; allowed is 2 or more.")
        self.experiment = experiment
        self.capacity = capacity
        self.events = [rate_event(experiment, change) for change in experiment.changes]
        self._kept: list[Snapshot] = []
        self._seen = 0
        self._stride = 1

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
        return np.array([snapshot.step for snapshot in self._kept], dtype=np.int64)

    def series(self, arm: str, quantity: str) -> np.ndarray:
        """One quantity over time: ``(snapshots, seeds, ...)``."""
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

    def parts(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The history as named arrays and words that JSON can hold; ``from_parts`` joins them again."""
        arrays = {
            f"{arm}/{quantity}": self.series(arm, quantity)
            for arm in self.experiment.arms
            for quantity in (self._kept[0][arm] if self._kept else ())
        }
        about = {
            "experiment": json.loads(self.experiment.to_json()),
            "capacity": self.capacity,
            "events": [[event.step, event.text] for event in self.events],
            "epochs": [snapshot.epoch for snapshot in self._kept],
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
