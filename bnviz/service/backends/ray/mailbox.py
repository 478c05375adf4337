"""Where the web process leaves what its tasks on other machines should hear: Ray streams out of a task, not into it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

MOST_BYTES = 80 * 2**20
"""A task that leaves so much unread is stuck."""


@dataclass
class _Slot:
    """What lies there for one task, in the order it came."""

    letters: bytearray = field(default_factory=bytearray)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Mailbox:
    """An asynchronous actor on the web process' own node: one for all of its tasks, each with a key."""

    def __init__(self) -> None:
        self._slots: dict[str, _Slot] = {}

    async def open(self, key: str) -> None:
        """From now on there is such a slot."""
        self._slots[key] = _Slot()

    async def put(self, key: str, data: bytes) -> bool:
        """Leave something; False says that nobody will read it."""
        slot = self._slots.get(key)
        if slot is None or len(slot.letters) + len(data) > MOST_BYTES:
            return False
        slot.letters += data
        slot.changed.set()
        return True

    async def take(self, key: str) -> bytes:
        """What lies there, or waits until something does; nothing means that nothing will come any more."""
        slot = self._slots.get(key)
        while slot and not slot.letters and key in self._slots:
            slot.changed.clear()
            await slot.changed.wait()
        if slot is None:
            return b""
        letters = bytes(slot.letters)
        slot.letters.clear()
        return letters

    async def close(self, key: str) -> None:
        """Nothing more will come."""
        slot = self._slots.pop(key, None)
        if slot:
            slot.changed.set()
