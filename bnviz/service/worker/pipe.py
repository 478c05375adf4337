"""The worker's end of its socket to the web process: messages in and out, and never waiting for the other side."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque

from bnviz.messages import Message, Parser


class Pipe:
    """A socket that never blocks the work: what cannot be sent yet waits in ``pending``."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)
        self._parser = Parser()
        self._outbox: deque[memoryview] = deque()

    @property
    def pending(self) -> int:
        """How many bytes the other side still has to make room for."""
        return sum(map(len, self._outbox))

    def say(self, data: bytes) -> None:
        self._outbox.append(memoryview(data))
        self.flush()

    def flush(self) -> None:
        """Send what the other side has room for. Raises OSError when it is gone."""
        while self._outbox:
            try:
                sent = self._connection.send(self._outbox[0])
            except BlockingIOError:
                return
            self._outbox[0] = self._outbox[0][sent:]
            if not self._outbox[0]:
                self._outbox.popleft()

    def listen(self, seconds: float | None) -> list[Message]:
        """The messages that came within ``seconds`` (None: wait). Raises EOFError when the other side is gone."""
        hoped = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outbox else 0)
        self._selector.modify(self._connection, hoped)
        ready = self._selector.select(seconds)
        self.flush()
        if not ready or not ready[0][1] & selectors.EVENT_READ:
            return []
        data = self._connection.recv(65536)
        if not data:
            raise EOFError
        return list(self._parser.feed(data))

    def say_last(self, data: bytes, seconds: float = 5.0) -> None:
        """Send and wait until it is taken, for a last word before the process ends."""
        self.say(data)
        until = time.monotonic() + seconds
        while self._outbox and time.monotonic() < until:
            self.listen(until - time.monotonic())
