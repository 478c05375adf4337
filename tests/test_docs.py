"""What the documents point to is there: every file, and every name in one that a slider's move or a snapshot passes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()
PASSED = re.findall(r"`(?:\w+\.)?(\w+)`[^`]*? in `(bnviz/[\w/]+\.py)`", ARCHITECTURE)


NAMED = sorted(set(re.findall(r"`((?:bnviz|pages|tests|docs)/[\w/.-]+|app\.py)`", ARCHITECTURE)))


@pytest.mark.parametrize("path", NAMED)
def test_every_file_it_names_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("name", "path"), PASSED)
def test_what_it_says_a_file_holds_is_there(name, path):
    assert re.search(rf"\b(def|class) {name}\b", (ROOT / path).read_text())


def test_the_way_of_a_slider_and_of_a_snapshot_passes_through_files():
    assert len(PASSED) >= 8


def test_its_floors_are_those_that_are_checked():
    from tests.test_architecture import FLOORS

    rows = re.findall(r"^\| (\d) \| (.*?) \|", ARCHITECTURE, re.MULTILINE)
    told = {name: int(floor) for floor, cell in rows for name in re.findall(r"(?:bnviz/)?(\w+)(?:/|\.py)`", cell)}
    assert told and {name: FLOORS[name] for name in told} == told
