"""See what happens inside a network while it learns, and what batch normalization does about it.

    from bnviz import Run, Experiment, train, record

The map, from the ground up; a module imports from floors below, never sideways, never up:

    floor 0  run, experiment, quantities, snapshot   what can be chosen, what can be measured, what was seen
             study     a small measurement that is no training run, and its table
             sweeps    many networks that differ in a few fields: a map, a grid
             code      a run written down as a PyTorch or a Keras program
             language  which strings are words for a reader, and how they are put into another language
    floor 1  engine    torch lives only here: stacks of networks that train as one program, and the probes
             charts    plotly lives only here: a history in, a figure out
             lessons   plain data and sentences computed from it
    floor 2  service   where experiments, studies and sweeps run: in isolated processes
    floor 3  live      the wire to the browser and the board that draws
    floor 4  export    what is taken home: the board as one page, tables, programs
    floor 5  ui        streamlit lives only here (and in live's component, pages/, app.py)

Importing ``bnviz`` imports none of the heavy libraries; a name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bnviz.language import loading

if TYPE_CHECKING:
    from bnviz.engine import activation_from, normalization_from, record, sweep, train
    from bnviz.engine.download import DataUnavailable
    from bnviz.experiment import Experiment
    from bnviz.fields import InvalidChoice
    from bnviz.history_file import NotAHistory
    from bnviz.named import NotThere
    from bnviz.own_data import dataset_from
    from bnviz.own_schedule import schedule_from
    from bnviz.run import Run
    from bnviz.snapshot import History, Snapshot

_HOME = {
    "Run": "bnviz.run",
    "Experiment": "bnviz.experiment",
    "InvalidChoice": "bnviz.fields",
    "NotThere": "bnviz.named",
    "NotAHistory": "bnviz.history_file",
    "DataUnavailable": "bnviz.engine.download",
    "dataset_from": "bnviz.own_data",
    "activation_from": "bnviz.engine",
    "normalization_from": "bnviz.engine",
    "schedule_from": "bnviz.own_schedule",
    "Snapshot": "bnviz.snapshot",
    "History": "bnviz.snapshot",
    "train": "bnviz.engine",
    "record": "bnviz.engine",
    "sweep": "bnviz.engine",
}

_ROOMS = ("export",)
"""What may be named without being imported first."""

__all__ = [
    "DataUnavailable", "Experiment", "History", "InvalidChoice", "NotAHistory", "NotThere", "Run", "Snapshot",
    "activation_from", "dataset_from", "normalization_from", "record", "schedule_from", "sweep", "train",
]  # fmt: skip
__version__ = "0.1.0"

loading.begin()


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"bnviz.{name}")
    if name not in _HOME:
        raise AttributeError(f"bnviz has no {name!r}; its public names are {', '.join(__all__)}.")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
