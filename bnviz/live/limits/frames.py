"""How many frames are in what a WebSocket brings, told from their heads alone, before anybody takes them apart."""

from __future__ import annotations

from collections.abc import Iterator

_FIRST_CONTROL = 8
_EXTENDED = {126: 2, 127: 8}
_MASK = 4


class FrameHeads:
    """Reads along with a WebSocket; what is cut in the middle of a frame is gone on with at the next call.

    Source: RFC 6455, section 5.2.
    """

    def __init__(self) -> None:
        self._head = b""
        self._skip = 0

    def read(self, data: bytes) -> Iterator[bool]:
        """For every frame that begins here: whether it is a whole message; control frames and fragments are not."""
        at = 0
        while True:
            passed = min(self._skip, len(data) - at)
            at, self._skip = at + passed, self._skip - passed
            needed = self._head_length() - len(self._head)
            self._head += data[at : at + needed]
            at += needed
            if at > len(data):
                return
            if len(self._head) == self._head_length():
                yield self._end_of_head()

    def _head_length(self) -> int:
        if len(self._head) < 2:
            return 2
        second = self._head[1]
        return 2 + _EXTENDED.get(second & 0x7F, 0) + (_MASK if second & 0x80 else 0)

    def _end_of_head(self) -> bool:
        first, length = self._head[0], self._head[1] & 0x7F
        extended = _EXTENDED.get(length, 0)
        self._skip = int.from_bytes(self._head[2 : 2 + extended], "big") if extended else length
        self._head = b""
        return first & 0x80 != 0 and 0 < first & 0x0F < _FIRST_CONTROL
