"""What the locks say is what is installed; each holds what pyproject.toml asks for, by hashes, and nothing more."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
RAY, DEV = PROJECT["optional-dependencies"]["ray"], PYPROJECT["dependency-groups"]["dev"]
ASKED = {
    "app": PROJECT["dependencies"], "ray": PROJECT["dependencies"] + RAY, "dev": PROJECT["dependencies"] + RAY + DEV,
}  # fmt: skip


def text(name: str) -> str:
    return (ROOT / f"requirements/{name}.txt").read_text()


def pins(name: str) -> list[Requirement]:
    """Every pin, marker and all; a package has two where no version fits every Python."""
    return [Requirement(line) for line in re.findall(r"^([a-z][^\\#\n]*)", text(name), re.MULTILINE)]


def applies(one: Requirement) -> bool:
    return one.marker is None or one.marker.evaluate()


def pinned(name: str) -> dict[str, Requirement]:
    """Package to requirement, marker and all; of two, the one for this Python."""
    return {canonicalize_name(one.name): one for one in sorted(pins(name), key=applies)}


def exact(requirement: Requirement) -> str:
    (only,) = requirement.specifier
    assert only.operator == "=="
    return only.version


def installed(name: str) -> str | None:
    """The version that is here; which build of it (``2.13.0+cpu``) does not matter."""
    try:
        return Version(version(name)).public
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("lock", ["dev", "torch"])
def test_what_is_pinned_for_this_machine_is_what_is_installed(lock: str) -> None:
    here = {name: exact(one) for name, one in pinned(lock).items() if applies(one)}
    assert {name: installed(name) for name in here} == here


def test_nothing_that_is_installed_misses_what_it_needs() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("lock", ASKED)
def test_everything_that_is_asked_for_is_pinned_within_its_range(lock: str) -> None:
    known = pinned(lock) | pinned("torch")
    for wanted in map(Requirement, ASKED[lock]):
        assert wanted.specifier.contains(exact(known[canonicalize_name(wanted.name)])), wanted


@pytest.mark.parametrize("smaller, larger", [("app", "ray"), ("ray", "dev")])
def test_a_larger_lock_agrees_with_a_smaller_one(smaller: str, larger: str) -> None:
    assert pinned(smaller).items() <= pinned(larger).items()


@pytest.mark.parametrize("lock", ASKED)
def test_every_package_has_a_hash_and_every_hash_a_package(lock: str) -> None:
    entries = re.findall(r"^[a-z][^\n]+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text(lock), re.MULTILINE)
    assert len(entries) == len(pins(lock))
    assert sum(hashes.count("--hash=") for hashes in entries) == text(lock).count("--hash=")


@pytest.mark.parametrize("lock", [*ASKED, "torch"])
def test_it_names_no_registry_and_no_folder(lock: str) -> None:
    assert not re.search(r"://|^--|^-|@ ", text(lock), re.MULTILINE)


def test_the_lock_knows_what_pytorch_needs_and_brings_no_cuda() -> None:
    """The build with CUDA needs its parts on top; pip takes those, exactly pinned, from what that build says."""
    known = next(row for row in PYPROJECT["tool"]["uv"]["dependency-metadata"] if row["name"] == "torch")
    needed = [Requirement(line) for line in requires("torch") or ()]
    plain = {str(one) for one in needed if one.marker is None and not one.name.startswith(("nvidia", "cuda"))}
    assert plain == set(known["requires-dist"])
    assert not {name for name in pinned("dev") if name.startswith(("nvidia", "cuda", "triton", "torch"))}
