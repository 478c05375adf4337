"""A file as a browser sent it: its name, how large it is, and its bytes, compressed by gzip and written as text.

What is sent is whatever a client says; what our pages send says ``board/packed_file.js``.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

_GZIP = 31


class NotWhole(ValueError):
    """What was sent is no file, or none that arrived as a whole."""


@dataclass(frozen=True)
class SentFile:
    """The name, the bytes that the file has, whether all of them were sent, and the compressed ones, maybe none."""

    name: str
    size: int
    whole: bool
    packed: bytes

    @classmethod
    def of(cls, sent: object) -> Self:
        """The file of what a browser sent. Raises NotWhole for anything else."""
        words = sent if isinstance(sent, Mapping) else {}
        name, size, data = (words.get(part) for part in ("name", "size", "data"))
        if not (isinstance(name, str) and isinstance(size, int | float) and isinstance(data, str)):
            raise NotWhole
        try:
            return cls(name, int(size), words.get("whole") is True, base64.b64decode(data, validate=True))
        except (ValueError, OverflowError):
            raise NotWhole from None


def unpacked(packed: bytes, most: int) -> bytes:
    """The bytes of the file itself, and never more than ``most``, however much it says it is. Raises NotWhole."""
    try:
        return zlib.decompressobj(_GZIP).decompress(packed, most)
    except zlib.error:
        raise NotWhole from None
