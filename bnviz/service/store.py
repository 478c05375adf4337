"""Runs on disk, under names made from what decides them: an equal run need not be trained again.

What cannot be read or written now is tried again the next time. Several web processes, of any user, may share a
folder, one that may only read it too. Knows nothing of processes or pages.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from bnviz.experiment import Experiment
from bnviz.folders import kept_in
from bnviz.messages import MOST_BYTES, Message, Parser, encode
from bnviz.run_file import HEAD, MAGIC, SUFFIX, Damaged, make_room, opened, write
from bnviz.service import metrics
from bnviz.snapshot import History

_log = logging.getLogger(__name__)

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
    """The name that equal runs share, and no others: neither other numbers nor another format."""
    return hashlib.sha256(MAGIC + f"{what_computes()}\n{goal}\n{experiment.to_json()}".encode()).hexdigest()


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

    Methods may be called from any thread and never raise for what is wrong with
    the folder: each kind of trouble is spoken of once, in the log, until it has passed.
    """

    def __init__(self, folder: Path, most_mib: int) -> None:
        self._folder, self._most = folder, most_mib * 2**20
        self._lock = threading.Lock()
        self._troubles: dict[str, set[int | None]] = {"read": set(), "kept": set()}

    def find(self, experiment: Experiment, goal: int | None = None) -> StoredRun | None:
        """What was stored of an equal run, unless it is gone, damaged, or cannot be read now."""
        if not self._most:
            return None
        try:
            stored = self._look_up(experiment, goal)
        except (OSError, MemoryError, ValueError) as error:
            stored = None
            self._trouble("read", error)
        metrics.CACHE.labels("hit" if stored else "miss").inc()
        return stored

    def keep(self, stored: StoredRun) -> None:
        """Keep this run, and let others go if there is no more room. Takes a while: call it beside what is urgent."""
        if not self._most:
            return
        try:
            body = stored.to_bytes()
            if HEAD + len(body) > min(MOST_BYTES, self._most):
                return
            path = self._path(stored.history.experiment, stored.goal)
            self._folder.mkdir(parents=True, exist_ok=True)
            make_room(self._folder, path, write(path, body), self._most)
            self._passed("read", "kept")
        except (OSError, MemoryError) as error:
            self._trouble("kept", error)

    def _path(self, experiment: Experiment, goal: int | None) -> Path:
        return self._folder / (key_of(experiment, goal) + SUFFIX)

    def _look_up(self, experiment: Experiment, goal: int | None) -> StoredRun | None:
        """A whole file that says nothing we understand may be another version's, and stays: that is a ValueError."""
        with opened(self._path(experiment, goal)) as file:
            if file is None:
                return None
            try:
                body = file.body(MOST_BYTES)
                if body is None:
                    return None
                stored = StoredRun.from_bytes(body)
                if stored.history.experiment != experiment or stored.goal != goal:
                    raise Damaged("this is another run's.")
            except Damaged:
                metrics.CACHE_TROUBLES.labels("damaged").inc()
                file.remove()
                return None
            file.use()
        self._passed("read")
        return stored

    def _trouble(self, doing: str, error: Exception) -> None:
        metrics.CACHE_TROUBLES.labels(doing).inc()
        kind = getattr(error, "errno", None)
        with self._lock:
            known = any(kind in kinds for kinds in self._troubles.values())
            self._troubles[doing].add(kind)
        if not known:
            _log.warning("a run could not be %s for now: %s", doing, str(error) or type(error).__name__)

    def _passed(self, *doing: str) -> None:
        with self._lock:
            for what in doing:
                self._troubles[what].clear()
