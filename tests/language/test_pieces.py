"""No sentence is made of pieces that were given a name first.

A piece is text with words of its own that is no whole sentence, and that was made or chosen for a sentence: in the same
function, or in one beside it that gives text. The name of a thing is no piece but a value, as it is in every language's
sentence: what a parameter, a table of the module or another module has (arms, quantities, data sets, norms, what
``reading`` measured), and what ``word`` says of one word. Nor are the items of a list, which are whole by themselves.
"""

import ast
import re
from pathlib import Path

import pytest

from bnviz.language.places import modules
from bnviz.language.python import is_words

ROOT = Path(__file__).parents[2]
WHOLE = re.compile(r"^(?:\*\*)?[A-Z0].*[.!?]\W*$", re.DOTALL)
ONE_WORD = re.compile(r"[a-z’-]{2,}")


def texts(node):
    """What a piece of code can be as text; values within it are a 0."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "0" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from [*texts(node.body), *texts(node.orelse)]
    elif isinstance(node, ast.BoolOp | ast.Dict):
        yield from (text for part in node.values for text in texts(part))
    elif isinstance(node, ast.Tuple | ast.List):
        yield from (text for part in node.elts for text in texts(part))
    elif isinstance(node, ast.DictComp | ast.Subscript | ast.NamedExpr):
        yield from texts(node.value)
    elif isinstance(node, ast.Call) and called(node) == "get":
        yield from (text for part in (node.func.value, *node.args[1:]) for text in texts(part))
    elif isinstance(node, ast.Call) and called(node) == "plural":
        yield from (text for part in node.args[1:] for text in texts(part))


def called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_piece(text):
    return bool((is_words(text) or ONE_WORD.fullmatch(text)) and not WHOLE.match(text))


def named_texts(function):
    """Names that a function gives to text, and what they can be."""
    found = {}
    for node in ast.walk(function):
        pairs = []
        if isinstance(node, ast.Assign):
            (target, *_) = node.targets
            both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=False) if both else [(target, node.value)]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            pairs = [(node.target, node.value)]
        for target, value in pairs:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).extend(texts(value))
    return found


def values_of(function):
    """Each sentence of a function, and a value that it holds."""
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr) and is_words(next(texts(node))):
            yield from ((node, part.value) for part in node.values if isinstance(part, ast.FormattedValue))
        elif isinstance(node, ast.Call) and called(node) in ("plural", "parted"):
            yield from ((node, keyword.value) for keyword in node.keywords)


def pieces(source):
    """Sentences that hold pieces: each with its value and what that can be."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    given = {
        each.name: [text for node in ast.walk(each) if isinstance(node, ast.Return) for text in texts(node.value)]
        for each in functions
    }
    for function in functions:
        named = named_texts(function)
        for sentence, value in values_of(function):
            held = value.value if isinstance(value, ast.Subscript) else value
            said = named.get(held.id, []) if isinstance(held, ast.Name) else [*texts(held)]
            if isinstance(held, ast.Call):
                said = given.get(called(held), said)
            if any(map(is_piece, said)):
                yield ast.unparse(sentence), ast.unparse(value), said


@pytest.mark.parametrize("path", [*modules(ROOT)], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_of_a_module_is_made_of_pieces(path):
    assert [*pieces(path.read_text())] == []


@pytest.mark.parametrize("lines", [
    'where = "in the first layer" if first else "elsewhere"\n    return f"It is lost {where}."',
    'how = {1: "more", -1: "less"}\n    return f"BN moves {how[sign]} than that."',
    'there = f"{count} of {all}"\n    return f"Of BN {there} seeds get there."',
    'how, why = "slowly", reason\n    return plural(n, "{count} seed {how}", "{count} seeds {how}", how=how)',
    'return f"It is lost {tell(sign)}."\n\ndef tell(sign):\n    return "with BN" if sign else "without it"',
])  # fmt: skip
def test_a_piece_with_a_name_is_found(lines):
    assert [*pieces(f"def said():\n    {lines}")]


@pytest.mark.parametrize("lines", [
    'name = arm_label(arm)\n    return f"The network {name} diverged."',
    'return f"The quantity {QUANTITIES[quantity]} is measured."',
    'none = word("none")\n    return f"Of these {none} are left."',
    'more = "It diverged." if lost else ""\n    return f"Training is over. {more}"',
    'share = f"{low}–{high}"\n    return f"It lies within {share} of the seeds."',
    'told = ", ".join(f"{arm} none of these" for arm in arms)\n    return f"Deepest network that learns: {told}."',
])  # fmt: skip
def test_names_of_things_whole_sentences_and_lists_are_let_be(lines):
    assert [*pieces(f"def said():\n    {lines}")] == []
