"""Modules in another language: loaded from their source, with every message said in it. In English nothing is here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from bnviz.language import script as scripts
from bnviz.language.places import has_words
from bnviz.language.python import spoken_in
from bnviz.language.tongues import ENGLISH, spoken


def begin() -> None:
    """From now on modules of ours speak the language of this process."""
    if spoken() is not ENGLISH:
        sys.meta_path.insert(0, Finder())


def program(source: str) -> ast.Module:
    """A module or a page in the language of this process."""
    return spoken_in(ast.parse(source), spoken().say)


def script(source: str) -> str:
    """A script of the board in the language of this process."""
    return source if spoken() is ENGLISH else scripts.spoken_in(source, spoken())


class Finder(MetaPathFinder):
    """Finds what Python's own finder does, and has it loaded by ``Loader`` where it holds words."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path) if fullname.startswith("bnviz.") else None
        if found and isinstance(found.loader, SourceFileLoader) and has_words(found.loader.path):
            found.loader = Loader(found.loader.name, found.loader.path)
            return found
        return None


class Loader(SourceFileLoader):
    """Compiles every time anew: what is compiled beside the source is English."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return compile(program(self.get_source(fullname) or ""), path, "exec", dont_inherit=True)
