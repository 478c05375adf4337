"""Maps and sweeps whose every number is made up: plain diverges where rate times scale reaches 1, BN nowhere."""

import math

from bnviz import Experiment, Run
from bnviz.axes import axis
from bnviz.sweeps import Map, Sweep
from bnviz.table import Table


def twins(seeds=(0,)):
    plain = Run(dataset="spirals", depth=2, width=4, init="he", batch_size=64)
    return Experiment(arms={"plain": plain, "bn": plain.replace(normalization="batch")}, seeds=seeds)


def made_up_map(x="learning_rate", y="init_scale", cells=16):
    return Map(twins(), axis(x), axis(y), cells=cells, steps=10)


def made_up_sweep(values=(0.1, 0.3, 1.0, 3.0), seeds=range(3)):
    return Sweep(twins(seeds), {"learning_rate": values}, steps=10)


def outcome(cell):
    """Losses, accuracy, divergence, gradient norm and shift: accuracy falls by 0.1 a decade away from a rate of 1."""
    run = cell.run
    lost = cell.arm == "plain" and run.learning_rate * run.initial_scale >= 1
    accuracy = 0.9 - 0.1 * abs(math.log10(run.learning_rate)) + 0.01 * cell.seed
    return [1 - accuracy, None if lost else 1 - accuracy, accuracy, 7.0 if lost else None, 2.0, 0.5]


def table(grid, keep=lambda cell: True):
    """The rows of the cells to keep."""
    cells = [cell for cell in map(grid.cell, range(grid.total)) if keep(cell)]
    return Table.of(grid.columns, [cell.row(outcome(cell) if cell.run else ()) for cell in cells])
