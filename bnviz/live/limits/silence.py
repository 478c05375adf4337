"""Who says nothing, or takes nothing of what is sent, for too long: hung up on.

One timer looks now and then, because a timer for every message would cost more than the message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Self

from starlette.types import Message, Receive, Send

from bnviz.service import metrics

_log = logging.getLogger(__name__)


class Alarm:
    """Rings once something was waited for so many ``seconds``; ``since`` says from when on, None while nothing is.

    One that rings ``again`` goes on looking.
    """

    def __init__(
        self, seconds: float, since: Callable[[], float | None], ring: Callable[[], object], again: bool = False
    ) -> None:
        self._seconds, self._since, self._ring, self._again = seconds, since, ring, again
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(seconds, self._look)

    def cancel(self) -> None:
        """Nothing is waited for any more."""
        self._timer.cancel()

    def _look(self) -> None:
        since, now = self._since(), self._loop.time()
        left = self._seconds if since is None else since + self._seconds - now
        if left <= 0:
            self._ring()
            if not self._again:
                return
            left = self._seconds
        self._timer = self._loop.call_later(left, self._look)


class Silence:
    """One socket until its first word: hung up on when none has come after so many seconds, if it has to speak."""

    def __init__(self, receive: Receive, seconds: float | None) -> None:
        self._receive = receive
        self._timer = asyncio.get_running_loop().call_later(seconds, self._hang_up) if seconds else None

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive":
            self.end()
        return message

    def end(self) -> None:
        """It spoke, or is gone."""
        if self._timer:
            self._timer.cancel()

    def _hang_up(self) -> None:
        metrics.REFUSED.labels("silent").inc()
        hang_up(self._receive)


class StallGuard:
    """One connection for as long as it is answered: hung up on when a message is not taken for so many seconds."""

    def __init__(self, receive: Receive, send: Send, seconds: float) -> None:
        self._receive, self._send, self._seconds = receive, send, seconds
        self._loop = asyncio.get_running_loop()
        self._waits_since: float | None = None

    def __enter__(self) -> Self:
        self._alarm = Alarm(self._seconds, lambda: self._waits_since, self._hang_up)
        return self

    def __exit__(self, *_: object) -> None:
        self._alarm.cancel()

    async def send(self, message: Message) -> None:
        self._waits_since = self._loop.time()
        try:
            await self._send(message)
        finally:
            self._waits_since = None

    def _hang_up(self) -> None:
        metrics.REFUSED.labels("stalled").inc()
        hang_up(self._receive)


def hang_up(receive: Receive) -> None:
    """Drop a connection with all that it was sent and did not take.

    Closing it the polite way waits for the reader to take the rest, which is what this one does not do. ASGI has no
    word for it, so it is uvicorn's connection, behind its ``receive``, that is dropped.
    """
    connection = getattr(receive, "__self__", None)
    abort = getattr(getattr(connection, "transport", None), "abort", None)
    if abort:
        abort()
    else:
        _log.warning("a stalled connection could not be dropped: this server does not show it")
