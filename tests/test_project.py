"""What stands around the code is true: the citation, the changelog, the workflows, the guide for contributors."""

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

import bnviz

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CHANGES = (ROOT / "CHANGELOG.md").read_text()
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")}
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text()


def commands():
    """Every make command that a workflow, a hook or the guide gives."""
    steps = [step for flow in WORKFLOWS.values() for job in flow["jobs"].values() for step in job["steps"]]
    text = "\n".join([*(step.get("run", "") for step in steps), *(hook["entry"] for hook in HOOKS), GUIDE])
    return sorted({tuple(line.strip("` ").split()) for line in re.findall(r"^make [^`\n]+$|`make [^`]+`", text, re.M)})


def test_the_citation_has_what_the_format_asks_for_and_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert re.fullmatch(r"1\.2\.\d", citation["cff-version"]) and date.fromisoformat(citation["date-released"])
    assert (citation["title"], citation["version"]) == (PROJECT["name"], bnviz.__version__)
    assert citation["license"] == PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n")


def test_the_last_release_of_the_changelog_is_the_version_and_all_its_dates_are_in_order():
    releases = re.findall(r"^## \[(\d[\w.]*)\] - (\d{4}-\d\d-\d\d)$", CHANGES, re.MULTILINE)
    assert releases[0][0] == bnviz.__version__
    assert [when for _, when in releases] == sorted((when for _, when in releases), reverse=True)


def test_the_changelog_groups_changes_as_its_form_says():
    kinds = set(re.findall(r"^### (.*)$", CHANGES, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert CHANGES.count("\n## ") == len(re.findall(r"^## \[(?:Unreleased\]|\d)", CHANGES, re.MULTILINE))


def test_a_change_is_tested_on_every_python_that_is_promised_and_two_systems():
    job = WORKFLOWS["ci.yml"]["jobs"]["test"]
    matrix = job["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13"] and len({name.split("-")[0] for name in matrix["os"]}) == 2
    assert PROJECT["requires-python"] == f">={matrix['python'][0]}"
    assert "make js lint types test" in [step.get("run") for step in job["steps"]]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_it_names_is_one_of_the_makefile(words):
    assert subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True).returncode == 0


def test_every_file_the_guide_names_is_there():
    named = re.findall(r"`((?:tests|requirements|\.ci)/[\w/.]*|pyproject\.toml)`", GUIDE)
    paths = named + re.findall(r"\]\((\w[\w.]*)", GUIDE) + re.findall(r"pytest (tests/\S+\.py)", GUIDE)
    assert len(paths) > 6 and all((ROOT / path).exists() for path in paths)
