"""The images keep what they promise: pinned, by hashes, as nobody in particular, with all of bnviz and nothing else."""

from __future__ import annotations

import http.server
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pytest

from tests.sites import served_by

ROOT = Path(__file__).parents[2]
FILES = ("Dockerfile", "deploy/ray.Dockerfile")
RULES = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
each_image = pytest.mark.parametrize("file", FILES)


def steps(file: str, word: str) -> list[str]:
    """What follows each instruction of this kind, in order."""
    return re.findall(rf"^{word} (.*)$", (ROOT / file).read_text(), re.MULTILINE)


def copied(file: str) -> list[str]:
    """What of the checkout is copied into the image."""
    return [step.split()[0] for step in steps(file, "COPY") if not step.startswith("--from")]


def is_sent(path: str) -> bool:
    """Whether a build gets to see this path: the last rule that fits it, or a folder above it, decides."""
    sent = True
    for rule in RULES:
        pattern = rule.removeprefix("!")
        for way in [path, *map(str, PurePosixPath(path).parents)]:
            name = PurePosixPath(way).name if pattern.startswith("**/") else way
            if (name.count("/") == 0 and fnmatchcase(name, pattern.removeprefix("**/"))) or way == pattern:
                sent = rule.startswith("!")
    return sent


def tracked(*folders: str) -> list[str]:
    return subprocess.check_output(["git", "ls-files", *folders], cwd=ROOT, text=True).splitlines()


@each_image
def test_it_runs_as_nobody_in_particular(file: str) -> None:
    assert steps(file, "USER")[-1] == "1000:1000"


@each_image
def test_packages_come_by_their_hashes_and_pytorch_as_the_one_version_and_nothing_more(file: str) -> None:
    installs = [shlex.split(step) for step in steps(file, "RUN") if " install " in step and "pip" in step]
    assert installs
    for words in installs:
        assert {"--only-binary=:all:", "--no-deps" if "torch" in words[-1] else "--require-hashes"} <= set(words)
        assert words[-2] == "-r" and (ROOT / words[-1].removeprefix("/tmp/")).is_file()


@each_image
def test_everything_that_is_copied_is_there_and_sent(file: str) -> None:
    assert all((ROOT / source).exists() and is_sent(source) for source in copied(file))


def test_the_image_holds_every_file_of_the_app() -> None:
    files = tracked("app.py", "pages", "bnviz", ".streamlit/config.toml")
    assert len(files) > 200 and all(map(is_sent, files))
    assert {path.partition("/")[0] for path in files} <= set(copied("Dockerfile"))


def test_what_is_not_the_app_is_not_sent() -> None:
    others = {path for path in tracked() if is_sent(path)} - set(tracked("app.py", "pages", "bnviz", ".streamlit"))
    assert all(path.startswith("requirements/") for path in others)
    hidden = (".git/config", ".venv/pyvenv.cfg", ".streamlit/secrets.toml", "bnviz/__pycache__/a.pyc", "tests/bnviz/a")
    assert not any(map(is_sent, hidden))


@each_image
def test_nothing_in_it_is_a_secret(file: str) -> None:
    names = [word.partition("=")[0] for step in steps(file, "(?:ARG|ENV)") for word in step.split() if "=" in word]
    assert not [name for name in names if re.search("TOKEN|SECRET|PASSWORD|KEY", name)]


def test_the_base_images_are_pinned_to_a_release() -> None:
    assert {step.partition(" AS ")[0] for step in steps("Dockerfile", "FROM")} == {"python:3.11.14-slim-bookworm"}


def test_signals_reach_the_server_whose_options_exist() -> None:
    shell, flag, command = json.loads(steps("Dockerfile", "CMD")[0])
    assert (shell, flag) == ("sh", "-c") and command.startswith("exec streamlit run app.py ")
    known = subprocess.check_output([sys.executable, "-m", "streamlit", "run", "--help"], text=True)
    assert all(word.partition("=")[0] in known for word in command.split() if word.startswith("--"))


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_stcore/health" else 404)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


def test_the_health_check_tells_a_healthy_server_from_none() -> None:
    python, *words = json.loads(steps("Dockerfile", "HEALTHCHECK")[0].partition(" CMD ")[2])
    assert python == "python"

    def asked(port: str) -> int:
        environment = {**os.environ, "PORT": port}
        return subprocess.run([sys.executable, *words], env=environment, stderr=subprocess.DEVNULL).returncode

    with served_by(Healthy) as url:
        assert asked(url.rpartition(":")[2]) == 0
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # nobody else can take it, and nobody listens
        assert asked(str(nobody.getsockname()[1])) == 1
