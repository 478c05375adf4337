"""Take it home: what was trained as a page, a program, a notebook, a table. A history or an experiment in, text out.

    page(history), map_page(map, sight)                the board in one file, without a server
    frame(history), first_look(experiment)             the same in a frame, for a notebook
    script(experiment, arm, seed, steps)               the run as a program of its own
    notebook(experiment, arm, seed, steps)             the same as a notebook, of every arm unless one is named
    numbers(history, kind), rows(table, map, kind)     what was read as a csv, parquet or json file

A name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bnviz.export.board_page import page
    from bnviz.export.frames import first_look, frame
    from bnviz.export.maps import map_page
    from bnviz.export.notebooks import notebook
    from bnviz.export.scripts import script
    from bnviz.export.tables import numbers, rows

_HOME = {
    "page": "board_page", "map_page": "maps", "frame": "frames", "first_look": "frames", "script": "scripts",
    "notebook": "notebooks", "numbers": "tables", "rows": "tables",
}  # fmt: skip
"""No module has the name of what it holds: the package could then not tell them apart."""

__all__ = ["first_look", "frame", "map_page", "notebook", "numbers", "page", "rows", "script"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"bnviz.export has no {name!r}; its public names are {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"bnviz.export.{_HOME[name]}"), name)
