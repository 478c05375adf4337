"""The reference page is what the docstrings say now, and they say what an engineer needs."""

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import bnviz
from bnviz.quantities import QUANTITIES
from bnviz.run import FIELDS

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
reference = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reference)
PAGE = (ROOT / "docs" / "reference.md").read_text()

NAMES = pytest.mark.parametrize("name", bnviz.__all__)
KNOWN_BY_THEIR_TABLE = {"Run": set(FIELDS)}


def test_the_page_is_what_the_docstrings_say_now():
    assert reference.page() == PAGE, "make reference writes it anew"


@NAMES
def test_every_public_name_begins_with_a_sentence_and_says_what_it_raises_and_where_it_stands(name):
    own = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    thing = getattr(bnviz, name)
    assert re.match(r"[A-Z].*[.:;]", inspect.getdoc(thing).splitlines()[0])
    assert "Raises:" in own or issubclass(thing, Exception)
    assert (ROOT / re.search(r"Defined in \[`(.+?)`\]", own)[1]).is_file()


@NAMES
def test_every_parameter_is_spoken_of(name):
    thing = getattr(bnviz, name)
    if not (inspect.isclass(thing) and issubclass(thing, Exception)) and name != "Run":
        said = inspect.getdoc(thing)
        assert [each for each in inspect.signature(thing).parameters if each.rstrip("s") not in said.lower()] == []


@pytest.mark.parametrize("name", [*FIELDS, *QUANTITIES])
def test_every_choice_and_every_quantity_has_its_row(name):
    assert f"\n| `{name}` | " in PAGE


@pytest.mark.parametrize("thing", [bnviz.History, bnviz.Experiment, bnviz.Snapshot, bnviz.Run])
def test_whatever_can_be_called_on_a_public_name_says_what_it_does(thing):
    silent = [name for name, value in vars(thing).items()
              if not name.startswith("_") and (callable(value) or isinstance(value, property | classmethod))
              and not inspect.getdoc(value)]  # fmt: skip
    assert silent == []
