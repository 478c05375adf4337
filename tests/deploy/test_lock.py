"""The lock file pins what requirements.txt asks for, and nothing gets in without a hash."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from deploy.audit import reachable

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "requirements.lock").read_text()
PINS = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", TEXT, re.MULTILINE))
WANTED = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))


def test_it_pins_exactly_what_is_asked_for() -> None:
    assert {name: PINS.get(name) for name in WANTED} == WANTED


def test_every_package_has_a_hash_and_every_hash_a_package() -> None:
    entries = re.findall(r"^([\w.-]+)==[^\n]+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", TEXT, re.MULTILINE)
    assert [name for name, _ in entries] == list(PINS)
    assert sum(hashes.count("--hash=") for _, hashes in entries) == TEXT.count("--hash=")


def test_it_names_no_registry_and_no_folder() -> None:
    assert not re.search(r"://|^--|^-|@ ", TEXT, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in PINS if name not in ("torch", "setuptools")])
def test_the_tests_run_with_the_versions_that_are_shipped(name: str) -> None:
    assert version(name) == PINS[name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["--ignore-installed", "--no-deps"], []], ids=["the registry has every hash", "nothing is missing"]
)
def test_pip_accepts_it(words: list[str]) -> None:
    """The ordinary wheel of PyTorch needs CUDA's, which the lock leaves out: what it needs is asked of the one here."""
    asked = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--require-hashes", *words]
    done = subprocess.run([*asked, "-r", "requirements.lock"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_what_is_not_the_database_of_vulnerabilities_is_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "answer").write_text('{"message": "not found"}')
    assert not reachable((tmp_path / "answer").as_uri())
    (tmp_path / "answer").write_text('{"id": "PYSEC-2023-228"}')
    assert reachable((tmp_path / "answer").as_uri())
