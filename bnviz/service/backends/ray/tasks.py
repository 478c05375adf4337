"""The tasks on the cluster: some are ready for the next caller, each caller gets one, the lost are noticed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import socket
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any

import ray
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from bnviz.messages import encode
from bnviz.service.backends.ray.mailbox import Mailbox
from bnviz.service.backends.ray.task import BEAT_SECONDS, work
from bnviz.settings import Settings

SILENCE_SECONDS = 8 * BEAT_SECONDS
"""A task that was silent for so long is on a node that is gone."""

GRACE_SECONDS = 0.2
"""A task whose caller left may end by itself for so long, which keeps its process warm; then it is killed."""

WAIT_SECONDS, RETRY_SECONDS = 2.0, 1.0
"""A caller is told what it waits for after the one; a task that could not start is replaced after the other."""

_UNREAD_PIECES, _MOST_TASKS = 4, 10_000
_log = logging.getLogger(__name__)


class Caller:
    """A connection that the web process handed over; what it says waits until there is a task for it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.said, self.left = bytearray(), False
        self.changed = asyncio.Event()

    async def hear(self) -> None:
        """Take what it says, until it leaves."""
        with contextlib.suppress(OSError):
            while data := await self._reader.read(2**18):
                self.said += data
                self.changed.set()
        self.left = True
        self.changed.set()

    async def tell(self, data: bytes) -> None:
        """Wait until it has room. Raises OSError when it has left."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


class Task:
    """One task on the cluster: before it has started, while it is ready for a caller, and with one."""

    def __init__(self, key: str) -> None:
        self.key, self.said, self.heard_at = key, bytearray(), 0.0
        self.pieces: Any = None
        self.caller: Caller | None = None

    @property
    def fresh(self) -> bool:
        """Whether something was heard of it lately."""
        return time.monotonic() - self.heard_at < 3 * BEAT_SECONDS

    async def hear(self) -> None:
        """Wait for what it says next, at first as long as it takes.

        Raises StopAsyncIteration at its end, RayError when it was lost, TimeoutError when its node is silent.
        """
        async with asyncio.timeout(SILENCE_SECONDS if self.heard_at else None):
            self.said += await (await anext(self.pieces))
        self.heard_at = time.monotonic()

    async def pass_on(self) -> None:
        """Tell the caller what was said. Raises OSError when it has left."""
        if self.caller and self.said:
            said, self.said = bytes(self.said), bytearray()
            await self.caller.tell(said)

    def kill(self) -> None:
        """Ask for the end of its process, wherever that is; nothing, if it has ended."""
        with contextlib.suppress(RayError):
            ray.cancel(self.pieces, force=True)


class TaskPool:
    """As many tasks as there are callers, and a few that are ready for the next."""

    def __init__(self, engine_name: str, settings: Settings) -> None:
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        self._mailbox: Any = ray.remote(Mailbox).options(
            num_cpus=0, max_concurrency=_MOST_TASKS, max_restarts=-1, scheduling_strategy=here
        ).remote()  # fmt: skip
        self._work: Any = ray.remote(work).options(
            num_cpus=settings.ray_cpus, num_gpus=settings.ray_gpus, num_returns="streaming", max_retries=0,
            scheduling_strategy="SPREAD", _generator_backpressure_num_objects=_UNREAD_PIECES,
        )  # fmt: skip
        self._engine_name, self._spares = engine_name, settings.ray_spares
        self._keys = map(str, itertools.count())
        self._starting = 0
        self._ready: list[Task] = []
        self._waiting: deque[Caller] = deque()
        self._going: set[asyncio.Task[None]] = set()

    def start_missing(self) -> None:
        """Start as many tasks as are missing; called often, because spare ones may have fallen silent."""
        ready = sum(task.fresh for task in self._ready)
        for _ in range(len(self._waiting) + self._spares - ready - self._starting):
            self._starting += 1
            self._go(self._run(Task(next(self._keys))))

    def serve(self, connection: socket.socket) -> None:
        """Find a task for this connection."""
        self._go(self._assign(connection))

    async def _assign(self, connection: socket.socket) -> None:
        caller = Caller(*await asyncio.open_connection(sock=connection))
        self._go(caller.hear())
        task = next((task for task in self._ready if task.fresh), None)
        if task:
            self._ready.remove(task)
            self._join(task, caller)
            self.start_missing()
            return
        self._waiting.append(caller)
        self.start_missing()
        await asyncio.sleep(WAIT_SECONDS)
        if caller in self._waiting and not caller.left:
            with contextlib.suppress(OSError):
                await caller.tell(_starting("Waiting for a worker of the cluster."))

    async def _run(self, task: Task) -> None:
        """The whole life of a task."""
        try:
            await self._mailbox.open.remote(task.key)
            task.pieces = self._work.remote(self._mailbox, task.key, self._engine_name)
            await task.hear()
        except (StopAsyncIteration, RayError):
            _log.exception("a worker could not be started on the cluster")
            await asyncio.sleep(RETRY_SECONDS)
            self._starting -= 1
            self.start_missing()
            return
        self._starting -= 1
        self._offer(task)
        try:
            while True:
                await task.pass_on()
                await task.hear()
        except (StopAsyncIteration, OSError):
            pass
        except (RayError, TimeoutError) as error:
            if not (task.caller and task.caller.left):
                _log.warning("a worker was lost, or its node (%s)", type(error).__name__)
                task.kill()
        if task in self._ready:
            self._ready.remove(task)
        if task.caller:
            task.caller.close()
        await self._mailbox.close.remote(task.key)
        self.start_missing()

    def _offer(self, task: Task) -> None:
        """A task is ready: for the caller who waits longest, or as a spare, or there are spares enough."""
        while self._waiting:
            caller = self._waiting.popleft()
            if not caller.left:
                self._join(task, caller)
                return
            caller.close()
        if sum(task.fresh for task in self._ready) < self._spares:
            self._ready.append(task)
        else:
            self._mailbox.close.remote(task.key)

    def _join(self, task: Task, caller: Caller) -> None:
        task.caller = caller
        task.said[:0] = _starting("")
        self._go(self._bring(caller, task))

    async def _bring(self, caller: Caller, task: Task) -> None:
        """Take to the task what its caller says; when that leaves, the task has to end."""
        with contextlib.suppress(RayError):
            while not caller.left:
                await caller.changed.wait()
                caller.changed.clear()
                said, caller.said = bytes(caller.said), bytearray()
                if said and not await self._mailbox.put.remote(task.key, said):
                    break
            await self._mailbox.close.remote(task.key)
        await asyncio.sleep(GRACE_SECONDS)
        task.kill()

    def _go(self, coroutine: Coroutine[Any, Any, None]) -> None:
        going = asyncio.create_task(coroutine)
        self._going.add(going)
        going.add_done_callback(self._going.discard)


def _starting(sentence: str) -> bytes:
    return encode("state", name="starting", message=sentence)
