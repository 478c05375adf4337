"""The page about hosting is true: each of its commands is run or dry-run, and the settings and files exist."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bnviz.settings import Settings

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/hosting.md").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SETTINGS = {f"`{name}`" for name in re.findall(r"`((?:BNVIZ|FORWARDED)_\w+)`", TEXT)}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def run(*words: str | Path, **more: Any) -> str:
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=120, **more)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def options_exist(words: list[str], program: list[str]) -> None:
    """Every option of the command is one that the program names in its help."""
    help_of_it = run(*program, "--help")
    assert all(word.partition("=")[0] in help_of_it for word in words if word.startswith("--"))


def check_apt_get(words: list[str], folder: Path) -> None:
    if not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        pytest.skip("needs a Debian that has its lists of packages")
    run("apt-get", "--simulate", *words[1:])


def check_useradd(words: list[str], folder: Path) -> None:
    useradd = shutil.which("useradd", path=f"{os.environ['PATH']}:/usr/sbin")
    if useradd is None:
        pytest.skip("needs useradd")
    options_exist(words, [useradd])


def check_git(words: list[str], folder: Path) -> None:
    assert words == ["git", "clone", "YOUR-COPY-OF-BNVIZ", "/opt/bnviz"]
    run("git", "clone", "--quiet", "--no-checkout", ROOT, folder / "opt/bnviz")


def check_python3(words: list[str], folder: Path) -> None:
    run(sys.executable, *words[1:-1], "--without-pip", folder / words[-1].lstrip("/"))


def check_pip(words: list[str], folder: Path) -> None:
    options_exist([*words, "--requirement"], [sys.executable, "-m", "pip", "install"])
    assert words[-2] == "-r" and (ROOT / words[-1].removeprefix("/opt/bnviz/")).is_file()


def check_cp(words: list[str], folder: Path) -> None:
    assert (ROOT / words[1].removeprefix("/opt/bnviz/")).is_file()


def check_systemctl(words: list[str], folder: Path) -> None:
    """The unit as systemd reads it; the command it starts is not on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    unit = (ROOT / f"deploy/{words[-1]}.service").read_text()
    (folder / f"{words[-1]}.service").write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit))
    said = run("systemd-analyze", "verify", folder / f"{words[-1]}.service")
    assert f"{words[-1]}.service:" not in said


def check_docker(words: list[str], folder: Path) -> None:
    assert words[:2] == ["docker", "compose"] and words[2] in ("up", "restart", "exec")
    known = ("--build", "--detach", "--scale")
    assert all(word in known for word in words[3:] if word.startswith("--"))
    named = [word.partition("=")[0] for word in words[3:4] + words[-1:] if not word.startswith("-")]
    assert words[2] == "exec" or set(named) <= set(COMPOSE["services"])
    if words[2] == "exec":
        assert words[3] in COMPOSE["services"]
        compile(words[-1], "hosting.md", "exec")


def check_make(words: list[str], folder: Path) -> None:
    run("make", "--dry-run", *words[1:])


CHECKS = {
    "apt-get": check_apt_get, "useradd": check_useradd, "git": check_git, "python3": check_python3, "pip": check_pip,
    "cp": check_cp, "systemctl": check_systemctl, "docker": check_docker, "make": check_make,
}  # fmt: skip


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_every_command_is_one_that_works(line: str, tmp_path: Path) -> None:
    words = shlex.split(line)
    CHECKS[Path(words[0]).name](words, tmp_path)


def test_nothing_looks_like_a_command_and_is_not_checked() -> None:
    fences = re.findall(r"^```(\w*)$", TEXT, re.MULTILINE)
    assert set(fences[::2]) == {"sh", "yaml", "ini"} and set(fences[1::2]) == {""}


def test_every_setting_it_names_is_in_the_table_of_the_readme_or_in_the_compose_file() -> None:
    readme, compose = (ROOT / "README.md").read_text(), (ROOT / "compose.yaml").read_text()
    assert SETTINGS and all(name in readme or name.strip("`") in compose for name in SETTINGS)


@pytest.mark.parametrize("column", [1, 2])
def test_the_settings_it_recommends_are_allowed(column: int) -> None:
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| `BNVIZ_")]
    environment = {row[0].strip("`"): row[column] for row in rows}
    assert len(environment) == 6 and Settings.of(environment)


def test_the_unit_and_the_space_set_what_is_allowed() -> None:
    unit = (ROOT / "deploy/bnviz.service").read_text()
    pairs = [pair.split("=", 1) for line in re.findall(r"(?m)^Environment=(.*)$", unit) for pair in line.split()]
    assert Settings.of(dict(pairs)).workers == 4
    space = dict(line.split("=", 1) for line in blocks("ini")[0].splitlines())
    settings = Settings.of(space)
    assert (settings.frame_ancestors, settings.workers) == ("'self' https://huggingface.co", 8)


def test_every_file_it_points_to_is_there() -> None:
    paths = re.findall(r"\]\((?!http)(.*?)\)", TEXT)
    assert paths and not [path for path in paths if not (ROOT / "docs" / path).exists()]
