"""The web process' end of its socket to a worker: messages in and out, on the owner's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bnviz.messages import Message, Parser

MOST_UNREAD = 2**18
"""Bytes of commands. A worker that left so many unread is stuck."""

Hear = Callable[[Message], None]


class Channel(asyncio.Protocol):
    """One worker. It is told ``first`` at once; ``gone`` is called when nothing more will come, once."""

    def __init__(self, first: bytes, hear: Hear, gone: Callable[[], None]) -> None:
        self._first, self._hear, self._gone = first, hear, gone
        self._parser = Parser()
        self._transport: asyncio.Transport | None = None
        self._closed = False

    def say(self, data: bytes) -> None:
        """Tell the worker something, which it will read when it looks up."""
        if self._transport is None or self._closed:
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            self.close()

    def close(self) -> None:
        """Hang up, with all that was said and not read."""
        self._closed = True
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._closed:
            transport.abort()
        else:
            transport.write(self._first)
        self._first = b""

    def data_received(self, data: bytes) -> None:
        for message in self._parser.feed(data):
            if self._closed:
                return
            self._hear(message)

    def connection_lost(self, error: Exception | None) -> None:
        self._closed = True
        self._gone()
