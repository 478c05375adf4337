"""The catalog: every message of the project with the places where it stands, as gettext's template (``.pot``)."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from pathlib import Path

from bnviz.language import python, script
from bnviz.language.places import modules, scripts

HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\n"
"""
"""A translation says how many forms a plural has in its language, and has as many of ``msgstr[…]``."""


def found(root: Path) -> dict[str, tuple[str, list[str]]]:
    """Message to its plural ("" for none) and its places, file and line, in the order in which they are met."""
    said: dict[str, tuple[str, list[str]]] = {}
    for place, message, many in _met(root):
        known, places = said.setdefault(message, (many, []))
        said[message] = (known or many, [*places, place])
    plurals = {many for many, _ in said.values() if many}
    return {message: row for message, row in said.items() if message not in plurals}


def template(root: Path) -> str:
    """The catalog as text; the same for the same source."""
    return "\n".join([HEAD, *(_entry(message, *row) for message, row in found(root).items())])


def _met(root: Path) -> Iterable[tuple[str, str, str]]:
    for path in modules(root):
        for message, line, many in python.messages(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(root).as_posix()}:{line}", message, many
    for path in scripts(root):
        for message, line, many in script.messages(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(root).as_posix()}:{line}", message, many


def _entry(message: str, many: str, places: list[str]) -> str:
    lines = [f"#: {place}" for place in places] + ["#, python-brace-format"] * ("{" in message)
    lines.append(f"msgid {json.dumps(message, ensure_ascii=False)}")
    if not many:
        return "\n".join([*lines, 'msgstr ""', ""])
    plural = f"msgid_plural {json.dumps(many, ensure_ascii=False)}"
    return "\n".join([*lines, plural, 'msgstr[0] ""', 'msgstr[1] ""', ""])
