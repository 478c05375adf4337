"""A message: a kind, words, and named arrays, as bytes: a JSON header, then the raw numbers.

What the web process and a worker say to each other is made of it, and so is a saved history. Nothing is ever
unpickled, and nothing is larger than ``MOST_BYTES``. The parser does no input or output; sockets and files are the
callers' business.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

MOST_BYTES = 64 * 2**20
_LENGTHS = struct.Struct("<II")
_DTYPES = {"<f4": 4, "<f8": 8, "<i8": 8, "|u1": 1}


class BadMessage(ValueError):
    """Bytes that are no message of ours. The one answer is to hang up."""


@dataclass(frozen=True)
class Message:
    """A kind, the words that go with it, and named arrays."""

    kind: str
    words: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)


def encode(kind: str, arrays: Mapping[str, np.ndarray] | None = None, **words: Any) -> bytes:
    """One message as bytes: two u32 lengths, the JSON header, the arrays one after the other."""
    arrays = {name: np.asarray(array, order="C") for name, array in (arrays or {}).items()}
    layout = [[name, array.dtype.str, array.shape] for name, array in arrays.items()]
    header = orjson.dumps({"kind": kind, "words": words, "arrays": layout})
    body = b"".join(array.tobytes() for array in arrays.values())
    return _LENGTHS.pack(len(header), len(body)) + header + body


class Parser:
    """Bytes in, as they arrive; whole messages out."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete once ``data`` has arrived. Raises BadMessage."""
        self._buffer += data
        while len(self._buffer) >= _LENGTHS.size:
            header, body = _LENGTHS.unpack_from(self._buffer)
            if header + body > self._most_bytes:
                raise BadMessage(f"a message of {header + body} bytes came; allowed are {self._most_bytes}.")
            end = _LENGTHS.size + header + body
            if len(self._buffer) < end:
                return
            whole = bytes(memoryview(self._buffer)[_LENGTHS.size : end])
            del self._buffer[:end]
            yield _decode(whole[:header], memoryview(whole)[header:])


def _decode(header: bytes, body: memoryview) -> Message:
    try:
        parts = orjson.loads(header)
        kind, words, layout = parts["kind"], parts["words"], parts["arrays"]
        arrays: dict[str, np.ndarray] = {}
        offset = 0
        for name, dtype, shape in layout:
            if dtype not in _DTYPES or any(type(n) is not int or n < 0 for n in shape):
                raise BadMessage(f"an array came as {dtype!r:.20} of shape {shape!r:.40}.")
            count = math.prod(shape)
            arrays[str(name)] = np.frombuffer(body, dtype, count, offset).reshape(shape)
            offset += count * _DTYPES[dtype]
        if offset != len(body) or not isinstance(kind, str) or not isinstance(words, dict):
            raise BadMessage(f"the header of a message spoke of {offset} bytes; {len(body)} came.")
    except BadMessage:
        raise
    except Exception as error:
        raise BadMessage(f"a message could not be read ({type(error).__name__}).") from None
    return Message(kind, words, arrays)
