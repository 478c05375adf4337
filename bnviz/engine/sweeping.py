"""Sweeps: thousands of networks, trained stack after stack, each read once at its end.

Nothing is kept but the rows: one stack lives at a time, and networks that
share a data set share its tensors.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from bnviz.engine.batches import checked
from bnviz.engine.datasets import Data, load
from bnviz.engine.probes.outcome import Outcome
from bnviz.engine.stack import Stack, together
from bnviz.engine.sweep_process import in_processes
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice, whole_number
from bnviz.own_functions import called
from bnviz.progress import progress_bar
from bnviz.run import Run
from bnviz.sweeps import RESULTS, Cell, Sweep
from bnviz.table import Table, Value
from bnviz.wording import listed

if TYPE_CHECKING:
    import pandas as pd

BREATH = 25
"""After so many steps of a stack whoever drives the training may do something else."""

WORTHWHILE = 1.5
"""So many times the work of beginning anew has to be saved by it."""

Row = tuple[int, list[Value]]
"""A cell's number and its row of the table."""


def sweep(
    experiment: Experiment, steps: int = 200, *, processes: int | None = 1, progress: bool | None = None, **fields: Any
) -> pd.DataFrame:
    """Train every combination of these values with every arm and seed, and return a row for each network.

    ``bnviz.sweep(experiment, learning_rate=[0.1, 1.0], init_scale=[0.5, 1.0, 2.0], steps=300)``

    The columns are arm, seed, the fields, what was read at the end
    (``bnviz.sweeps.RESULTS``), and why a network is impossible, where it is.
    ``processes`` share the work, one thread each, None as many as there are
    cores; the table is the same. A bar counts the networks where ``progress``
    is wanted, by default on a terminal or in a notebook.

    Raises:
        InvalidChoice: a field or value that does not exist, too many networks, or functions of one's own in more than
            one process.
        DataUnavailable: an arm's data cannot be had.
        ValueError: ``processes`` is no whole number, or less than 1.
        RuntimeError: a process ended before it was done.
    """
    asked = Sweep(experiment, fields, steps)
    count = (os.cpu_count() or 1) if processes is None else whole_number("processes", processes, 1)
    cells = [asked.cell(index) for index in range(asked.total)]
    if count > 1 and (own := {called(word) for cell in cells if cell.run for word in cell.run.functions}):
        raise InvalidChoice(
            f"processes was {count}; allowed is 1 with {listed(sorted(own))}: functions of one's own are in this "
            "process alone."
        )
    parts = train_cells(cells, steps) if count == 1 else in_processes(asked, count)
    rows: list[Row] = []
    with progress_bar(asked.total, "networks", progress) as done:
        for part in parts:
            rows += part
            done(len(part))
    table = Table.of(asked.columns, [row for _, row in sorted(rows, key=lambda row: row[0])])
    return table.to_frame().astype(dict.fromkeys(RESULTS, float))


def train_cells(cells: Sequence[Cell], steps: int) -> Iterator[list[Row]]:
    """The rows of these cells, stack by stack; between them empty lists, every so many steps.

    Cells that cannot be are answered at once. Equal networks are trained once,
    and a network that diverged reads nothing but when.

    Raises:
        DataUnavailable: the data of a cell cannot be had.
    """
    data: dict[tuple[object, ...], Data] = {}
    networks: dict[tuple[Run, int], Network] = {}
    refused: list[Row] = []
    for cell in cells:
        try:
            if cell.run is None:
                raise InvalidChoice(cell.refusal)
            fresh = Network(cell.run, cell.seed, _data_of(cell.run, cell.seed, data), [])
        except InvalidChoice as error:
            refused.append((cell.index, cell.row(refusal=str(error))))
        else:
            networks.setdefault((cell.run, cell.seed), fresh).cells.append(cell)
    yield refused
    every = list(networks.values())
    dtype = torch.float64 if any(cell.float64 for cell in cells) else torch.float32
    for rows in together([network.run for network in every], [network.data for network in every], dtype):
        yield from _train([every[row] for row in rows], steps, dtype)


class Network(NamedTuple):
    """A network to train, and the cells that it answers."""

    run: Run
    seed: int
    data: Data
    cells: list[Cell]

    def diverged(self, date: float) -> list[Row]:
        """The rows of a network whose loss was not finite at step ``date``: it reads nothing else."""
        return self.rows([date if quantity == "diverged_at" else math.nan for quantity in RESULTS])

    def rows(self, results: Sequence[float]) -> list[Row]:
        """Its rows with these ``RESULTS``."""
        return [(cell.index, cell.row(results)) for cell in self.cells]


def _data_of(run: Run, seed: int, known: dict[tuple[object, ...], Data]) -> Data:
    """The data of a run, loaded once for all runs that learn from the same."""
    key = (run.dataset, run.samples, run.noise, run.label_noise, seed)
    if key not in known:
        known[key] = load(run, seed)
    return checked(run, known[key])


def _train(networks: Sequence[Network], steps: int, dtype: torch.dtype) -> Iterator[list[Row]]:
    """Train one stack and read it at its end.

    A network whose loss is not a number stays so, and leaves: the others
    train on without it, from the start, where that is less work.
    """
    data = [network.data for network in networks]
    stack = Stack([network.run for network in networks], [network.seed for network in networks], data, dtype)
    outcome = Outcome(data)
    stop = outcome.stop(steps)
    for begin, end in pairwise(sorted({*range(0, steps, BREATH), stop, steps})):
        if begin == stop:
            outcome.remember(stack.at_rest())
        stack.advance(end - begin)
        gone, dates = stack.loss.isnan().tolist(), stack.diverged_at.tolist()
        lost, left = gone.count(True), gone.count(False)
        if lost * (steps - end) > WORTHWHILE * left * end:
            del stack, outcome
            diverged = [network.diverged(date) for network, date, it in zip(networks, dates, gone, strict=True) if it]
            yield [row for rows in diverged for row in rows]
            if left:
                yield from _train([network for network, it in zip(networks, gone, strict=True) if not it], steps, dtype)
            return
        yield []
    found = {"train_loss": stack.loss, "diverged_at": stack.diverged_at, **outcome.read(stack.at_rest())}
    results = torch.stack([found[quantity] for quantity in RESULTS], 1).tolist()
    ends = zip(networks, results, dates, gone, strict=True)
    rows = [network.diverged(date) if it else network.rows(own) for network, own, date, it in ends]
    yield [row for each in rows for row in each]
