"""The board's half of a visitor: its socket, acknowledgements and buttons. Draws nothing, but takes its time over it.

Says and does what ``bnviz/live/board`` does in a browser; of a frame it reads the header only.
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

LOST, REPLACED = 4404, 4408
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
_LENGTH = struct.Struct("<I")


class Board:
    """What one page was shown. ``updates`` are the times at which rows came, of ``run`` up to ``step``."""

    def __init__(self, site: str, draw_seconds: float) -> None:
        self.updates: list[float] = []
        self.rows = self.bytes = self.texts = self.drops = 0
        self.state: dict[str, Any] = {}
        self.states: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()
        self.run, self.step, self.first_step = -1, -1, -1
        self._site, self._draw_seconds = site, draw_seconds
        self._socket: ClientConnection | None = None

    async def stay(self, path: str, lost: Callable[[], Awaitable[None]]) -> None:
        """Hold the line of this path; where it is not known any more, say so and wait for another."""
        pause = FIRST_PAUSE
        place = ""
        while True:
            try:
                async with connect(
                    f"ws://{self._site}{path}{place}", origin=f"http://{self._site}",  # type: ignore[arg-type]
                    max_size=None, open_timeout=20,
                ) as socket:  # fmt: skip
                    self._socket = socket
                    async for data in socket:
                        pause = FIRST_PAUSE
                        await self._take(data)
            except (OSError, WebSocketException) as ending:
                if not isinstance(ending, ConnectionClosed):
                    self.codes[0] += 1
            code = self._hang_up()
            if code == LOST:
                await lost()
            if code in (LOST, REPLACED):
                await asyncio.Event().wait()
            self.drops += 1
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            place = f"?run={self.run}&since={self.step}"

    async def press(self, button: str) -> None:
        """A button of the transport bar; nothing happens while the line is down, as in a browser."""
        await self._say({"do": button})

    def rate(self, begun: float, ended: float) -> float:
        """Updates a second between two moments."""
        return sum(begun <= at < ended for at in self.updates) / (ended - begun)

    def longest_wait(self, begun: float, ended: float) -> float:
        """The most seconds without an update between two moments."""
        times = [begun, *(at for at in self.updates if begun <= at < ended), ended]
        return max(late - soon for soon, late in pairwise(times))

    def _hang_up(self) -> int:
        socket, self._socket = self._socket, None
        code = (socket.close_code or 0) if socket else 0
        if code:
            self.codes[code] += 1
        return code

    async def _take(self, data: str | bytes) -> None:
        if isinstance(data, str):
            words, self.texts = orjson.loads(data), self.texts + 1
            if words["kind"] == "setup":
                self.run, self.step, self.first_step = words["run"], -1, -1
            elif words.get("run") == self.run:
                if words["state"] != self.state.get("state"):
                    self.states[words["state"]] += 1
                self.state = words
            return
        header = orjson.loads(data[_LENGTH.size : _LENGTH.size + _LENGTH.unpack_from(data)[0]])
        if header["run"] != self.run:
            return
        self.updates.append(time.monotonic())
        self.rows += len(header["steps"])
        self.bytes += len(data)
        self.step = header["steps"][-1]
        self.first_step = header["steps"][0] if self.first_step < 0 else self.first_step
        await asyncio.sleep(self._draw_seconds)
        await self._say({"do": "ack", "run": self.run, "step": self.step})

    async def _say(self, command: dict[str, Any]) -> None:
        if self._socket:
            try:
                await self._socket.send(orjson.dumps(command).decode())
            except ConnectionClosed:
                return
