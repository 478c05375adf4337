"""Lockstep: every arm and seed of an experiment takes the same number of steps, and is read together.

The loop belongs to the caller: ``advance`` trains, ``snapshot`` measures and
changes nothing. Nothing here draws a number or computes a gradient; that is
done by the stacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

import numpy as np
import torch
from torch import Tensor

from bnviz.drawn import Answer, name_of, pixels_of
from bnviz.drawn import answers as asked
from bnviz.engine.batches import checked
from bnviz.engine.datasets import Data, load
from bnviz.engine.devices import one_thread_without_denormals
from bnviz.engine.images import as_in
from bnviz.engine.probes import Reader, answers, inside
from bnviz.engine.stack import Stack, together
from bnviz.engine.states import State, beneath, from_arrays, to_arrays, under
from bnviz.experiment import Experiment, experiment_of
from bnviz.fields import whole_number
from bnviz.inside import Inside, Unit, has, unit_of
from bnviz.quantities import OF_THE_FIRST_SEED, QUANTITIES
from bnviz.snapshot import Snapshot

AT_ONCE = 25
"""Steps between two looks up of who trains again."""

Member = tuple[str, int]
"""An arm and a seed: one run of an experiment."""

OF_ONE_SEED = {quantity for quantity, words in QUANTITIES.items() if words.shape in OF_THE_FIRST_SEED}


class Lockstep:
    """The networks of one experiment, trained side by side.

    ``probes=False`` leaves only ``train_loss`` and ``diverged_at`` in the
    snapshots. ``to_come`` are those of the experiment's changes that were not yet made.

    Raises:
        InvalidChoice: this is no experiment, or an arm's data hold fewer training examples than a batch.
        DataUnavailable: an arm's data cannot be had.
    """

    def __init__(self, experiment: Experiment, probes: bool = True) -> None:
        self.experiment, self.to_come = experiment_of(experiment), experiment.changes
        members = [(arm, seed) for arm in experiment.arms for seed in experiment.seeds]
        runs = [experiment.arms[arm] for arm, _ in members]
        data = [checked(run, load(run, seed)) for run, (_, seed) in zip(runs, members, strict=True)]
        self._parts = [
            _Part(experiment, [members[row] for row in rows], [data[row] for row in rows], probes)
            for rows in together(runs, data)
        ]

    @property
    def step(self) -> int:
        """Updates so far."""
        return self._parts[0].stack.step

    @property
    def epoch(self) -> float:
        """Passes over the training examples so far (of the first arm, where the arms differ)."""
        return self.step / self._parts[0].stack.per_epoch

    @property
    def batches_per_epoch(self) -> int | None:
        """Mini-batches in one epoch; None where the arms differ."""
        counts = {part.stack.per_epoch for part in self._parts}
        return counts.pop() if len(counts) == 1 else None

    def advance(self, steps: int = 1) -> None:
        """Take ``steps`` steps with every run. Raises ValueError if that is no whole number, or less than 1."""
        end = self.step + whole_number("steps", steps, 1)
        while self.to_come and self.to_come[0].step <= end:
            change = self.to_come[0]
            self._train_until(change.step)
            self._set_rate(change.rate, change.arm)
            self.to_come = self.to_come[1:]
        self._train_until(end)

    def _train_until(self, step: int) -> None:
        steps = step - self.step
        for part in self._parts if steps else ():
            part.advance(steps)

    def watch(self, words: Iterable[str]) -> None:
        """Read what these words name, too, from now on (see ``bnviz.quantities``), and nothing else that is watched."""
        for part in self._parts:
            part.watch(words)

    def snapshot(self) -> Snapshot:
        """Measure every run as it stands. Training goes on as if nothing had been read."""
        readings = [part.read() for part in self._parts]
        arms: dict[str, dict[str, np.ndarray]] = {}
        for arm in self.experiment.arms:
            pieces = [part.own(values, arm) for part, values in zip(self._parts, readings, strict=True)]
            pieces = [piece for piece in pieces if piece]
            arms[arm] = {
                quantity: values[0] if quantity in OF_ONE_SEED else np.concatenate([one[quantity] for one in pieces])
                for quantity, values in pieces[0].items()
            }
        return Snapshot(self.step, self.epoch, arms)

    def inside(self, unit: Unit) -> Inside:
        """What a unit of every arm's first seed makes of the mini-batch that it learns from next.

        Raises:
            ValueError: no arm has this unit, or it is none.
        """
        unit = unit_of(unit)
        arms = {arm: reading for part in self._parts for arm, reading in part.inside(unit).items()}
        if not arms:
            runs = self.experiment.arms.values()
            raise ValueError(
                f"unit {unit[1]} of layer {unit[0]} was asked for; allowed are layers 1 to "
                f"{max(run.depth for run in runs)} and units 1 to {max(run.width for run in runs)}."
            )
        return Inside(self.step, unit, arms)

    def answer(self, drawing: str) -> Answer:
        """What every arm that has learned digits of this size says of one that was drawn: see ``bnviz.drawn``.

        Raises:
            ValueError: this is no drawing.
        """
        pixels = pixels_of(drawing)
        found: dict[str, list[np.ndarray]] = {}
        for part in self._parts:
            for arm, own in part.answers(pixels).items():
                found.setdefault(arm, []).append(own)
        arms = {arm: np.concatenate(own, 1).mean(1) for arm, own in found.items()}
        return Answer(self.step, name_of(drawing), arms)

    def checkpoint(self) -> dict[str, np.ndarray]:
        """Everything that decides how training goes on; ``restore`` takes it."""
        return to_arrays(self._state())

    def restore(self, checkpoint: Mapping[str, np.ndarray]) -> None:
        """Go on from a checkpoint of the same arms and seeds, to the same bits as the run that it was taken from.

        Of this experiment's changes only those behind the checkpoint's step are made.

        Raises:
            ValueError: it does not belong to this experiment, or is damaged; nothing was changed.
        """
        own = self._state()
        state = from_arrays(checkpoint, own, free=("memory.steps", "memory.inputs", "memory.read"))
        if not torch.equal(state["experiment"], own["experiment"]):
            raise ValueError("this checkpoint does not belong to the experiment: other choices or seeds trained it.")
        before = {name: tensor.clone() for name, tensor in own.items()}
        try:
            self._load(state)
        except (RuntimeError, ValueError):
            self._load(before)
            raise ValueError("this checkpoint is damaged: it holds numbers that no training can have left.") from None
        self.to_come = tuple(change for change in self.experiment.changes if change.step > self.step)

    def _state(self) -> dict[str, Tensor]:
        states = [under(f"part{number}", piece.state()) for number, piece in enumerate(self._parts)]
        key = torch.tensor(list(bytes.fromhex(self.experiment.replace(changes=()).key)), dtype=torch.uint8)
        return {"experiment": key} | {name: tensor for state in states for name, tensor in state.items()}

    def _load(self, state: State) -> None:
        for number, piece in enumerate(self._parts):
            piece.load(beneath(f"part{number}", state))

    def set_learning_rate(self, rate: float, arm: str | None = None) -> None:
        """Change the learning rate of one arm, or of all, from the next step on. Who does has the rates in hand:
        changes that were still to come are no longer made. Set before the first step, it is the experiment's own.

        Raises:
            InvalidChoice: a rate outside what ``Run`` allows.
            NotThere: (a KeyError) an arm that the experiment does not have.
        """
        self._set_rate(rate, arm)
        self.to_come = ()
        if not self.step:
            self.experiment = self.experiment.turned(0, rate, arm)

    def _set_rate(self, rate: float, arm: str | None) -> None:
        for name in self.experiment.arms if arm is None else (arm,):
            allowed = self.experiment.arms[name].replace(learning_rate=rate)
            for part in self._parts:
                part.stack.set_learning_rate(allowed.learning_rate, part.rows_of(name))


class _Part:
    """One stack of an experiment, with its probes and the names of its rows."""

    def __init__(self, experiment: Experiment, members: Sequence[Member], data: Sequence[Data], probes: bool) -> None:
        self.members = members
        runs, seeds = [experiment.arms[arm] for arm, _ in members], [seed for _, seed in members]
        self.stack = Stack(runs, seeds, data)
        self._mapped = [row for row, seed in enumerate(seeds) if seed == experiment.seeds[0]]
        self._reader = Reader(runs[0], data, self._mapped, experiment.instruments) if probes else None

    def rows_of(self, arm: str) -> list[int]:
        """Where the runs of this arm stand in the stack."""
        return [row for row, (name, _) in enumerate(self.members) if name == arm]

    def advance(self, steps: int) -> None:
        """Train, with short stops where the probes want to remember what a later reading compares with."""
        end = self.stack.step + steps
        if self._reader is not None:
            for stop in self._reader.stops(self.stack.step, end):
                if stop > self.stack.step:
                    self.stack.advance(stop - self.stack.step)
                self._reader.remember(self.stack.at_rest())
        self.stack.advance(end - self.stack.step)

    def watch(self, words: Iterable[str]) -> None:
        """Have its probes read this, too."""
        if self._reader is not None:
            self._reader.watched = frozenset(words)

    def state(self) -> dict[str, Tensor]:
        """That of its stack, and of its reader."""
        kept = self._reader.state() if self._reader else {}
        return under("stack", self.stack.state()) | under("memory", kept)

    def load(self, state: State) -> None:
        """Stand there instead."""
        self.stack.load(beneath("stack", state))
        if self._reader:
            self._reader.load(beneath("memory", state))

    def read(self) -> dict[str, np.ndarray]:
        """What every run of the stack reads, ``(runs, ...)``, and the decision maps of its runs of the first seed."""
        readings = {"train_loss": self.stack.loss.numpy(), "diverged_at": self.stack.diverged_at.numpy()}
        if self._reader is not None:
            readings |= self._reader.read(self.stack.at_rest())
        return readings

    def inside(self, unit: Unit) -> dict[str, np.ndarray]:
        """The unit's reading, for every arm that has it and whose first seed is in this stack."""
        view, found = self.stack.at_rest(), {}
        for row in self._mapped if has(view.run, unit) else ():
            layers = [layer.map(itemgetter(slice(row, row + 1))) for layer in view.layers]
            with one_thread_without_denormals(), torch.inference_mode():
                found[self.members[row][0]] = inside(view.run, layers, *self.stack.next_batch(row), unit)
        return found

    def answers(self, pixels: np.ndarray) -> dict[str, np.ndarray]:
        """What its runs say of this drawing, ``(modes, runs, classes)``, for every arm that can be asked."""
        view = self.stack.at_rest()
        if not asked(view.run, len(pixels)):
            return {}
        x = torch.from_numpy(as_in(view.run.dataset, pixels))
        found = answers(view, self.stack.next_inputs(), x).numpy()
        return {arm: found[:, self.rows_of(arm)] for arm, _ in self.members}

    def own(self, readings: dict[str, np.ndarray], arm: str) -> dict[str, np.ndarray]:
        """The rows of one arm, in the order of its seeds; nothing where the stack has none of its runs."""
        rows = self.rows_of(arm)
        if not rows:
            return {}
        mapped = [place for place, row in enumerate(self._mapped) if row in rows]
        chosen = {quantity: mapped if quantity in OF_ONE_SEED else rows for quantity in readings}
        return {quantity: values[chosen[quantity]] for quantity, values in readings.items() if chosen[quantity]}


def look_back(experiment: Experiment, unit: Unit, steps: Iterable[int]) -> Iterator[Inside | None]:
    """One unit at steps of the past: the first seed is trained again, alone, which leads to the same bits.

    Yields None now and then between two of the ``steps``, which rise.

    Raises:
        ValueError: no arm has this unit.
    """
    lockstep = Lockstep(experiment.replace(seeds=experiment.seeds[:1]), probes=False)
    for step in steps:
        while lockstep.step < step:
            lockstep.advance(min(AT_ONCE, step - lockstep.step))
            yield None
        yield lockstep.inside(unit)
