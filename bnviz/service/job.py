"""Work in a process of its own, as seen from outside: the connection through which it is followed.

What is trained or measured there, and what it sends, is the business of
``TrainingJob`` and ``StudyJob``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
from abc import abstractmethod
from collections.abc import Hashable, Iterable
from typing import Any, Protocol

from bnviz.messages import Message, encode
from bnviz.service import metrics
from bnviz.service.backends.backend import Backend
from bnviz.service.channel import Channel
from bnviz.service.own_sets import own_sets
from bnviz.service.owner import Later, Owner, owned
from bnviz.service.subject import Seen, State, Subject

_log = logging.getLogger(__name__)

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Windows has one signal, which kills."""

ATTEMPTS = 3
"""So often a process is asked for that ends before it has said a word."""
HELLO_SECONDS = 1.5
"""A process that has not said hello for so long is doubted, and its reader is told."""

BEHIND_YOURS = "It begins when your other run has ended."
BUSY = "The server is busy: this begins as soon as there is a process for it."
NO_PROCESS = "No training process could be started. The server's log says why."


class Scheduling(Protocol):
    """Where jobs wait for their turn, and who does what is done to them."""

    @property
    def owner(self) -> Owner: ...
    @property
    def backend(self) -> Backend: ...
    @property
    def snapshots_per_second(self) -> float: ...
    def accept(self, job: Job[Any]) -> None: ...
    def recount(self) -> None: ...
    def left(self, job: Job[Any]) -> None: ...


class Job(Subject[Seen]):
    """One process' worth of work. Public methods may be called from any thread; ``Seen`` is what it reports.

    A job may sleep: it gives its process back, and when it is told something
    it queues again and goes on in another one.
    """

    kind = "job"

    def __init__(self, user: str, state: State, scheduler: Scheduling) -> None:
        super().__init__(scheduler.owner, user, state)
        self._scheduler = scheduler
        self._early: list[bytes] | None = []
        """What waits to be said until the worker is open; None while it is."""
        self._asleep = self._has_slot = False
        self._channel: Channel | None = None
        self._pid: int | None = None
        self._attempt, self._mute = 0, 0
        self._doubt: Later | None = None

    @abstractmethod
    def _opening(self) -> bytes:
        """What a worker is told first."""

    @abstractmethod
    def _take(self, message: Message) -> None:
        """Make something of a message that only this kind of job gets."""

    @abstractmethod
    def _lost(self) -> str:
        """What a reader is told when the process is gone."""

    def _goes_on(self) -> bool:
        """Whether it may be begun again where its process was lost with its machine."""
        return False

    @property
    def datasets(self) -> Iterable[str]:
        """The words of all that it learns from."""
        return ()

    @property
    def whose(self) -> Hashable:
        """Whose turn it takes: each user has one for every kind of work; without a user it is its own."""
        return (self.user, self.kind) if self.user else self.work

    @property
    def work(self) -> Hashable:
        """What it is a part of."""
        return self

    @property
    def ended(self) -> bool:
        """Whether it needs no process any more."""
        return self._state.ended

    @property
    def slept(self) -> bool:
        """Whether it had a process before: then it is let in however many wait."""
        return self._attempt > 0

    @owned
    def send(self, /, do: str, **words: Any) -> None:
        """Tell the worker something. What is said before it has started waits for it; after its end it is lost."""
        data = encode(do, **words)
        if self._early is None and self._channel:
            self._channel.say(data)
        elif self._early is not None:
            self._early.append(data)
        self._wake()

    def send_snapshot_rate(self, per_second: float) -> None:
        """So many snapshots a second are affordable now; for those who show any."""

    @property
    def deserted(self) -> bool:
        """Whether everybody who looked on is gone, for now."""
        return False

    def give_way(self) -> None:
        """Another job waits for its process: of the same user, or because it is deserted."""

    @owned
    def rest(self, now: bool = False) -> None:
        """Ask it to sleep, if it is paused, or ``now``, whatever it does. It may be unable to."""
        if self._channel and self._early is None and not self._state.ended:
            self._channel.say(encode("sleep", now=now))
            self._early = []

    @owned
    def end(self, grace: float = 0.5) -> None:
        """Ask it to stop, and kill its process if that is still there after ``grace`` seconds."""
        if self._state.ended:
            return
        self._change(name="cancelled", position=0, estimate_seconds=None, steps_per_second=0.0)
        if self._channel and self._pid is not None:
            self._channel.say(encode("stop"))
            self.owner.later(grace, self.kill)
        else:
            self.kill()
        self._scheduler.recount()

    @owned
    def kill(self) -> None:
        """End the process at once."""
        if self._channel and self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, _KILL)
        elif self._channel:
            self._channel.close()
        else:
            self._leave()

    def wait_in_queue(self, position: int, estimate_seconds: float | None, behind_own: bool = False) -> None:
        """The scheduler's word on how long it may take."""
        message = BEHIND_YOURS if behind_own else ""
        self._change(name="queued", position=position, estimate_seconds=estimate_seconds, message=message)

    @owned
    def refuse(self, message: str) -> None:
        """End before it began, with a reason."""
        self._change(name="failed", message=message, position=0, estimate_seconds=None, steps_per_second=0.0)

    def begin(self) -> None:
        """It is its turn: ask for a process."""
        self._has_slot, self._asleep, self._mute = True, False, 0
        self._change(name="starting", position=0, estimate_seconds=None, message="")
        self._ask_for_process()

    def _ask_for_process(self) -> None:
        """What comes once it is no longer wanted is closed, and serves another."""
        self._pid, self._attempt = None, self._attempt + 1
        attempt = self._attempt
        self._wait_for_hello()

        def meet(connection: socket.socket | None) -> None:
            if not self._has_slot or attempt != self._attempt:
                if connection:
                    connection.close()
            elif connection:
                self._early = self._early or []
                first = own_sets().messages(self.datasets) + self._opening()
                self._channel = self.owner.follow(connection, first, self._hear, self._gone)
            else:
                self._gone()

        self._scheduler.backend.request(lambda connection: self.owner.tell(meet, connection))

    def _wait_for_hello(self) -> None:
        """Nobody waits for ever: what gives processes may be stuck, and the reader is told that it takes long."""

        def doubt() -> None:
            self._scheduler.backend.doubt()
            if not self._state.message:
                self._change(message=BUSY)
            self._doubt = self.owner.later(HELLO_SECONDS, doubt)

        self._doubt = self.owner.later(HELLO_SECONDS, doubt)

    def _stop_waiting(self) -> None:
        if self._doubt:
            self._doubt.cancel()
            self._doubt = None

    def _gone(self) -> None:
        """Nothing more comes of this process. What died before it said hello gets another chance."""
        self._channel = None
        self._stop_waiting()
        if self._state.ended or self._asleep:
            self._leave()
            return
        self._mute = 0 if self._pid is not None else self._mute + 1
        if not self._mute:
            metrics.DEATHS.inc()
        if self._mute < ATTEMPTS if self._mute else self._scheduler.backend.resumes and self._goes_on():
            self._ask_for_process()
            return
        self._change(name="failed", message=NO_PROCESS if self._mute else self._lost(), steps_per_second=0.0)
        self._leave()

    def _leave(self) -> None:
        """Give everything back."""
        self._stop_waiting()
        self._pid = None
        if self._has_slot:
            self._has_slot = False
            self._scheduler.left(self)
        self._wake()

    def _wake(self) -> None:
        """If it sleeps and was told something, it queues again."""
        if self._asleep and self._early and not self._has_slot and not self._state.ended:
            self._asleep = False
            self._scheduler.accept(self)

    def _hear(self, message: Message) -> None:
        """What comes behind its end is not heard."""
        if self._state.ended:
            return
        words = message.words
        if message.kind == "hello":
            self._pid = int(words["pid"])
            self._stop_waiting()
            if self._state.message == BUSY:
                self._change(message="")
        elif message.kind in ("opened", "awake"):
            early, self._early = self._early or [], None
            if self._channel:
                self._channel.say(b"".join(early))
        elif message.kind == "state":
            self._change(**words)
        elif message.kind == "failed":
            self._change(name="failed", message=str(words["message"]), steps_per_second=0.0)
        elif message.kind == "tired":
            self.rest()
        elif message.kind == "asleep":
            self._asleep, self._pid = True, None
            self._change(name="paused", steps_per_second=0.0)
        else:
            self._take(message)
