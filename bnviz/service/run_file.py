"""One run's bytes on disk: written whole or not at all, and read only from a plain file of ours.

Tells *damaged*, which is proved and removed, from *not now*: an OSError, which passes. Of two servers that share a
folder neither harms what the other writes. Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: there an open file can neither be removed nor renamed
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".run"
MAGIC = b"bnviz run 1\n"
_ANY_MAGIC = b"bnviz run "
_DIGEST = 32
HEAD = len(MAGIC) + _DIGEST
_RUN = re.compile(rf"[0-9a-f]{{64}}{re.escape(SUFFIX)}")
_PART = re.compile(r"[0-9a-f]+\.\d+\.\d+\.part")
_ABANDONED_NS = 3600 * 10**9
"""A part that nobody wrote to for so long, by the folder's own clock, was left by a server that died."""
_LOOK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Damaged(Exception):
    """Proved: this plain file of ours does not hold what was written under its name."""


class RunFile:
    """A plain file that is open to be read; ``path`` is the name it had when it was opened."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file

    def body(self, most_bytes: int) -> bytes | None:
        """What was written; None where it is of another format, or changes meanwhile. Raises Damaged, and OSError."""
        before = os.fstat(self._file.fileno())
        head = self._file.read(len(MAGIC))
        if head.startswith(_ANY_MAGIC) and not MAGIC.startswith(head):
            return None
        if before.st_size > most_bytes:
            raise Damaged(f"{before.st_size} bytes are more than a run may hold.")
        head += self._file.read(_DIGEST)
        body = self._file.read(before.st_size + 1)
        if head == _head(body):
            return body
        after = os.fstat(self._file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return None
        raise Damaged("the checksum is that of other bytes.")

    def use(self) -> None:
        """Have it stay longer than what was not used, where this server may say so."""
        with contextlib.suppress(OSError):
            os.utime(self._path)

    def remove(self) -> None:
        """Remove it, unless another file has its name by now."""
        with contextlib.suppress(OSError):
            if os.path.samestat(self._path.lstat(), os.fstat(self._file.fileno())):
                self._path.unlink()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[RunFile | None]:
    """The plain file at this path, or None: a link, a pipe, a device, a folder are not ours. Raises OSError."""
    with contextlib.ExitStack() as closing:
        file = None
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if stat.S_ISREG(path.lstat().st_mode):
                file = closing.enter_context(open(path, "rb", opener=_look))
        yield RunFile(path, file) if file and stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None


def write(path: Path, body: bytes) -> int:
    """Give this name to a whole file, or leave it as it is and raise OSError; gives the folder's own time (ns)."""
    part = path.with_suffix(f".{os.getpid()}.{secrets.randbits(64)}.part")
    try:
        with open(part, "xb") as file:
            if fcntl:
                with contextlib.suppress(OSError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write(_head(body))
            file.write(body)
            file.flush()
            now = os.fstat(file.fileno()).st_mtime_ns
            if not fcntl:
                file.close()
            part.replace(path)
            return now
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def runs_in(folder: Path, now: int) -> list[tuple[int, int, Path]]:
    """When each run was last used (ns), its size and its path; parts abandoned by ``now`` are removed on the way."""
    runs = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                seen = entry.stat(follow_symlinks=False)
                if not stat.S_ISREG(seen.st_mode):
                    continue
                if _RUN.fullmatch(entry.name):
                    runs.append((seen.st_mtime_ns, seen.st_size, Path(entry.path)))
                elif _PART.fullmatch(entry.name) and now - seen.st_mtime_ns > _ABANDONED_NS:
                    _remove_abandoned(Path(entry.path))
    return runs


def _remove_abandoned(part: Path) -> None:
    """Raises OSError where its writer lives: it holds the lock for as long as it writes."""
    if fcntl:
        with open(part, "rb", opener=_look) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    part.unlink()


def _head(body: bytes) -> bytes:
    return MAGIC + hashlib.blake2b(body, digest_size=_DIGEST).digest()


def _look(path: str, flags: int) -> int:
    return os.open(path, flags | _LOOK)
