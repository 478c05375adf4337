"""One thread's business: start workers, let them in, give them away, and part with those that ended or do not answer.

A worker is a process of its own that connects back over loopback TCP, with
a secret that it got on its standard input. One connection is one job.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import math
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable

from bnviz.service.backends.backend import Then
from bnviz.service.backends.pool_member import SECRET_LENGTH, PoolMember

_log = logging.getLogger(__name__)

_START_SECONDS, _SECRET_SECONDS, _HELLO_SECONDS, _LOOK_SECONDS = 60.0, 5.0, 10.0, 0.2
"""How long it may take to start, to say a secret, and to say hello; how often it is looked who has ended."""

_MOST_STRANGERS, _MOST_FAILED = 64, 3
"""How many may be at the door at once, and how many workers in a row may end before they are ready."""


class PoolLoop:
    """Everything is done in the thread that calls ``run``; others ``ask`` and ``stop``. Raises OSError."""

    def __init__(self, engine: str, most: int, spares: int) -> None:
        self._engine, self._most, self._spares = engine, most, spares
        self._asked: deque[Then] = deque()
        self._workers: list[PoolMember] = []
        self._strangers: dict[socket.socket, float] = {}
        self._failed, self._stopped = 0, False
        with contextlib.ExitStack() as opened:
            self._selector = opened.enter_context(selectors.DefaultSelector())
            listener = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            bell, self._bell = map(opened.enter_context, socket.socketpair())
            self.address = listener.getsockname()
            self._on(listener, self._accept)
            self._on(bell, lambda end: end.recv(4096))
            self._bell.setblocking(False)
            self._opened = opened.pop_all()

    @property
    def pids(self) -> list[int]:
        """Every worker's process."""
        return [worker.process.pid for worker in list(self._workers)]

    @property
    def idle(self) -> list[PoolMember]:
        """Who waits for work."""
        return [worker for worker in list(self._workers) if worker.is_idle]

    def ask(self, *thens: Then) -> None:
        """Leave a word: these want a worker; without any, one is to be ready."""
        self._asked.extend(thens)
        self._failed = 0
        self._ring()

    def stop(self) -> None:
        """Let ``run`` return, and end every worker."""
        self._stopped = True
        self._ring()

    def run(self) -> None:
        """React until told to stop."""
        try:
            while not self._stopped:
                self._look()
                self._give_away()
                for key, _ in self._selector.select(_LOOK_SECONDS):
                    key.data(key.fileobj)
        finally:
            self.end()

    def end(self) -> None:
        """Part with everybody, and tell those who still wait."""
        for worker in self._workers:
            self._lose(worker)
        for worker in self._workers:
            worker.bury()
        for stranger in list(self._strangers):
            self._hang_up(stranger)
        self._refuse()
        self._opened.close()

    def _on(self, end: socket.socket, react: Callable[[socket.socket], object]) -> None:
        end.setblocking(False)
        self._selector.register(end, selectors.EVENT_READ, react)

    def _ring(self) -> None:
        with contextlib.suppress(OSError):
            self._bell.send(b"!")

    def _look(self) -> None:
        """Part with who has ended, and end whose time is up. Where several in a row end before they are ready, the next
        would not get ready either; a single one may have been killed."""
        now = time.monotonic()
        late = [stranger for stranger, until in self._strangers.items() if now > until]
        for stranger in late or list(self._strangers)[:-_MOST_STRANGERS]:
            self._hang_up(stranger)
        for worker in list(self._workers):
            if worker.process.poll() is not None:
                self._lose(worker)
                worker.bury()
                self._workers.remove(worker)
                self._failed += not worker.started
            elif now > worker.until:
                self._lose(worker)

    def _give_away(self) -> None:
        """Whoever asks gets an idle worker. Start what is missing, and one to spare when there is none."""
        idle = self.idle
        while idle and self._asked:
            self._give(idle.pop(0), self._asked.popleft())
        starting = sum(not worker.started for worker in self._workers)
        missing = max(len(self._asked), 1) - len(idle) - starting
        for _ in range(min(missing, self._most - len(self._workers))):
            if self._failed < _MOST_FAILED:
                self._start()
        if self._failed >= _MOST_FAILED and not starting:
            self._refuse()

    def _start(self) -> None:
        try:
            until = time.monotonic() + _START_SECONDS
            self._workers.append(PoolMember.start(self._engine, self.address[1], until))
        except OSError as error:
            _log.warning("A worker could not be started: %s", error)
            self._failed = _MOST_FAILED

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return
        except OSError:
            time.sleep(_LOOK_SECONDS)  # too many open files: some will be closed
            return
        self._strangers[connection] = time.monotonic() + _SECRET_SECONDS
        self._on(connection, self._admit)

    def _admit(self, connection: socket.socket) -> None:
        """Let in who brings a worker's secret, and hang up on everybody else."""
        given = b""
        with contextlib.suppress(OSError):
            given = connection.recv(SECRET_LENGTH)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        worker = next((one for one in self._workers if hmac.compare_digest(one.secret, given)), None)
        if worker is None or worker.connection:
            self._hang_up(connection)
            return
        del self._strangers[connection]
        worker.connection, worker.started, worker.until, self._failed = connection, True, math.inf, 0
        self._selector.modify(connection, selectors.EVENT_READ, lambda _: self._hear(worker))
        if len(self.idle) > max(self._spares, len(self._asked)):
            self._lose(worker)

    def _give(self, worker: PoolMember, then: Then) -> None:
        """Wake it: it is given away once it has said hello."""
        assert worker.connection
        worker.then, worker.until = then, time.monotonic() + _HELLO_SECONDS
        with contextlib.suppress(OSError):
            worker.connection.send(b"!")

    def _hear(self, worker: PoolMember) -> None:
        """It said hello, or it is gone."""
        connection, then, said = worker.connection, worker.then, b""
        assert connection
        with contextlib.suppress(OSError):
            said = connection.recv(1, socket.MSG_PEEK)
        if not said or not then:
            self._lose(worker)
            return
        worker.connection, worker.then, worker.until = None, None, math.inf
        self._selector.unregister(connection)
        connection.setblocking(True)
        then(connection)

    def _lose(self, worker: PoolMember) -> None:
        """End it. Who was to get it is the first to get another."""
        worker.process.kill()
        if worker.connection:
            self._hang_up(worker.connection)
        if worker.then:
            self._asked.appendleft(worker.then)
        worker.connection = worker.then = None

    def _hang_up(self, connection: socket.socket) -> None:
        self._strangers.pop(connection, None)
        self._selector.unregister(connection)
        connection.close()

    def _refuse(self) -> None:
        while self._asked:
            self._asked.popleft()(None)
