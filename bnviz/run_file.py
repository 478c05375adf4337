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

    @property
    def used_ns(self) -> int:
        """When it was last used, by the folder's own clock (ns)."""
        return os.fstat(self._file.fileno()).st_mtime_ns

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
    return put(path, _head(body), body)


def put(path: Path, *pieces: bytes) -> int:
    """The same with bytes that have their heads already."""
    part = path.with_suffix(f".{os.getpid()}.{secrets.randbits(64)}.part")
    try:
        with open(part, "xb") as file:
            if fcntl:
                with contextlib.suppress(OSError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for piece in pieces:
                file.write(piece)
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


def sealed(body: bytes) -> bytes:
    """A whole file's bytes, as ``write`` writes them; ``unsealed`` reads them back."""
    return _head(body) + body


def unsealed(data: bytes) -> bytes:
    """The body in a whole file's bytes. Raises Damaged where they are no file of ours, or not all of it."""
    head, body = data[:HEAD], data[HEAD:]
    if not head.startswith(MAGIC):
        other = head.startswith(_ANY_MAGIC)
        raise Damaged("another version of bnviz wrote it." if other else "it does not begin as one.")
    if head != _head(body):
        raise Damaged("its checksum is that of other bytes.")
    return body


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


def make_room(folder: Path, new: Path, now: int, most_bytes: int, since: int = 0) -> None:
    """Let go of what was used before ``since`` (ns), and of the runs used longest ago until the rest takes no more than
    ``most_bytes``; never of the ``new`` one, written ``now``.

    What another server removed meanwhile made room; what this one may not remove did not. Raises OSError for the
    folder alone.
    """
    runs = sorted(runs_in(folder, now))
    size = sum(size for _, size, _ in runs)
    for used, own, path in runs:
        if path != new and (size > most_bytes or used < since):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                size -= own


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
