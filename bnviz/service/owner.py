"""The one place where everything about runs and readers is decided, in one order: a thread with a mailbox and timers.

Script threads, sockets and workers hand in messages: ``ask`` waits for the answer, ``tell`` does not. What they read
without asking is immutable and replaced as a whole, so nothing here needs a lock.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bnviz.service.channel import Channel, Hear

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Later(Protocol):
    """Something that will be done, unless it is cancelled before."""

    def cancel(self) -> None: ...


class Owner(Protocol):
    """Does what it is handed, one after the other. Every method may be called from any thread, its own included."""

    def ask(self, act: Callable[P, T], /, *args: P.args, **words: P.kwargs) -> T:
        """Have it done, and wait for what comes of it; raises what that raises."""
        ...

    def tell(self, act: Callable[P, object], /, *args: P.args, **words: P.kwargs) -> None:
        """Have it done soon; waits for nothing."""
        ...

    def later(self, seconds: float, act: Callable[[], object], /) -> Later:
        """Have it done after so many seconds."""
        ...

    def follow(self, connection: socket.socket, first: bytes, hear: Hear, gone: Callable[[], None], /) -> Channel:
        """Say this first to a worker, and from then on hear what it says, until it is gone."""
        ...

    def now(self) -> float:
        """Seconds on the clock of ``later``."""
        ...

    def close(self) -> None:
        """Do what was handed in so far. What is told from then on is not done, and whoever asks does it alone."""
        ...


class Owned(Protocol):
    """What belongs to an owner."""

    @property
    def owner(self) -> Owner: ...


O = TypeVar("O", bound=Owned)  # noqa: E741


def owned(method: Callable[Concatenate[O, P], T]) -> Callable[Concatenate[O, P], T]:
    """A method that the owner does, whoever calls it; the caller waits for the answer."""

    @functools.wraps(method)
    def ask(self: O, /, *args: P.args, **words: P.kwargs) -> T:
        return self.owner.ask(functools.partial(method, self), *args, **words)

    return ask


class OwnerThread:
    """The owner of a server: an event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.SelectorEventLoop()
        self._mailbox, self._closed = threading.Lock(), False
        """Held to put one message in, so that none comes behind the last."""
        self._thread = threading.Thread(target=self._serve, name="bnviz-owner", daemon=True)
        self._thread.start()

    def ask(self, act: Callable[P, T], /, *args: P.args, **words: P.kwargs) -> T:
        if threading.get_ident() == self._thread.ident:
            return act(*args, **words)
        answer: Future[T] = Future()

        def do() -> None:
            try:
                answer.set_result(act(*args, **words))
            except BaseException as error:
                answer.set_exception(error)

        if not self._put(do):
            do()
        return answer.result()

    def tell(self, act: Callable[P, object], /, *args: P.args, **words: P.kwargs) -> None:
        self._put(functools.partial(act, *args, **words))

    def later(self, seconds: float, act: Callable[[], object], /) -> Later:
        return self.ask(self._after, seconds, act)

    def follow(self, connection: socket.socket, first: bytes, hear: Hear, gone: Callable[[], None], /) -> Channel:
        channel = Channel(first, hear, gone)
        connecting = self._loop.create_task(self._loop.create_connection(lambda: channel, sock=connection))

        def look(done: asyncio.Task[object]) -> None:
            if done.exception():
                connection.close()
                gone()

        connecting.add_done_callback(look)
        return channel

    def now(self) -> float:
        return self._loop.time()

    def close(self) -> None:
        with self._mailbox:
            again, self._closed = self._closed, True
        if not again:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _after(self, seconds: float, act: Callable[[], object]) -> Later:
        return _Never() if self._loop.is_closed() else self._loop.call_later(seconds, act)

    def _put(self, act: Callable[[], object]) -> bool:
        with self._mailbox:
            if not self._closed:
                self._loop.call_soon_threadsafe(act)
            return not self._closed

    def _serve(self) -> None:
        self._loop.set_exception_handler(_report)
        self._loop.run_forever()
        self._loop.close()


class _Never:
    """What would be done later, where there is no later."""

    def cancel(self) -> None:
        pass


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Our own mistake: it costs one message, not the owner."""
    error = context.get("exception")
    _log.error("%s", context["message"], exc_info=error if isinstance(error, BaseException) else None)
