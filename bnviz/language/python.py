"""Which strings of a Python module are words for a reader, told from the source; and the module in another language.

A message is a string, or an f-string whose values became names in braces. One walk finds and replaces: no word can be
shown in another language that the catalog lacks, and none that it has stays behind.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterable

Say = Callable[[str, int, str], str]
"""A message, the line it stands in and, where it is a count's, its plural ("" for none), to what is to stand there."""

WORDED: dict[str, set[int]] = {
    "Word": set(), "word": set(), "line": {1, 2, 3, 4, 5, 6}, "dots": {1, 2, 3, 4, 5, 6}, "layout": {2, 3},
    "Argument": set(), "Words": set(), "row": set(), "axis_titles": set(), "table": set(),
    "Quantity": {2, 4, 5}, "choice": {0}, "Dataset": set(), "glossary": set(), "Level": set(),
}  # fmt: skip
"""Who is called with words for a reader, so that even one in lower case is one; and which places are none."""

TOLD = {"title", "label", "placeholder", "help", "unit", "empty"}
"""Keyword arguments that are words, whoever takes them."""

TABLES = {"TERMS", "BOUNDED", "ARM_WORDS"}
"""Names of tables that hold nothing but words."""

KEYED = {"TERMS", "table"}
"""Of these tables, and of who is called with one, even the keys are words."""

NO_WORDS = {
    # of Python and of libraries
    "compile", "sub", "fullmatch", "match", "search", "findall", "getattr", "setattr", "encode", "startswith",
    "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split", "strip", "rstrip", "lstrip",
    "replace", "open", "TypeVar", "glob", "with_name", "get_option", "import_module", "dict",
    # for developers
    "AssertionError", "TypeError", "RuntimeError", "KeyError", "IndexError", "AttributeError", "FileNotFoundError",
    # names of people, papers and proceedings
    "Source", "_arxiv",
}  # fmt: skip
"""Who is called with strings that no reader is shown."""

PLOTLY = {"type", "mode", "hovermode", "textposition", "family", "xanchor", "yanchor", "dash", "colorscale"}
"""Keys of a figure behind which plotly's own words stand."""

KEYS = {
    *PLOTLY, "key", "icon", "kind", "slug", "format", "size", "applies", "shape", "instrument", "watch", "expected",
    "picture", "charts", "open", "try_it", "align", "width", "height", "anchor", "role", "method", "media_type",
}  # fmt: skip
"""Keyword arguments behind which no words stand."""

_HIDDEN = re.compile(r"\$\$.*?\$\$|\$[^$]+\$|<[^<>]*>|%?\{[^{}]*\}|:\w+/\w+:", re.DOTALL)
_CODE = re.compile(
    r"\\[A-Za-z(\[]|^\s*--|^\s*[.@<&/]\S|^#\w|=>|\bwindow\.|:root|^\w+_\w+$"
    r"|^(top|bottom) (left|right)$|^\w+ domain$|^[xy] title$|^[A-Z][a-z]+(-[A-Z][a-z]+)+$|^Allow$"
)
"""Formulas outside of dollars, styles, paths, scripts, names of variables, what plotly calls places, headers."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"[+ ]?,?(\.\d+)?[deEfgG%]|,")
_STARTS = re.compile(r"\W*[A-Z][\w-]*(?:[a-z]|[’']s)\W*")


def is_words(message: str, alone: bool = False) -> bool:
    """Whether a message is for a reader: two words, or one that begins as a sentence does; ``alone``, any word."""
    told = _HIDDEN.sub("0", message)
    if not _WORD.search(told) or _CODE.search(told):
        return False
    return " " in told.strip() or alone or _STARTS.fullmatch(told) is not None


def messages(tree: ast.Module) -> Iterable[tuple[str, int, str]]:
    """All that a module says: message, line, plural."""
    found: list[tuple[str, int, str]] = []

    def note(message: str, line: int, many: str) -> str:
        found.append((message, line, many))
        return message

    Speaker(note).visit(tree)
    return found


def spoken_in(tree: ast.Module, say: Callable[[str], str]) -> ast.Module:
    """The module with every message said so, and every number in one through ``wording.written``."""
    tree = Speaker(lambda message, line, many: say(message), numbers=True).visit(tree)
    first = 1 if tree.body and _is_text(tree.body[0]) else 0
    while first < len(tree.body) and getattr(tree.body[first], "module", "") == "__future__":
        first += 1
    tree.body[first:first] = ast.parse(f"from bnviz import wording as {WORDING}").body
    return ast.fix_missing_locations(tree)


WORDING = "_wording"


class Speaker(ast.NodeTransformer):
    """Goes through a module and puts every message through ``say``. ``numbers``: theirs are written by the language."""

    def __init__(self, say: Say, numbers: bool = False) -> None:
        self.say, self.numbers = say, numbers
        self._alone = self._keyed = False

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if _is_text(node) else self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._but(node, "decorator_list", "returns")

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if any(name.startswith("__") or name == "_HOME" for name in names):
            return node
        node.value = self._visit(node.value, bool(names & TABLES), bool(names & KEYED))
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        named = node.target.id if isinstance(node.target, ast.Name) else ""
        if node.value:
            node.value = self._visit(node.value, named in TABLES, named in KEYED)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return self.generic_visit(node) if not self._alone else self._visit(node, False)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        for place, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            is_key = isinstance(key, ast.Constant) and key.value in PLOTLY and isinstance(value, ast.Constant)
            if is_key and not self._alone:
                continue
            node.keys[place] = key and self._visit(key, self._keyed)
            node.values[place] = self.visit(value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        node.func = self.visit(node.func)
        if called == "plural" and len(node.args) == 3 and all(isinstance(each, ast.Constant) for each in node.args[1:]):
            one, many = (each.value for each in node.args[1:])  # type: ignore[attr-defined]
            self.say(one, node.args[1].lineno, many)
            node.args[0] = self.visit(node.args[0])
            for keyword in node.keywords:
                keyword.value = self._visit(keyword.value, False)
            return node
        aside, alone, keyed = WORDED.get(called, set()), called in WORDED, called in KEYED
        for place, each in enumerate(node.args):
            if (called not in NO_WORDS and place not in aside) or not isinstance(each, ast.Constant | ast.JoinedStr):
                node.args[place] = self._visit(each, alone, keyed)
        for keyword in node.keywords:
            literal = isinstance(keyword.value, ast.Constant | ast.JoinedStr)
            if keyword.arg not in KEYS and not (literal and called in NO_WORDS):
                keyword.value = self._visit(keyword.value, keyword.arg in TOLD, keyed)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        values = {name: value for name, value in zip(*_named(node), strict=True)}
        names = iter(values)
        text = "".join(
            f"{{{next(names)}}}" if isinstance(each, ast.FormattedValue) else _escaped(each) for each in node.values
        )
        for value in values.values():
            value.value = self._visit(value.value, False)
        if not is_words(text, self._alone):
            return node
        said = self.say(text, node.lineno, "")
        if self.numbers:
            for value in values.values():
                _by_language(value)
        parts: list[ast.expr] = []
        for literal, name, _, _ in string.Formatter().parse(said):
            parts += [ast.Constant(literal)] * bool(literal)
            if name is not None:
                parts.append(values[name])
        return ast.copy_location(ast.JoinedStr(parts), node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str) or not is_words(node.value, self._alone):
            return node
        return ast.copy_location(ast.Constant(self.say(node.value, node.lineno, "")), node)

    def _visit(self, node: ast.expr, alone: bool, keyed: bool = False) -> ast.expr:
        before = self._alone, self._keyed
        self._alone, self._keyed = alone, keyed
        try:
            return self.visit(node)  # type: ignore[no-any-return]
        finally:
            self._alone, self._keyed = before

    def _but(self, node: ast.FunctionDef, *aside: str) -> ast.AST:
        """All of a node but these parts of it."""
        kept = {name: getattr(node, name) for name in aside}
        for name in aside:
            setattr(node, name, None if name == "returns" else [])
        self.generic_visit(node)
        for name, value in kept.items():
            setattr(node, name, value)
        return node


def _named(node: ast.JoinedStr) -> tuple[list[str], list[ast.FormattedValue]]:
    """A name for each value of an f-string, its own where it has one, else its place; and the values."""
    values = [each for each in node.values if isinstance(each, ast.FormattedValue)]
    names: list[str] = []
    for place, each in enumerate(values):
        own = getattr(each.value, "id", getattr(each.value, "attr", ""))
        names.append(own if own and own not in names else str(place))
    return names, values


def _by_language(value: ast.FormattedValue) -> None:
    """A number with a form is written by the language that is spoken."""
    if value.format_spec and is_number(value):
        called = ast.Attribute(ast.Name(WORDING, ast.Load()), "written", ast.Load())
        value.value, value.format_spec = ast.Call(called, [value.value, value.format_spec], []), None


def is_number(value: ast.FormattedValue) -> bool:
    """Whether a value of an f-string has a form that only numbers have: not the width of a column."""
    parts = value.format_spec.values if isinstance(value.format_spec, ast.JoinedStr) else []
    form = "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in parts)
    return _NUMBER.fullmatch(form) is not None


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _escaped(part: ast.expr) -> str:
    assert isinstance(part, ast.Constant)
    return str(part.value).replace("{", "{{").replace("}", "}}")
