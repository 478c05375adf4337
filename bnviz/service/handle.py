"""A run as seen from outside its process: its state, what was seen of it so far, and a way to tell it things."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bnviz.experiment import Experiment, arm_label
from bnviz.service.messages import Message, Parser, encode, message_to_snapshot
from bnviz.snapshot import Event, History, Snapshot

_log = logging.getLogger(__name__)

StateName = Literal["queued", "starting", "running", "paused", "finished", "failed", "cancelled"]
_HISTORY_LENGTH, _MOST_EVENTS = 600, 500


@dataclass(frozen=True)
class State:
    """Where a run stands. ``position`` counts from 1 while it is queued; ``message`` is one sentence or empty."""

    name: StateName
    position: int = 0
    estimate_seconds: float | None = None
    message: str = ""
    step: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    speed: int = 0
    every: int | None = None
    steps_per_second: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.name in ("finished", "failed", "cancelled")


Change = Snapshot | State


class Handle:
    """One submitted experiment. Made by ``Service.submit``; every method may be called from any thread."""

    def __init__(
        self,
        experiment: Experiment,
        user: str,
        start: Mapping[str, Any],
        history_mib: int,
        on_cancel: Callable[[], None] = lambda: None,
    ) -> None:
        self.experiment, self.user = experiment, user
        rates = {arm: run.learning_rate for arm, run in experiment.arms.items()}
        self._state = State("starting", rates=rates, speed=start["speed"], every=start["every"])
        self._on_cancel = on_cancel
        self._start = encode("start", experiment=experiment.to_json(), **start)
        self._history_bytes = history_mib * 2**20
        self._history: History | None = None
        self._changing, self._saying = threading.RLock(), threading.Lock()
        self._callbacks: list[Callable[[Change], None]] = []
        self._early: list[bytes] | None = []
        self._connection: socket.socket | None = None
        self._pid: int | None = None

    @property
    def state(self) -> State:
        return self._state

    @property
    def history(self) -> History:
        """What was seen so far, as a copy that does not change while it is read."""
        with self._changing:
            kept = self._history
            copy = History(self.experiment, kept.capacity if kept else _HISTORY_LENGTH)
            for snapshot in kept or ():
                copy.append(snapshot)
            copy.events = list(kept.events) if kept else []
            return copy

    def latest(self) -> Snapshot | None:
        """The newest snapshot, or None before the first."""
        with self._changing:
            return self._history.latest if self._history else None

    def subscribe(self, callback: Callable[[Change], None]) -> None:
        """Call back with everything seen so far, then with each new snapshot and state, in order, from a thread.

        A callback must be quick, and must not wait for anything that submits or cancels.
        """
        with self._changing:
            for snapshot in self._history or ():
                callback(snapshot)
            callback(self._state)
            if not self._state.ended:
                self._callbacks.append(callback)

    def send(self, do: str, **words: Any) -> None:
        """Tell the worker something: play, pause, step, epoch, speed (value), learning_rate (rate, arm).

        What is said before the run has started waits for it; what is said after its end is lost.
        """
        data = encode(do, **words)
        with self._saying:
            if self._early is not None:
                self._early.append(data)
            self._say(data)

    def cancel(self, grace: float = 0.5) -> None:
        """End the run: ask first, and kill its process if it is still there after ``grace`` seconds."""
        if self._state.ended:
            return
        self._change(name="cancelled", position=0, estimate_seconds=None, steps_per_second=0.0)
        if self._pid is None:
            self.kill()
        else:
            self.send("stop")
            timer = threading.Timer(grace, self.kill)
            timer.daemon = True
            timer.start()
        self._on_cancel()

    def kill(self) -> None:
        """End the process at once."""
        with self._saying:
            if self._connection and self._pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
            elif self._connection:
                with contextlib.suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)

    def wait_in_queue(self, position: int, estimate_seconds: float | None) -> None:
        """The service's word on how long it may take."""
        self._change(name="queued", position=position, estimate_seconds=estimate_seconds)

    def refuse(self, message: str) -> None:
        """End before it began, with a reason."""
        self._change(name="failed", message=message, position=0, estimate_seconds=None)

    def run(self, connect: Callable[[], socket.socket]) -> None:
        """Follow the worker until it ends. A warm process that dies before the fork gets a second chance."""
        self._change(name="starting", position=0, estimate_seconds=None)
        for _ in range(2):
            try:
                self._follow(connect())
            except OSError:
                pass
            except Exception:
                _log.exception("a run could not be followed")
            if self._state.ended or self._pid:
                break
        if self._pid is None:
            self._change(name="failed", message="No training process could be started. The server's log says why.")
        self._change(
            name="failed",
            message=f"The process that trained this run ended unexpectedly at step {self._state.step:,}; "
            "the other runs are not touched. Play starts it again.",
        )

    def _follow(self, connection: socket.socket) -> None:
        parser = Parser()
        with connection:
            with self._saying:
                if self._state.ended:
                    return
                self._connection = connection
                self._say(b"".join([self._start, *(self._early or ())]))
            try:
                while not self._state.ended and (data := connection.recv(2**18)):
                    for message in parser.feed(data):
                        self._hear(message)
                while connection.recv(2**18):
                    pass
            finally:
                with self._saying:
                    self._connection = None

    def _say(self, data: bytes) -> None:
        """With ``_saying`` held. A worker that left so many commands unread that the socket is full is stuck."""
        if self._connection:
            try:
                if self._connection.send(data, socket.MSG_DONTWAIT) < len(data):
                    raise BlockingIOError
            except BlockingIOError:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _hear(self, message: Message) -> None:
        words = message.words
        if message.kind == "hello":
            with self._saying:
                self._pid, self._early = int(words["pid"]), None
        elif message.kind == "snapshot":
            self._add(message_to_snapshot(message))
        elif message.kind == "state":
            self._change(**words)
        elif message.kind == "learning_rate":
            self._note(int(words["step"]), float(words["rate"]), list(words["arms"]))
        elif message.kind == "failed":
            self._change(name="failed", message=str(words["message"]), steps_per_second=0.0)

    def _add(self, snapshot: Snapshot) -> None:
        with self._changing:
            if self._history is None:
                size = sum(values.nbytes for readings in snapshot.arms.values() for values in readings.values())
                capacity = min(_HISTORY_LENGTH, max(2, self._history_bytes // max(size, 1)))
                self._history = History(self.experiment, capacity)
            self._history.append(snapshot)
            self._state = replace(self._state, step=snapshot.step)
            for callback in self._callbacks:
                callback(snapshot)

    def _note(self, step: int, rate: float, arms: list[str]) -> None:
        whose = "" if len(arms) == len(self.experiment.arms) else f" of {', '.join(map(arm_label, arms))}"
        with self._changing:
            if self._history is not None:
                self._history.events.append(Event(step, f"learning rate{whose} set to {rate:g}"))
                del self._history.events[:-_MOST_EVENTS]

    def _change(self, **changes: Any) -> None:
        """Nothing follows an end: the first of finished, failed and cancelled stays."""
        with self._changing:
            if self._state.ended:
                return
            self._state = replace(self._state, **changes)
            for callback in self._callbacks:
                callback(self._state)
            if self._state.ended:
                self._callbacks.clear()
