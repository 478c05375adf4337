"""Every number that a reader sees goes through the function that writes numbers: with a decimal comma, all have it."""

import ast
import re
import string
from pathlib import Path

import pytest

from bnviz import wording
from bnviz.language import python
from bnviz.language.places import modules, scripts
from bnviz.language.python import PLOTLY, is_number
from bnviz.language.tongues import ENGLISH, Tongue

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"^[^\W\d]\w*_\w*$")
MADE_OF = re.compile(r"\.to(?:Fixed|Precision|Exponential|LocaleString)\(")
OPENS = {")": "(", "]": "[", "}": "{"}


def is_read_by_a_machine(node, parents):
    """A number that is read back as one, what plotly understands, or a name in the code: ``bn_drop_10``."""
    above = parents[node]
    if isinstance(above, ast.Call):
        return getattr(above.func, "id", "") == "float"
    if isinstance(above, ast.Dict):
        (key,) = [key for key, value in zip(above.keys, above.values, strict=True) if value is node]
        return isinstance(key, ast.Constant) and key.value in PLOTLY
    return bool(NAME.match("".join(part.value if isinstance(part, ast.Constant) else "0" for part in node.values)))


def forms_in(text):
    """The forms of numbers that a plain string leaves to ``format``; those behind a % are plotly's."""
    fields = string.Formatter().parse(text) if re.search(r"(?<!%)\{\w*:", text) else []
    return [form for _, _, form, _ in fields if form and re.fullmatch(r",|[+ ]?,?(\.\d+)?[deEfgG%]", form)]


def unwritten(source):
    """Numbers with a form that are not written by the language, once the module is put into one."""
    tree = python.spoken_in(ast.parse(source), str)
    parents = {part: node for node in ast.walk(tree) for part in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            if any(map(is_number, values)) and not is_read_by_a_machine(node, parents):
                yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from forms_in(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "format":
            yield ast.unparse(node)


def around(source, place):
    """What a piece of a script stands in, from the inside: calls, and templates up to it."""
    closed, found = [], []
    for at in range(place - 1, -1, -1):
        letter = source[at]
        if letter in OPENS:
            closed.append(letter)
        elif letter in OPENS.values() and closed:
            closed.pop()
        elif letter == "(":
            found.append(re.search(r"[\w.]*$", source[:at])[0])
        elif letter == "{" and source[at - 1] == "$":
            found.append(re.search(r"`[^`]*$", source[: at - 1])[0])
        elif letter in "{;":
            break
    return found


def unwritten_in_script(source):
    """Numbers as text, neither written by the language, nor read as numbers again, nor part of a path."""
    for found in MADE_OF.finditer(source):
        within = around(source, found.start())
        is_text = any(each == "String" or each.startswith("`") for each in within)
        is_number_again = within[:1] == ["Number"] and not is_text
        is_path = any(each == "`M" for each in within)
        if "written" not in within and not is_number_again and not is_path:
            yield source[found.start() - 40 : found.end()]


SPEAKING = [path for path in modules(ROOT) if path.name != "wording.py"]
"""All but where the function itself is."""


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_number_of_a_module_is_written_by_the_language(path):
    assert [*unwritten(path.read_text())] == []


@pytest.mark.parametrize("path", [*scripts(ROOT)], ids=lambda path: path.name)
def test_every_number_of_a_script_is_written_by_the_language(path):
    assert [*unwritten_in_script(path.read_text())] == []


@pytest.mark.parametrize("line", [
    'said = f"{share:.1%}"', 'said = f"{step:,}"', 'said = f"{low:.{digits}g}"', 'say = "{:,}".format',
    'said = format(share, ".2f")', 'row(label, f"{rate:g}")',
])  # fmt: skip
def test_a_number_that_is_not_is_found(line):
    assert [*unwritten(line)]


@pytest.mark.parametrize("line", [
    'said = written(share, ".1%")', 'rate = float(f"{rate:.2g}")', 'arm = f"bn_drop_{100 * share:.0f}"',
    'said = f"{share:.1%} of all seeds"', 'look = {"colorscale": f"signed:{zero:g}"}',
    'shown = {"hovertemplate": "%{y:.1%} dead"}', 'line = f"{arm:{width}}"',
])  # fmt: skip
def test_what_is_written_in_a_message_or_for_a_machine_is_let_be(line):
    assert [*unwritten(line)] == []


@pytest.mark.parametrize("line", [
    "const said = share.toFixed(1);", "write(at, `${share.toFixed(1)}%`);", "write(at, `${Number(a.toPrecision(2))}`);",
    'write(at, step.toLocaleString("en"));', "write(at, String(Number(a.toPrecision(2))));",
])  # fmt: skip
def test_a_number_of_a_script_that_is_not_is_found(line):
    assert [*unwritten_in_script(line)]


@pytest.mark.parametrize("line", [
    "write(at, written(share.toFixed(1)));", "const at = Number(share.toFixed(3));",
    'const d = `M${points.map((part) => part.toFixed(2)).join("L")}`;',
])  # fmt: skip
def test_what_a_script_writes_by_the_language_or_for_a_machine_is_let_be(line):
    assert [*unwritten_in_script(line)] == []


def test_a_number_is_written_as_the_language_does_in_a_message_and_by_itself(monkeypatch):
    turned = python.spoken_in(ast.parse('said = [f"{1234.5:,.{1}f} steps here", written(0.25, ".1%")]'), str)
    names = {"written": wording.written}
    german = Tongue("de", str, ENGLISH.forms, ENGLISH.form, lambda number: number.translate(str.maketrans(".,", ",.")))
    monkeypatch.setattr(wording, "spoken", lambda: german)
    exec(compile(turned, "turned", "exec"), names)
    assert names["said"] == ["1.234,5 steps here", "25,0%"]
    assert wording.separators() == ",."
