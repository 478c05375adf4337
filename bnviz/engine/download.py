"""Fetching one published file: streamed, checked, and renamed into place only when it is whole.

Knows URLs, checksums and clocks; nothing about what the bytes mean.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import ssl
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import IO

_log = logging.getLogger(__name__)

Progress = Callable[[int, int | None], None]
"""Called with the bytes received so far and, where the server tells, the bytes there will be."""

CHUNK, MOST_BYTES, SILENCE_SECONDS = 1 << 16, 1 << 26, 10.0


class DataUnavailable(ValueError):
    """A data set cannot be had; the message says which file, what was found, and what to do.

    It is read on pages too, so where on this machine the file is stands in ``path`` and in the log, not in the message.
    """

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path
        _log.warning("%s: %s", path, message)


def cause(error: BaseException) -> str:
    """What went wrong in words, without the path and the number that an error of the system names."""
    inner = getattr(error, "reason", None)
    if isinstance(inner, OSError):
        return cause(inner)
    if isinstance(error, socket.gaierror):
        return "the server’s address could not be looked up, as if there were no network"
    if isinstance(error, ssl.SSLError):
        return "no secure connection could be made"
    return (error.strerror if isinstance(error, OSError) else None) or str(inner or error)


def md5(path: Path) -> str:
    """The file's MD5 sum in hexadecimal, which is what the data sets' authors published."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def download(url: str, target: Path, checksum: str, seconds: float = 120.0, progress: Progress | None = None) -> None:
    """Put the file at ``url`` at ``target``, whole or not at all.

    It is written beside its target under a temporary name, checked against
    ``checksum`` (MD5), then renamed: no reader ever sees half a file.

    Raises:
        DataUnavailable: no network, a refusal, more than ``seconds`` in all, a
            folder that cannot be written, or bytes other than the published ones.
    """
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            temporary = Path(file.name)
            _stream(url, file, time.monotonic() + seconds, min(seconds, SILENCE_SECONDS), progress)
        if md5(temporary) != checksum:
            raise _unavailable(url, target, "what arrived is not the published file (its checksum differs)")
        os.replace(temporary, target)
    except DataUnavailable:
        raise
    except urllib.error.HTTPError as error:
        error.close()
        raise _unavailable(url, target, f"the server answered {error.code}") from error
    except (HTTPException, OSError, ValueError) as error:
        late = isinstance(getattr(error, "reason", error), TimeoutError)
        found = f"it took longer than {seconds:g} seconds" if late else cause(error)
        raise _unavailable(url, target, found) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _stream(url: str, file: IO[bytes], deadline: float, silence: float, progress: Progress | None) -> None:
    with urllib.request.urlopen(url, timeout=silence) as response:
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        received = 0
        # read1 returns what one packet brought, so that a trickling server meets the deadline too.
        while chunk := response.read1(CHUNK):
            file.write(chunk)
            received += len(chunk)
            if received > MOST_BYTES:
                raise OSError(f"the file is larger than {MOST_BYTES >> 20} MiB")
            if time.monotonic() > deadline:
                raise TimeoutError
            if progress is not None:
                progress(received, total)
    if total is not None and received < total:
        raise OSError(f"the connection ended after {received:,} of {total:,} bytes")


def _unavailable(url: str, target: Path, found: str) -> DataUnavailable:
    return DataUnavailable(
        f"{target.name} could not be downloaded from {url}: {found}. Try again with a network, or put the file into "
        "the data folder (the one that BNVIZ_DATA names) yourself.",
        target,
    )
