"""No sentence is glued from parts in code: another language puts its words in another order, and has other endings."""

import ast
import re
from pathlib import Path

import pytest

from bnviz.language import python, script
from bnviz.language.places import modules, scripts
from bnviz.language.python import is_words

ROOT = Path(__file__).parents[2]
LETTERS = re.compile(r"[^\W\d_]")
CHOSEN = re.compile(r'\$\{[^}`"\n]*(?:\? ?"[^"\n]*")?[^}`"\n]*[?:] ?"[^"\n]*[a-z][^"\n]*"')
"""A word that a template of a script chooses within itself."""
PIECE = re.compile(r"^(?:\s|[,;:]\s|[,;] )|[^.:;!?\n]\s$|[,]\s$")


def texts(node):
    """The strings that a piece of code is made of, without those within calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "0" for part in node.values)
    elif isinstance(node, ast.BinOp | ast.IfExp | ast.List | ast.Tuple):
        for part in ast.iter_child_nodes(node):
            yield from texts(part)


def has_words(node):
    return any(map(is_words, texts(node)))


def glued(tree):
    """Lines where words are added, multiplied, chosen within a sentence, or joined by words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            sides = [side for side in (node.left, node.right) if not isinstance(side, ast.List | ast.Tuple)]
            if any(has_words(side) for side in sides):
                yield node.lineno, "added", ast.unparse(node)
        elif isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Constant | ast.JoinedStr):
            if has_words(node.value):
                yield node.lineno, "added", ast.unparse(node)
        elif isinstance(node, ast.JoinedStr):
            (whole,) = texts(node)
            for inner in (part.value for part in node.values if isinstance(part, ast.FormattedValue)):
                chosen = isinstance(inner, ast.IfExp | ast.BinOp) and any(map(LETTERS.search, texts(inner)))
                if chosen and is_words(whole):
                    yield node.lineno, "chosen within", ast.unparse(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            by = getattr(node.func.value, "value", "")
            if isinstance(by, str) and LETTERS.search(re.sub(r"<\w+>|\\\w*|\[\w+\]", "", by)):
                yield node.lineno, "joined", ast.unparse(node)


def pieces(found):
    """Messages that begin or end in the air."""
    return [each for message, _, many in found for each in (message, many) if PIECE.search(each)]


@pytest.mark.parametrize("path", [*modules(ROOT)], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_is_glued_in_a_module(path):
    tree = ast.parse(path.read_text())
    assert [*glued(tree), *pieces(python.messages(tree))] == []


@pytest.mark.parametrize("path", [*scripts(ROOT)], ids=lambda path: path.name)
def test_no_sentence_is_glued_in_a_script(path):
    source = path.read_text()
    assert [*pieces(script.messages(source)), *CHOSEN.findall(source)] == []


@pytest.mark.parametrize("line", [
    'said = "so many steps" + ending', 'said = f"{count} step{\'s\' * (count > 1)} left"', 'said += " and so on"',
    'said = " and ".join(names)',
])  # fmt: skip
def test_what_is_glued_is_found(line):
    assert [*glued(ast.parse(line))]


def test_what_is_chosen_within_a_template_is_found():
    assert CHOSEN.search('write(at, `${left} more point${left > 1 ? "s" : ""}`)')
    assert CHOSEN.search('write(at, `${left} more point${left === 1 ? "" : "s"}`)')
    assert not CHOSEN.search('write(at, left > 1 ? `${left} more points` : "one more point")')
