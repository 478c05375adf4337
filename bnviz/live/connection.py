"""One open socket to a page: what its stream has news of goes out, commands come in, checked and counted.

Commands that are none, too many, or a page that draws nothing end it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import threading

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bnviz.live.audience import Audience
from bnviz.live.limits.silence import Alarm
from bnviz.live.limits.token_bucket import TokenBucket
from bnviz.live.protocol import (
    BEAT,
    BROKEN,
    LOST,
    MALFORMED,
    STALLED,
    TOO_MANY,
    Ack,
    BadCommand,
    Command,
    Draw,
    Open,
    Press,
    Speed,
    parse,
)
from bnviz.live.sessions import Sessions
from bnviz.live.stream import Stream
from bnviz.service import metrics

_log = logging.getLogger(__name__)

MOST_PER_SECOND, BURST = 40.0, 80.0
"""Commands and acknowledgements a page may send: on average, and at once."""
STARTING, STARTING_COSTS, OPENING_COSTS = ("reset", "again"), 8.0, 4.0
"""What starts a process counts for so many; looking into a unit, which may train steps of the past again, for these."""


BEAT_SECONDS = 2.0
"""A page that hears nothing for longer knows that the line is down."""


class Waker:
    """Sets events of one loop from any thread; those that come close together are set in one go, since a shared run has
    news for hundreds of sockets at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._waiting: set[asyncio.Event] = set()

    def wake(self, event: asyncio.Event) -> None:
        """Set this event soon. Called from any thread; when the loop is closed, nothing happens."""
        with self._lock:
            first = not self._waiting
            self._waiting.add(event)
        if first:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._set_all)

    def _set_all(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for event in waiting:
            event.set()


@functools.lru_cache(maxsize=2)
def _waker_of(loop: asyncio.AbstractEventLoop) -> Waker:
    return Waker(loop)


class Connection:
    """One open socket: a task that sends what the stream has news of, and a loop that reads commands.

    A page that draws nothing of a frame for ``patience`` seconds is hung up on.
    """

    def __init__(self, socket: WebSocket, patience: float) -> None:
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._news, self._waker = asyncio.Event(), _waker_of(self._loop)
        self._close_code: int | None = None
        self._commands = TokenBucket(BURST, MOST_PER_SECOND, self._loop.time())
        self._patience, self._sent = patience, self._loop.time()
        self._spoke = self._sent

    def wake(self) -> None:
        """There may be news. Called from any thread."""
        self._waker.wake(self._news)

    def close(self, code: int) -> None:
        """Hang up. Called from any thread."""
        self._close_code = code
        self.wake()

    async def hold(self, sessions: Sessions, token: str, run: int, since: int) -> None:
        """Look on at what the token opens until either side hangs up.

        ``run`` and ``since`` say what the page shows already. A page whose token opens nothing is told that it is lost.
        """
        opened = await self._asked(sessions, token, run, since)
        if opened is None:
            metrics.REFUSED.labels("token").inc()
            await self._hang_up(LOST)
            return
        self._audience, self._stream = opened
        alarm = Alarm(self._patience, lambda: self._sent if self._stream.drawing else None, self._give_up)
        pulse = Alarm(BEAT_SECONDS, lambda: self._spoke, self._news.set, again=True)
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._audience.owner.tell(self._audience.detach, self)
            alarm.cancel()
            pulse.cancel()
            for task in tasks:
                task.cancel()
            for ending in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ending, Exception) and self._open:
                    _log.error("a connection to a page broke", exc_info=ending)
                    self._close_code = self._close_code or BROKEN
            await self._hang_up(self._close_code or 1000)

    async def _hang_up(self, code: int) -> None:
        """The page may have been quicker."""
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close(code)

    async def _asked(self, sessions: Sessions, token: str, run: int, since: int) -> tuple[Audience, Stream] | None:
        """What the owner opens for this page. A page that is gone before the answer has looked on for a moment."""
        answer: asyncio.Future[tuple[Audience, Stream] | None] = self._loop.create_future()

        def ask() -> None:
            opened = sessions.open(token, self, run, since)
            self._loop.call_soon_threadsafe(hear, opened)

        def hear(opened: tuple[Audience, Stream] | None) -> None:
            if answer.cancelled():
                if opened:
                    opened[0].owner.tell(opened[0].detach, self)
            else:
                answer.set_result(opened)

        sessions.owner.tell(ask)
        return await answer

    @property
    def _open(self) -> bool:
        ours, theirs = self._socket.application_state, self._socket.client_state
        return ours == theirs == WebSocketState.CONNECTED

    async def _send(self) -> None:
        while self._close_code is None:
            self._news.clear()
            for message in self._stream.news(self._loop.time()):
                self._spoke = self._loop.time()
                if isinstance(message, bytes):
                    self._count(message)
                    await self._socket.send_bytes(message)
                else:
                    await self._socket.send_text(message)
            if self._loop.time() - self._spoke >= BEAT_SECONDS:
                self._spoke = self._loop.time()
                await self._socket.send_text(BEAT)
            await self._wait()

    def _count(self, message: bytes) -> None:
        self._sent = self._loop.time()
        metrics.FRAMES.inc()
        metrics.FRAME_BYTES.inc(len(message))

    def _give_up(self) -> None:
        """The page has not drawn its frame in time."""
        metrics.REFUSED.labels("stalled").inc()
        self.close(STALLED)

    async def _wait(self) -> None:
        """Until there is news, or a recording goes on."""
        left = self._stream.patience(self._loop.time())
        if left is None:
            await self._news.wait()
            return
        # wait_for would lose a cancellation that comes together with news, and the task would outlive its socket.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await self._news.wait()

    def _obey(self, command: Press | Speed | Open | Draw) -> None:
        """Done by the owner. Our own mistake costs the connection: a page that comes back sees where things stand."""
        try:
            self._audience.obey(command)
        except Exception:
            _log.exception("what was pressed could not be obeyed")
            self.close(BROKEN)

    async def _receive(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                command = parse(message.get("text") or "")
            except BadCommand:
                metrics.REFUSED.labels("malformed").inc()
                self._close_code = MALFORMED
                return
            if not self._commands.take(_cost(command), self._loop.time()):
                metrics.REFUSED.labels("rate").inc()
                self._close_code = TOO_MANY
                return
            if isinstance(command, Ack):
                if self._stream.ack(command):
                    metrics.DRAWN.observe(self._loop.time() - self._sent)
                self._news.set()
            else:
                self._audience.owner.tell(self._obey, command)


def _cost(command: Command) -> float:
    """For how many commands this one counts."""
    if isinstance(command, Open):
        return OPENING_COSTS
    return STARTING_COSTS if isinstance(command, Press) and command.do in STARTING else 1.0
