"""Workers forked from a warm process, and a stand-by that takes its place when it died or is stuck."""

from __future__ import annotations

import contextlib
import logging
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

from bnviz.service.backends.backend import Then
from bnviz.service.backends.environment import worker_environment
from bnviz.service.backends.warm_process import Family, WarmProcess

_log = logging.getLogger(__name__)


class ForkServer:
    """A warm process and its stand-by. They are reached through socket pairs: nothing ever lies in the file system.

    ``program`` is the module it runs, with ``environment`` on top of this process' own; it may know no stand-by.
    """

    resumes = False
    """Its processes are lost with this machine only."""

    def __init__(
        self, engine: str, program: str = "bnviz.service.backends.fork_server",
        environment: Mapping[str, str] = MappingProxyType({}), has_standby: bool = True,
    ) -> None:  # fmt: skip
        self._arguments, self._environment, self._has_standby = [program, engine], dict(environment), has_standby
        self._lock = threading.Lock()
        self._families: list[Family] = []
        self._warm: list[WarmProcess] = []
        self._unsent: deque[socket.socket] = deque()
        self._closed = False

    def warm(self) -> None:
        """Start the warm process unless it runs; does not wait until it is warm."""
        with self._lock:
            self._deliver()

    def request(self, then: Then) -> None:
        """A new worker, at once; None when no process can be started."""
        then(self._connection())

    def doubt(self) -> None:
        """Kill the warm process if it is stuck: the stand-by takes over."""
        with self._lock:
            if (warm := self._reachable()) and warm.is_stuck():
                warm.kill()
            self._deliver()

    @property
    def pid(self) -> int | None:
        """The warm process that was asked last, if one was started."""
        with self._lock:
            for process in self._warm:
                process.hear()
            return self._warm[0].pid if self._warm else None

    def close(self) -> None:
        """End the warm process and every worker it forked; nothing is started any more."""
        with self._lock:
            self._closed = True
            for process in self._warm:
                process.hear()
                process.kill()
            self._hang_up()
            families = list(self._families)
        for family in families:
            family.end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                family.process.wait(5.0)

    def _connection(self) -> socket.socket | None:
        with self._lock:
            if not self._reachable():
                return None
            try:
                ours, theirs = socket.socketpair()
            except OSError as error:
                _log.warning("A worker could not be asked for: %s", error)
                return None
            self._unsent.append(theirs)
            self._deliver()
            return ours

    def _deliver(self) -> None:
        """With the lock held: send what there is room for. The rest waits for the next call."""
        while (warm := self._reachable()) and self._unsent:
            if warm.hand(b"f", self._unsent[0]):
                self._unsent.popleft().close()
            elif not warm.is_gone:
                return
        if not warm:
            self._hang_up()

    def _reachable(self) -> WarmProcess | None:
        """With the lock held: who can be asked. The stand-by is the second, and moves up when the first is gone."""
        for family in [family for family in self._families if family.is_gone]:
            family.end()
            self._families.remove(family)
        for process in self._warm:
            process.hear()
        self._warm = [process for process in self._warm if not process.is_gone]
        if not self._warm and not self._closed:
            self._start()
        if self._has_standby and len(self._warm) == 1:
            self._warm += self._warm[0].sibling()
        return self._warm[0] if self._warm else None

    def _start(self) -> None:
        try:
            warm = WarmProcess.start(self._arguments, {**worker_environment(), **self._environment})
        except OSError as error:
            _log.warning("The warm process could not be started: %s", error)
            return
        self._families.append(warm.family)
        self._warm = [warm]

    def _hang_up(self) -> None:
        while self._unsent:
            self._unsent.popleft().close()
