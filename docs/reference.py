"""Writes ``docs/reference.md``: every public name of the library, from its own docstring. ``make reference`` runs it.

A name that does not say what it should is refused: parameters in words, shapes and units where there are arrays, what
is raised, and for what comes from a paper its source. The tests hold the page to the code.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import bnviz
from bnviz.quantities import QUANTITIES
from bnviz.run import FIELDS, Run

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference.md"

HEAD = """\
# Reference

Every public name of `bnviz`, as its docstring has it. Made by `make reference`; do not write here.

"""
INHERITED = {"model_dump", "copy", "dict", "json"}


def page() -> str:
    """The whole page."""
    names = [entry(name, getattr(bnviz, name), "##") for name in bnviz.__all__]
    return HEAD + "\n".join([*names, fields(), quantities()])


def entry(name: str, thing: Any, level: str) -> str:
    """One name: how it is called, what its docstring says, where it is defined, and its own public names."""
    parts = [f"{level} {name}", f"```python\n{name}{called(thing)}\n```", said(thing)]
    if inspect.isclass(thing):
        parts += [member(thing, each) for each in public(thing)]
    if level == "##":
        parts.append(f"Defined in [`{defined(thing)}`](../{defined(thing)}).")
    return "\n\n".join(part for part in parts if part) + "\n"


def public(thing: type) -> list[str]:
    """The names of a class that stand in its own body and say what they are."""
    return [name for name, value in vars(thing).items()
            if not name.startswith("_") and name not in INHERITED and inspect.getdoc(value)
            and (isinstance(value, classmethod | property) or inspect.isfunction(value))]  # fmt: skip


def member(thing: type, name: str) -> str:
    """A method or a property, in a paragraph."""
    value = getattr(thing, name) if not isinstance(vars(thing)[name], property) else vars(thing)[name]
    given = "" if isinstance(value, property) else called(value)
    return f"**`.{name}{given}`**\n\n{said(value)}"


def called(thing: Any) -> str:
    """Its parameters, without types: the docstring has them in words."""
    if inspect.isclass(thing) and (issubclass(thing, Exception) or thing is Run):
        return "(**choices)" if thing is Run else "(message)"
    names = []
    for each in inspect.signature(thing).parameters.values():
        star = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        default = "" if each.default is each.empty else f"={each.default!r}"
        if each.name not in ("self", "cls"):
            names.append(f"{star}{each.name}{default}")
    return f"({', '.join(names)})"


def said(thing: Any) -> str:
    """Its docstring, a heading's colon lines as a list."""
    text = inspect.getdoc(thing) or ""
    text = re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL)
    head, _, raised = text.partition("Raises:\n")
    if not raised:
        return text
    items = re.split(r"\n(?=\S)", textwrap.dedent(raised).strip())
    listed = [f"- {' '.join(item.split())}" for item in items]
    return "\n".join([f"{head.rstrip()}\n", "Raises:\n", *listed])


def defined(thing: Any) -> str:
    """The file that it stands in, from the root of the repository."""
    return Path(inspect.getsourcefile(thing) or "").relative_to(ROOT).as_posix()


def fields() -> str:
    """What can be chosen of a run: unit, range and default of each field."""
    rows = [f"| `{name}` | {field.meaning} | {field.allowed} | {field.unit} | `{field.default!r}` |"
            for name, field in FIELDS.items()]  # fmt: skip
    return "\n".join(["## The choices of a Run\n", "| choice | meaning | allowed | unit | default |",
                      "|---|---|---|---|---|", *rows, ""])  # fmt: skip


def quantities() -> str:
    """What is read: shape, unit and meaning of each quantity."""
    rows = [f"| `{name}` | {row.shape} | {row.unit} | {row.meaning} |" for name, row in QUANTITIES.items()]
    shapes = ("A `run` is `(seeds,)`, a `layer` `(seeds, layers)`, a `unit` `(seeds, layers, watched units)`, a "
              "`histogram` `(seeds, layers, 62 bins)`; of the first seed a `grid` is `(40, 40)`, `points` "
              "`(classes, 2, 40)`, a `walk` `(21,)`, `tiles` `(pictures, side, side)` and a `network` so many bytes. A "
              "history puts the snapshots in front.")  # fmt: skip
    return "\n".join(["## The quantities of a History\n", textwrap.fill(shapes, 120) + "\n",
                      "| quantity | shape | unit | meaning |", "|---|---|---|---|", *rows, ""])  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
