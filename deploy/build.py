"""The image without Docker: each instruction of a Dockerfile, carried out on a tree of its own.

Every stage is an overlay on this machine's own system, with the checkout hidden; what a step writes lands in a folder
that is thrown away. It has to run as root, in a mount namespace that nobody else uses. Starts no server.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from deploy.dockerfile import NotUnderstood, Step, context, expanded, ignored_of

ROOT = Path(__file__).parents[1]
BASE, PYTHON = "python:3.11", "/usr/bin/python3"
CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PASSED_ON = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SSL_CERT_FILE")
"""How this machine reaches its package registry; nothing else of the environment gets in."""
_FOLDERS = ("/tmp", "/root")
HIDDEN = (*_FOLDERS, *({str(ROOT)} if not any(ROOT.is_relative_to(folder) for folder in _FOLDERS) else ()))
"""What of this machine is not in an image: the folders of its user, and this repository, which may lie in one."""

LENT = "/mnt/lent/site-packages"


class Failed(Exception):
    """The rehearsal found something."""


@dataclass
class Stage:
    """One stage of the build: its tree, and what its instructions said about running things in it."""

    tree: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": SYSTEM_PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    health: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def inside(self, command: list[str]) -> list[str]:
        """The command as it runs in this tree, as this stage's user, who can do nothing that any other could not."""
        user, group = self.user.split(":")
        rights = [] if user == "0" else ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        who = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *rights]
        return [CHROOT, str(self.tree), *who, "env", f"--chdir={self.folder}", *command]

    def run(self, command: list[str], **more: str) -> None:
        """Carry a step out. Raises Failed."""
        result = subprocess.run(self.inside(command), env={**self.environment, **more}, stdin=subprocess.DEVNULL)
        if result.returncode:
            raise Failed(f"{shlex.join(command)[:200]} ended with {result.returncode}")


class Build:
    """The stages of a Dockerfile, carried out one instruction at a time in the scratch folder."""

    def __init__(self, scratch: Path, arguments: dict[str, str], packages: Path | None) -> None:
        self._scratch, self._given, self._packages = scratch, arguments, packages
        self._ignored = ignored_of((ROOT / ".dockerignore").read_text())
        self._stages: dict[str, Stage] = {}
        self.stage: Stage

    def carry_out(self, step: Step) -> None:
        """One instruction. Raises Failed or NotUnderstood."""
        print(f"{step.word} {step.rest[:110]}", flush=True)
        getattr(self, f"_{step.word.lower()}")(step)

    def _from(self, step: Step) -> None:
        image, _, name = step.rest.partition(" AS ")
        if not image.startswith(BASE):
            raise NotUnderstood(f"{image!r} has no stand-in here; {BASE} has.")
        self.stage = Stage(_overlay(self._scratch / f"stage-{len(self._stages)}"))
        if self._packages:
            (self.stage.tree / LENT.lstrip("/")).mkdir(parents=True)
            mount("--bind", str(self._packages), f"{self.stage.tree}{LENT}")
        self._stages[name or "last"] = self.stage
        (self.stage.tree / "usr/local/bin/python").unlink(missing_ok=True)
        (self.stage.tree / "usr/local/bin/python").symlink_to(PYTHON)

    def _arg(self, step: Step) -> None:
        name, _, default = step.rest.partition("=")
        self.stage.arguments[name] = self._given.get(name, default)

    def _env(self, step: Step) -> None:
        for pair in shlex.split(expanded(step.rest, self.stage.environment | self.stage.arguments)):
            name, _, value = pair.partition("=")
            self.stage.environment[name] = value

    def _workdir(self, step: Step) -> None:
        self.stage.folder = step.rest
        (self.stage.tree / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _user(self, step: Step) -> None:
        self.stage.user = step.rest

    def _expose(self, step: Step) -> None:
        int(step.rest)

    def _copy(self, step: Step) -> None:
        source, target = step.words
        goal = self.stage.tree / target.lstrip("/")
        goal.parent.mkdir(parents=True, exist_ok=True)
        if "from" in step.options:
            origin = self._stages[step.options["from"]].tree / source.lstrip("/")
            shutil.copytree(origin, goal, symlinks=True, dirs_exist_ok=True)
            return
        names = list(context(ROOT, self._ignored, source))
        if not names:
            raise Failed(f"COPY {source}: .dockerignore leaves nothing of it")
        for name in names:
            place = goal / Path(name).relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)

    def _run(self, step: Step) -> None:
        if self._packages and " pip install " in step.rest.replace("/bin/pip", "/bin pip"):
            self._lend(step)
            return
        begun = time.monotonic()
        network = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
        self.stage.run(["/bin/sh", "-c", step.rest], **network | self.stage.arguments)
        print(f"    {time.monotonic() - begun:.1f} s", flush=True)

    def _lend(self, step: Step) -> None:
        """Instead of installing: let the environment of the image see a folder of packages that is there already."""
        assert self._packages is not None
        environment = Path(next(word for word in step.words if word.endswith("/bin/pip"))).parents[1]
        inside = self.stage.tree / str(environment).lstrip("/")
        (inside / "lib/python3.11/site-packages/lent.pth").write_text(f"{LENT}\n")
        script = (self._packages.parents[2] / "bin/streamlit").read_text().partition("\n")[2]
        (inside / "bin/streamlit").write_text(f"#!{environment}/bin/python\n{script}")
        (inside / "bin/streamlit").chmod(0o755)
        print(f"    not rehearsed: the packages of {self._packages.relative_to(ROOT)} are lent instead")

    def _healthcheck(self, step: Step) -> None:
        check = Step("CMD", {}, step.rest.removeprefix("CMD "))
        self.stage.health = _exec_form(check)

    def _cmd(self, step: Step) -> None:
        self.stage.command = _exec_form(step)


def _exec_form(step: Step) -> list[str]:
    if not step.is_exec_form:
        raise Failed(f"{step.word} {step.rest}: only the exec form lets signals arrive")
    return step.words


def _overlay(folder: Path) -> Path:
    """This machine's system as a tree of its own to write to; the checkout and what others left in /tmp are hidden."""
    for name in ("upper", "work", "tree"):
        (folder / name).mkdir(parents=True)
    tree = folder / "tree"
    mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work", str(tree))
    mount("-t", "proc", "proc", f"{tree}/proc")
    mount("--bind", "/dev", f"{tree}/dev")
    mount("-t", "tmpfs", "-o", "mode=1777,size=64m", "tmpfs", f"{tree}/dev/shm")
    for hidden in HIDDEN:
        mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{tree}{hidden}")
    return tree


def mount(*words: str) -> None:
    result = subprocess.run(["mount", *words], capture_output=True, text=True)
    if result.returncode:
        raise Failed(f"this machine does not allow it: {result.stderr.strip()}")
