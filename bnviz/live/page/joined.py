"""Modules as one file: a browser that has none of them asks for it once, not for each of a hundred, and a page that is
opened from disk, where nothing can be imported, holds it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter

_IMPORT = re.compile(r'^import (?:(\w+)|\{([^}]*)\}) from "(\.[^"]*)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (default )?((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)


def joined(modules: Mapping[str, str]) -> str:
    """A module that exports ``modules``: by the path of a file, what it exports; texts by the paths of their files.

    Each becomes a function, so that what it keeps for itself stays its own,
    and runs after those that it imports. Raises graphlib.CycleError where
    modules import each other.
    """
    order = TopologicalSorter({path: imports(path, text) for path, text in modules.items()}).static_order()
    return "\n".join(["export const modules = {};", *(_kept(path, modules[path]) for path in order)])


def imports(path: str, text: str) -> list[str]:
    """The paths of all that the module at a path imports."""
    return [_beside(path, other) for *_, other in _IMPORT.findall(text)]


def _beside(path: str, other: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))


def _kept(path: str, text: str) -> str:
    def taken(found: re.Match[str]) -> str:
        default, names, other = found.groups()
        own = f"default: {default}" if default else names.replace(" as ", ": ")
        return f'const {{{own}}} = modules["{_beside(path, other)}"];'

    given = ", ".join(f"default: {own}" if default else own for default, _, own in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\2 \3", _IMPORT.sub(taken, text))
    return f'modules["{path}"] = (() => {{\n{body}\nreturn {{ {given} }};\n}})();'
