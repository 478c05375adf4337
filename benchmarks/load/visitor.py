"""A reader without a browser: a Streamlit page and the board on it, kept open until the visitor goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Self

from benchmarks.load.board import Board
from benchmarks.load.page import Page

DRAW_SECONDS = 0.03
"""How long a browser takes to draw a frame of six charts."""


class Visitor:
    """``async with Visitor(site, query) as visitor``: a tab that was opened with a link, and closed at the end."""

    def __init__(self, site: str, query: str = "", name: str = "lab", draw_seconds: float = DRAW_SECONDS) -> None:
        self.page, self.board = Page(site, query, name), Board(site, draw_seconds)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self.page.hold()), asyncio.create_task(self._watch())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def seen(self, updates: int = 1, seconds: float = 60.0) -> None:
        """Wait until so many updates came in all. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.board.updates) < updates:
                self._complain()
                await asyncio.sleep(0.02)

    def _complain(self) -> None:
        """A task that ended has something to say: only a cancellation ends one."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def _watch(self) -> None:
        path = ""
        while True:
            path = await self.page.other_than(path)
            line = asyncio.create_task(self.board.stay(path, self.page.say_lost))
            moved = asyncio.create_task(self.page.other_than(path))
            try:
                await asyncio.wait({line, moved}, return_when=asyncio.FIRST_COMPLETED)
                if line.done():
                    line.result()
            finally:
                for task in (line, moved):
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task


async def arrive(stack: AsyncExitStack, visitors: Sequence[Visitor], at_once: int = 10) -> None:
    """Let visitors in, a few at once, each few when the ones before see their first rows."""
    for first in range(0, len(visitors), at_once):
        few = visitors[first : first + at_once]
        for visitor in few:
            await stack.enter_async_context(visitor)
        await asyncio.gather(*(visitor.seen() for visitor in few))
