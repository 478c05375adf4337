"""Read a Dockerfile and a .dockerignore: just what ours use of them, and a refusal for everything else.

Runs nothing. A word that is not in these tables is an error, never a step that is left out.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath


class NotUnderstood(ValueError):
    """A line that this reader would have to guess at."""


@dataclass(frozen=True)
class Step:
    """One instruction: its word in capitals, its ``--options``, and the rest of the line."""

    word: str
    options: Mapping[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as a list: of JSON where it is one (the exec form), else by the shell's rules."""
        return list(json.loads(self.rest)) if self.rest.startswith("[") else shlex.split(self.rest)

    @property
    def is_exec_form(self) -> bool:
        """Whether the command is started as it is, without a shell that would keep signals to itself."""
        return self.rest.startswith("[")


OPTIONS = {
    "FROM": (), "ARG": (), "ENV": (), "COPY": ("from",), "RUN": (), "WORKDIR": (), "USER": (), "EXPOSE": (),
    "HEALTHCHECK": ("interval", "timeout", "start-period", "retries"), "CMD": (),
}  # fmt: skip
"""The instructions that are understood, each with its options."""


def steps(text: str) -> Iterator[Step]:
    """The instructions in order. Raises NotUnderstood."""
    for line in re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        options = {}
        while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
            options[found[1]], rest = found[2], rest[found.end() :]
        if word not in OPTIONS or not set(options) <= set(OPTIONS[word]) or rest.startswith("--"):
            raise NotUnderstood(f"{line.strip()[:80]!r} is not understood; what is: {', '.join(OPTIONS)}.")
        yield Step(word, options, rest.strip())


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """``$NAME`` and ``${NAME}`` replaced, as Docker does in every instruction but RUN, CMD and HEALTHCHECK."""
    return re.sub(r"\$\{?(\w+)\}?", lambda found: variables.get(found[1], ""), text)


@dataclass
class Ignored:
    """The rules of a .dockerignore; the last one that fits decides."""

    rules: list[str] = field(default_factory=list)

    def __contains__(self, path: str) -> bool:
        ignored = False
        for rule in self.rules:
            pattern = rule.removeprefix("!")
            if any(_fits(str(part), pattern) for part in [PurePosixPath(path), *PurePosixPath(path).parents][:-1]):
                ignored = not rule.startswith("!")
        return ignored


def ignored_of(text: str) -> Ignored:
    """Read a .dockerignore."""
    return Ignored([line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")])


def context(root: Path, ignored: Ignored, source: str) -> Iterator[str]:
    """The files at or below ``source`` that a build gets to see, as paths below ``root``."""
    start = root / source
    for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
        name = path.relative_to(root).as_posix()
        if path.is_file() and name not in ignored:
            yield name


def _fits(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatchcase(PurePosixPath(path).name, pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch.fnmatchcase(path, pattern)
