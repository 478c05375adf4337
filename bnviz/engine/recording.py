"""Training from a script: ``train``, a loop that the caller drives, and ``record``, the same collected.

``record`` leaves a checkpoint in its history, and goes on from one: what it makes then is what one longer recording
would have made, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version

import numpy as np
import torch

import bnviz
from bnviz.engine.lockstep import Lockstep
from bnviz.experiment import Experiment, experiment_of
from bnviz.fields import InvalidChoice, quoted, whole_number
from bnviz.history_file import LAST_STEP, MOST_CAPACITY
from bnviz.inside import Inside, Unit, unit_of
from bnviz.progress import progress_bar
from bnviz.quantities import WATCHED
from bnviz.rate_changes import RateChange
from bnviz.snapshot import Event, History, Snapshot

SAME_AGAIN = "trained again up to here, to the same losses"


def train(experiment: Experiment, every: int = 1, probes: bool = True) -> Iterator[Snapshot]:
    """Train an experiment for ever and yield a snapshot every so many steps, the untouched networks first.

    ``probes=False`` leaves the losses of the mini-batches only.

    Raises:
        InvalidChoice, DataUnavailable: as ``Lockstep``, when the first is asked for.
        ValueError: ``every`` is no whole number, or less than 1.
    """
    experiment_of(experiment)
    every = whole_number("every", every, 1)
    lockstep = Lockstep(experiment, probes)
    lockstep.watch(WATCHED)
    while True:
        yield lockstep.snapshot()
        lockstep.advance(every)


def record(
    experiment: Experiment, steps: int = 500, every: int = 10, probes: bool = True, inside: Iterable[Unit] = (), *,
    start: History | None = None, progress: bool | None = None,
) -> History:  # fmt: skip
    """Train up to step ``steps`` and keep a snapshot every so many, and of the last one: nothing is thinned.

    ``probes=False`` keeps the losses of the mini-batches only, which is quicker. ``inside`` are units,
    ``(layer, unit)`` from 1, whose mini-batch is kept, too, for ``bnviz.charts.inside``.
    ``start`` is a history of the same experiment to go on from, saved or not: from its checkpoint or, where it has
    none, from step 0 again up to where it ends, and an event says which. Changes of the learning rate may be new if
    they come later. A bar shows how far it is where ``progress`` is wanted, by default on a terminal or in a notebook.

    Raises:
        InvalidChoice, DataUnavailable: as ``Lockstep``.
        ValueError: ``steps`` or ``every`` is no whole number, or less than 0 or 1, or there are too many snapshots;
            there is no such unit; or ``start`` is of another experiment, or ends no earlier.
    """
    experiment_of(experiment)
    if start is not None and not isinstance(start, History):
        raise InvalidChoice(f"start was {quoted(start)}; allowed is a History: try History.load of a saved one.")
    steps, every = whole_number("steps", steps, 0), whole_number("every", every, 1)
    if steps > LAST_STEP or steps // every >= MOST_CAPACITY - 1:
        raise ValueError(
            f"steps was {steps:,} and every {every:,}; allowed are up to {LAST_STEP:,} steps and {MOST_CAPACITY:,} "
            "snapshots: try fewer steps, or look less often."
        )
    looks = [*range(0, steps, every), steps]
    units, begun = _units(inside), 0
    if start:
        _check(start, experiment, steps)
        begun = start.latest.step
        looks = [look for look in looks if look > begun]
    lockstep = Lockstep(experiment, probes)
    history = History(experiment, capacity=max(2, len(looks) + len(start or ())))
    history.made_by = {"bnviz": bnviz.__version__, "torch": torch.__version__, "numpy": version("numpy")}
    lockstep.watch(WATCHED)
    with progress_bar(steps, "steps", progress) as done:
        if start:
            _go_on(lockstep, history, start)
            done(begun)
        for look in looks:
            if look > lockstep.step:
                done(look - lockstep.step)
                lockstep.advance(look - lockstep.step)
            history.append(_seen(lockstep, units))
    history.checkpoint = lockstep.checkpoint()
    return history


def _units(given: object) -> tuple[Unit, ...]:
    if not isinstance(given, Iterable) or isinstance(given, str):
        raise ValueError(
            f"inside was {quoted(given)}; allowed are units: try inside=[(1, 1)], a layer and a unit of it."
        )
    return tuple(map(unit_of, given))


def _check(start: History, experiment: Experiment, steps: int) -> None:
    """Raises ValueError where this experiment cannot go on from there up to so many steps."""
    last = start.latest.step if len(start) else 0
    if start.experiment.replace(changes=()) != experiment.replace(changes=()):
        raise ValueError("start is of another experiment; allowed is one with the same arms, seeds and instruments.")
    if steps <= last:
        raise ValueError(f"steps was {steps:,}; allowed is more than {last:,}, with which start ends.")
    if _made(start.experiment, last) != _made(experiment, last):
        raise ValueError(f"the learning rate changes otherwise than in start up to step {last:,}; allowed is later.")


def _made(experiment: Experiment, step: int) -> list[RateChange]:
    """The changes of the learning rate up to this step."""
    return [change for change in experiment.changes if change.step <= step]


def _go_on(lockstep: Lockstep, history: History, start: History) -> None:
    """Stand where ``start`` ends, with what it saw."""
    for snapshot in start:
        history.append(snapshot)
    if start.checkpoint:
        lockstep.restore(start.checkpoint)
        words = "went on from a saved history"
    else:
        apart = _again(lockstep, start)
        words = f"trained again up to here, to losses that differ by up to {apart:.1%}" if apart else SAME_AGAIN
    events = dict.fromkeys([*start.events, *history.events, Event(lockstep.step, words)])
    history.events = sorted(events, key=lambda event: event.step)


def _again(lockstep: Lockstep, start: History) -> float:
    """Train and look as ``start`` did; the share by which losses differ: other processors and versions give other bits.

    A reading compares with earlier ones, so those that follow are the same only where there were the same before.
    """
    furthest = 0.0
    for before in start:
        if before.step > lockstep.step:
            lockstep.advance(before.step - lockstep.step)
        again = lockstep.snapshot()
        for arm in again.arms:
            new, old = again[arm]["train_loss"], before[arm]["train_loss"]
            apart = np.abs(new - old) / np.maximum(np.abs(old), 1e-12)
            furthest = max(furthest, float(np.max(np.where(np.isnan(new) & np.isnan(old), 0, apart))))
    return furthest


def _seen(lockstep: Lockstep, units: Iterable[Unit]) -> Snapshot:
    """A snapshot, with the mini-batches of these units."""
    seen = lockstep.snapshot()
    arms = {arm: dict(readings) for arm, readings in seen.arms.items()}
    for arm, own in _by_arm(lockstep.inside(unit) for unit in units).items():
        arms[arm]["inside"] = np.stack(own)
    return Snapshot(seen.step, seen.epoch, arms)


def _by_arm(found: Iterable[Inside]) -> dict[str, list[np.ndarray]]:
    """What was read of some units, arm by arm."""
    readings: dict[str, list[np.ndarray]] = {}
    for each in found:
        for arm, own in each.arms.items():
            readings.setdefault(arm, []).append(own)
    return readings
