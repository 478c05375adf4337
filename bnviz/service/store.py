"""Runs on disk, under names made from what decides them: an equal run need not be trained again.

A file that is damaged, cut short or not ours is removed and was never there.
Several web processes may share a folder. Knows nothing of processes or pages.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from bnviz.experiment import Experiment
from bnviz.folders import kept_in
from bnviz.service import metrics
from bnviz.service.protocol import MOST_BYTES, Message, Parser, encode
from bnviz.snapshot import History

_log = logging.getLogger(__name__)

_MAGIC = b"bnviz run 1\n"
_DIGEST = 32
_SUFFIX, _PART = ".run", ".part"
_ABANDONED_SECONDS = 600.0
"""A part this old was being written when its server died."""
_PACKAGE = Path(__file__).parents[1]


def default_folder() -> Path:
    """The folder that BNVIZ_CACHE names, or one in the user's cache."""
    return kept_in("BNVIZ_CACHE", "runs")


@functools.cache
def what_computes() -> str:
    """Names the code and the libraries that decide a run's numbers: other ones would give other bits.

    The engine reads its choices from modules beside it. All of them count, since a list would miss the next one.
    """
    digest = hashlib.sha256()
    for path in [*sorted(_PACKAGE.glob("*.py")), *sorted((_PACKAGE / "engine").rglob("*.py"))]:
        digest.update(path.read_bytes())
    for library in ("torch", "numpy", "scikit-learn"):
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


def key_of(experiment: Experiment, goal: int | None) -> str:
    """The name that equal runs share, and no others."""
    return hashlib.sha256(f"{what_computes()}\n{goal}\n{experiment.to_json()}".encode()).hexdigest()


@dataclass(frozen=True)
class StoredRun:
    """A run of the history's experiment that nobody changed while it trained; equal runs have equal ones.

    ``goal`` is the step it was to reach (None: no end). ``checkpoint`` is what
    ``Trainer.checkpoint`` gave; it may be empty where the run is ``complete``.
    """

    history: History
    goal: int | None = None
    complete: bool = False
    checkpoint: Mapping[str, np.ndarray] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """One message without pickles; ``from_bytes`` reads it back.

        Not compressed: readings are noise to a compressor, which would take thirty times as long and save a quarter.
        """
        seen, about = self.history.parts()
        arrays = {f"seen/{name}": array for name, array in seen.items()}
        arrays |= {f"checkpoint/{name}": array for name, array in self.checkpoint.items()}
        return encode("stored", arrays, about=about, goal=self.goal, complete=self.complete)

    @classmethod
    def from_bytes(cls, data: bytes) -> StoredRun:
        """The one of ``to_bytes``. Raises ValueError for anything else, and for more than a message may hold."""
        try:
            (message,) = Parser().feed(data)
            words = message.words
            history = History.from_parts(_beneath("seen/", message), words["about"])
            return cls(history, words["goal"], bool(words["complete"]), _beneath("checkpoint/", message))
        except Exception as error:
            raise ValueError(f"these bytes are no stored run ({type(error).__name__}).") from error


def _beneath(prefix: str, message: Message) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in message.arrays.items() if name.startswith(prefix)}


class Store:
    """At most ``most_mib`` MiB of runs; the ones used longest ago make room. With 0 it keeps nothing.

    Methods may be called from any thread. A folder that cannot be written to
    keeps nothing either, and is spoken of once, in the log.
    """

    def __init__(self, folder: Path, most_mib: int) -> None:
        self._folder, self._most = folder, most_mib * 2**20
        self._lock = threading.Lock()

    def find(self, experiment: Experiment, goal: int | None = None) -> StoredRun | None:
        """What was stored of an equal run, unless it is gone or damaged."""
        if not self._most:
            return None
        path = self._path(experiment, goal)
        body = _read(path)
        try:
            stored = None if body is None else StoredRun.from_bytes(body)
        except ValueError:
            stored = None
        if stored and (stored.history.experiment != experiment or stored.goal != goal):
            stored = None
        if stored is None:
            with contextlib.suppress(OSError):
                path.unlink()
        metrics.CACHE.labels("hit" if stored else "miss").inc()
        return stored

    def keep(self, stored: StoredRun) -> None:
        """Keep this run, and let others go if there is no more room. Takes a while: call it beside what is urgent."""
        if not self._most:
            return
        body = stored.to_bytes()
        if len(body) > MOST_BYTES - len(_MAGIC) - _DIGEST:
            return
        path = self._path(stored.history.experiment, stored.goal)
        part = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}{_PART}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_MAGIC + hashlib.blake2b(body, digest_size=_DIGEST).digest() + body)
            part.replace(path)
            self._make_room()
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            if self._most:
                self._most = 0
                _log.warning("runs are not stored: %s", error)

    def _path(self, experiment: Experiment, goal: int | None) -> Path:
        return self._folder / (key_of(experiment, goal) + _SUFFIX)

    def _make_room(self) -> None:
        with self._lock:
            for part in self._folder.glob(f"*{_PART}"):
                with contextlib.suppress(OSError):
                    if time.time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                        part.unlink()
            files = []
            for path in self._folder.glob(f"*{_SUFFIX}"):
                with contextlib.suppress(OSError):
                    files.append((path.stat().st_mtime_ns, path.stat().st_size, path))
            size = sum(size for _, size, _ in files)
            for _, own, path in sorted(files):
                if size <= self._most:
                    return
                with contextlib.suppress(OSError):
                    path.unlink()
                    size -= own


def _read(path: Path) -> bytes | None:
    """What stands behind a whole and undamaged file's checksum; reading it counts as use."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        data = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    head, body = data[: len(_MAGIC) + _DIGEST], data[len(_MAGIC) + _DIGEST :]
    whole = head == _MAGIC + hashlib.blake2b(body, digest_size=_DIGEST).digest()
    return body if whole else None
