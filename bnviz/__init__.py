"""See what happens inside a network while it learns, and what batch normalization does about it.

    from bnviz import Run, Experiment, train, record

The map, from the ground up; a module imports from floors below, never sideways, never up:

    floor 0  run, experiment, quantities, snapshot   what can be chosen, what can be measured, what was seen
             study     a small measurement that is no training run, and its table
             sweeps    many networks that differ in a few fields: a map, a grid
             code      a run written down as a PyTorch or a Keras program
    floor 1  engine    torch lives only here: stacks of networks that train as one program, and the probes
             charts    plotly lives only here: a history in, a figure out
             lessons   plain data and sentences computed from it
    floor 2  service   where experiments, studies and sweeps run: in isolated processes
    floor 3  live      the wire to the browser and the board that draws
    floor 4  ui        streamlit lives only here (and in live's component, pages/, app.py)

Importing ``bnviz`` imports none of the heavy libraries; a name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bnviz.engine import record, sweep, train
    from bnviz.experiment import Experiment
    from bnviz.fields import InvalidChoice
    from bnviz.run import Run
    from bnviz.snapshot import History, Snapshot

_HOME = {
    "Run": "bnviz.run",
    "Experiment": "bnviz.experiment",
    "InvalidChoice": "bnviz.fields",
    "Snapshot": "bnviz.snapshot",
    "History": "bnviz.snapshot",
    "train": "bnviz.engine",
    "record": "bnviz.engine",
    "sweep": "bnviz.engine",
}

__all__ = ["Experiment", "History", "InvalidChoice", "Run", "Snapshot", "record", "sweep", "train"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"bnviz has no {name!r}; its public names are {', '.join(__all__)}.")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
