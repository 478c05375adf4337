"""Runs that were kept, on disk, under names made from what decides them: an equal run need not be trained again.

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
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bnviz.experiment import Experiment
from bnviz.folders import kept_in
from bnviz.service import metrics
from bnviz.service.kept import Kept
from bnviz.service.messages import MOST_BYTES

_log = logging.getLogger(__name__)

_MAGIC = b"bnviz kept 1\n"
_DIGEST = 32
_SUFFIX, _PART = ".kept", ".part"
_ABANDONED_SECONDS = 600.0
"""A part this old was being written when its server died."""
_PACKAGE = Path(__file__).parents[1]


def default_folder() -> Path:
    """The folder that BNVIZ_CACHE names, or one in the user's cache."""
    return kept_in("BNVIZ_CACHE", "runs")


@functools.cache
def what_computes() -> str:
    """Names the code and the libraries that decide a run's numbers: other ones would give other bits."""
    digest = hashlib.sha256()
    chosen = [_PACKAGE / f"{name}.py" for name in ("datasets", "experiment", "quantities")]
    for path in [*sorted((_PACKAGE / "engine").rglob("*.py")), *chosen]:
        digest.update(path.read_bytes())
    for library in ("torch", "numpy", "scikit-learn"):
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


def key_of(experiment: Experiment, goal: int | None) -> str:
    """The name that equal runs share, and no others."""
    return hashlib.sha256(f"{what_computes()}\n{goal}\n{experiment.to_json()}".encode()).hexdigest()


class Cache:
    """At most ``most_mib`` MiB of runs; the ones used longest ago make room. With 0 it keeps nothing.

    Methods may be called from any thread. A folder that cannot be written to
    keeps nothing either, and is spoken of once, in the log.
    """

    def __init__(self, folder: Path, most_mib: int) -> None:
        self._folder, self._most = folder, most_mib * 2**20
        self._lock = threading.Lock()

    def find(self, experiment: Experiment, goal: int | None = None) -> Kept | None:
        """What was kept of an equal run, unless it is gone or damaged."""
        if not self._most:
            return None
        path = self._path(experiment, goal)
        body = _read(path)
        try:
            kept = None if body is None else Kept.from_bytes(body)
        except ValueError:
            kept = None
        if kept and (kept.history.experiment != experiment or kept.goal != goal):
            kept = None
        if kept is None:
            with contextlib.suppress(OSError):
                path.unlink()
        metrics.CACHE.labels("hit" if kept else "miss").inc()
        return kept

    def keep(self, kept: Kept) -> None:
        """Keep this run, and let others go if there is no more room. Takes a while: call it beside what is urgent."""
        if not self._most:
            return
        body = kept.to_bytes()
        if len(body) > MOST_BYTES - len(_MAGIC) - _DIGEST:
            return
        path = self._path(kept.history.experiment, kept.goal)
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
                _log.warning("runs are not kept: %s", error)

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
