"""What is a message is told from the source, and put into another language there; all that is not stays as it is."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bnviz import wording
from bnviz.language import catalog, python, script
from bnviz.language.places import scripts
from bnviz.language.pseudo import accented
from bnviz.language.tongues import ENGLISH, PSEUDO, Tongue
from bnviz.live.page.joined import joined
from bnviz.wording import either, listed, parted, plural, sentences, written

ROOT = Path(__file__).parents[2]
FORMS = {"one": "{count} krok", "few": "{count} kroki", "many": "{count} kroków"}


def polish_form(count):
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return "one" if count == 1 else "few" if few else "many"


def polish_number(number):
    return number.translate(str.maketrans(",.", " ,"))


POLISH = Tongue("pl", str, lambda one, other: FORMS, polish_form, polish_number)
TURNED = Tongue("en", lambda message: "de {1}, {0}", ENGLISH.forms, ENGLISH.form)
STEPS = 'plural(steps, { one: "{count} step here", other: "{count} steps here" })'


def said_by(source):
    return [message for message, *_ in python.messages(ast.parse(source))]


@pytest.mark.parametrize(("source", "found"), [
    ('st.button("Start over")', ["Start over"]),
    ('st.button("Stop", key="page.stop", type="primary")', ["Stop"]),
    ('f"{done:,} of {self.total} networks"', ["{done} of {total} networks"]),
    ('f"{mean(x)} of {mean(y)} seeds"', ["{0} of {1} seeds"]),
    ('row("plain", values)', ["plain"]),
    ('state == "failed" and runs["plain"]', []),
    ('def f():\n    "A sentence for developers."\n    raise TypeError("no such thing here")', []),
    ('html = f"<p class=\\"bnviz-part\\">{title}</p>"', []),
])  # fmt: skip
def test_a_message_is_told_from_its_place(source, found):
    assert said_by(source) == found


def test_a_count_has_one_message_with_both_forms():
    found = python.messages(ast.parse('plural(n, "{count} seed", "{count} seeds")'))
    assert found == [("{count} seed", 1, "{count} seeds")]
    assert script.messages(STEPS) == [("{count} step here", 1, "{count} steps here")]


def test_a_plural_has_as_many_forms_as_the_language(monkeypatch):
    monkeypatch.setattr(wording, "spoken", lambda: POLISH)
    said = [plural(count, "{count} step", "{count} steps") for count in (0, 1, 2, 5, 12, 22, 2000)]
    assert said == ["0 kroków", "1 krok", "2 kroki", "5 kroków", "12 kroków", "22 kroki", "2 000 kroków"]


def test_a_script_is_served_with_all_forms_and_the_name_of_its_language():
    assert script.spoken_in(STEPS, POLISH) == f"plural(steps, {json.dumps(FORMS, ensure_ascii=False)})"
    assert script.spoken_in('export const LANGUAGE = "en";', POLISH) == 'export const LANGUAGE = "pl";'
    assert accented("{count} steps here") in script.spoken_in(STEPS, PSEUDO)


@pytest.mark.parametrize("path", [*scripts(ROOT)], ids=lambda path: path.name)
def test_every_plural_of_a_script_has_a_table_of_its_forms(path):
    source = path.read_text()
    asked = re.findall(r"(?<!function )\bplural\(", source)
    assert len([many for _, _, many in script.messages(source) if many]) == len(asked)


def test_another_language_may_put_the_values_in_another_order():
    names = {"said": ""}
    turned = python.spoken_in(ast.parse('said = f"{1 + 1} of {40 + 2:,} networks"'), lambda message: "de {1}, {0}")
    exec(compile(turned, "turned", "exec"), names)
    assert names["said"] == "de 42, 2"
    assert script.spoken_in("write(at, `${a} of ${b} networks`)", TURNED) == "write(at, `de ${b}, ${a}`)"


@pytest.mark.parametrize("path", [*scripts(ROOT)], ids=lambda path: path.name)
def test_a_script_whose_messages_stay_stays_as_it_is(path):
    source = path.read_text()
    assert script.spoken_in(source, ENGLISH) == source


def test_the_language_that_nobody_speaks_leaves_values_code_and_formulas_and_is_longer_by_two_fifths():
    message = "**Learning rate** {rate} of `network` in $x$, see [the paper](https://arxiv.org)"
    said = accented(message)
    assert "{rate} " in said and "`network`" in said and "$x$" in said and "(https://arxiv.org)" in said
    assert said.startswith("**Ļ") and accented(said) == said
    words = "the running statistics that the test uses are still warming up"
    assert 1.25 < len(accented(words)) / len(words) < 1.5


def test_plurals_lists_sentences_and_numbers_have_one_function_each():
    counted = [plural(count, "{count} seed", "{count} seeds") for count in (0, 1, 2000)]
    assert counted == ["0 seeds", "1 seed", "2,000 seeds"]
    assert [listed("abc"[:most]) for most in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert either("abc") == "a, b or c"
    assert sentences("One.", "", "Two.") == "One. Two."
    assert parted("Layer {layer}, unit {unit}.", layer=1, unit=2) == ["Layer ", 1, ", unit ", 2, "."]
    assert written(1234.5, ",.1f") == "1,234.5"


def test_the_catalog_is_that_of_the_source_and_the_same_twice():
    text = catalog.template(ROOT)
    assert text == catalog.template(ROOT)
    for message in ("Play or pause", "Try again", "{count} step a picture", "training loss, nats"):
        assert f'msgid "{message}"' in text
    assert 'msgid "{count} step a picture"\nmsgid_plural "{count} steps a picture"' in text


def printed_elsewhere(code):
    """What a program prints in the language that nobody speaks."""
    environment = {**os.environ, "BNVIZ_LANGUAGE": "pseudo", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, env=environment
    ).stdout


def test_modules_are_loaded_in_the_language_that_is_set():
    code = "from bnviz.ui.site import SITE; print(next(iter(SITE['']))); from bnviz import Run; print(Run().dataset)"
    assert printed_elsewhere(code).split() == [accented("Start"), "digits"]


def test_what_joins_the_scripts_of_the_page_says_the_same_in_every_language():
    scripts_of_a_page = {"a.js": "export const a = 1;", "b.js": 'import { a } from "./a.js";'}
    code = f"from bnviz.live.page.joined import joined; print(joined({scripts_of_a_page}))"
    assert printed_elsewhere(code) == joined(scripts_of_a_page) + "\n"
