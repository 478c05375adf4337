"""An owner that is moved by hand: nothing comes, nothing rings and nobody is told anything but when a test says so."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from bnviz.service.channel import Channel


class Timer:
    """Goes off when the test says so, if nobody has cancelled it."""

    def __init__(self, at: float, seconds: float, act: Callable[[], object]) -> None:
        self.at, self.seconds, self._act = at, seconds, act
        self.waits = True

    def cancel(self) -> None:
        self.waits = False

    def ring(self) -> None:
        if self.waits:
            self.waits = False
            self._act()


class Wire(asyncio.Transport):
    """The web process' end of a socket, which sends what there is room for, and is heard when the test says so."""

    def __init__(self, connection: socket.socket, channel: Channel) -> None:
        super().__init__()
        connection.setblocking(False)
        self._connection, self._channel, self._unsent = connection, channel, b""
        self.open = True

    def write(self, data: Any) -> None:
        self._unsent += bytes(data)
        with contextlib.suppress(OSError):
            self._unsent = self._unsent[self._connection.send(self._unsent) :]

    def get_write_buffer_size(self) -> int:
        return len(self._unsent)

    def abort(self) -> None:
        """As asyncio does: nothing is sent or heard any more, and its end is told afterwards."""
        self._connection.close()

    def hear(self) -> bool:
        """Take what has come; whether anything has."""
        if not self.open:
            return False
        try:
            data = self._connection.recv(65536)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if data:
            self._channel.data_received(data)
        else:
            self.open = False
            self._connection.close()
            self._channel.connection_lost(None)
        return True


class ByHand:
    """Does at once what it is asked. What it is told waits in ``letters``, or is done at once too."""

    def __init__(self, at_once: bool = True) -> None:
        self.letters: deque[Callable[[], object]] = deque()
        self.timers: list[Timer] = []
        self.wires: list[Wire] = []
        self.clock, self._at_once, self._reading = 0.0, at_once, False

    def ask(self, act: Callable[..., Any], /, *args: Any, **words: Any) -> Any:
        return act(*args, **words)

    def tell(self, act: Callable[..., object], /, *args: Any, **words: Any) -> None:
        self.letters.append(partial(act, *args, **words))
        while self._at_once and not self._reading and self.letters:
            self.read()

    def later(self, seconds: float, act: Callable[[], object], /) -> Timer:
        self.timers.append(Timer(self.clock + seconds, seconds, act))
        return self.timers[-1]

    def follow(
        self, connection: socket.socket, first: bytes, hear: Callable[[Any], None], gone: Callable[[], None], /
    ) -> Channel:
        channel = Channel(first, hear, gone)
        wire = Wire(connection, channel)

        def made() -> None:
            self.wires.append(wire)
            channel.connection_made(wire)

        self.tell(made)
        return channel

    def now(self) -> float:
        return self.clock

    def close(self) -> None:
        pass

    def read(self) -> None:
        """Do what it was told first."""
        self._reading = True
        try:
            self.letters.popleft()()
        finally:
            self._reading = False

    def hear(self) -> bool:
        """Take what has come from every worker; whether anything has."""
        heard = [wire.hear() for wire in list(self.wires)]
        self.wires = [wire for wire in self.wires if wire.open]
        return any(heard)

    @property
    def waiting(self) -> list[Timer]:
        """The timers that may still ring, the next one first."""
        self.timers = [timer for timer in self.timers if timer.waits]
        return sorted(self.timers, key=lambda timer: timer.at)

    def ring(self, timer: Timer) -> None:
        """It is late enough for this timer."""
        self.clock = max(self.clock, timer.at)
        timer.ring()


class Interrupted(ByHand):
    """An owner who reads some letters before it does what a script thread asks: they may well come first."""

    def __init__(self) -> None:
        super().__init__(at_once=False)
        self.before: list[int] = []
        self._deep = 0

    def ask(self, act: Callable[..., Any], /, *args: Any, **words: Any) -> Any:
        if not self._deep and self.before:
            for _ in range(min(self.before.pop(), len(self.letters))):
                self.read()
        self._deep += 1
        try:
            return act(*args, **words)
        finally:
            self._deep -= 1

    def read(self) -> None:
        self._deep += 1
        try:
            super().read()
        finally:
            self._deep -= 1
