"""What one page has been sent, and what it is sent next. No socket, no clock: the caller brings both.

At most one frame is under way; while it is, news pile up into the next one. A
page that acknowledges nothing is sent nothing more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bnviz.live.insides import Insides
from bnviz.live.protocol import Ack


@dataclass(frozen=True)
class Sight:
    """What there is to see now: a run by its number, both its messages, and what is newer than a step.

    ``frame_since`` gives a binary message and the step that a page has when it has drawn it; None without news.
    ``insides`` is what is known of a unit that the page has open, ``answer`` a message about what it has drawn.
    """

    run: int
    setup: str
    state: str
    frame_since: Callable[[int], tuple[bytes, int] | None]
    insides: Insides | None = None
    answer: str = ""


class Stream(ABC):
    """What one page is sent. ``run`` and ``since`` say what it shows already, if it was here before."""

    def __init__(self, run: int = -1, since: int = -1) -> None:
        self._run, self._drawn = run, since
        self._under_way: int | None = None
        self._state = self._answer = ""
        self._insides: Insides | None = None
        self._known, self._message = 0, ""

    @abstractmethod
    def _look(self, now: float) -> Sight | None:
        """What there is to see; None before there is anything."""

    @property
    def drawing(self) -> bool:
        """Whether a frame is under way that the page has not acknowledged yet."""
        return self._under_way is not None

    def ack(self, ack: Ack) -> bool:
        """The page says that it has drawn what it was sent; whether that is news."""
        if ack.run != self._run or self._under_way is None or ack.step < self._under_way:
            return False
        self._drawn, self._under_way = self._under_way, None
        return True

    def news(self, now: float) -> Iterator[str | bytes]:
        """The messages to send now, in order."""
        sight = self._look(now)
        if sight is None:
            return
        if sight.run != self._run:
            self._run, self._drawn, self._under_way = sight.run, -1, None
            yield sight.setup
        if sight.state != self._state:
            self._state = sight.state
            yield sight.state
        if sight.answer and sight.answer != self._answer:
            self._answer = sight.answer
            yield sight.answer
        if self._under_way is not None:
            return
        yield from self._look_inside(sight.insides)
        if found := sight.frame_since(self._drawn):
            message, self._under_way = found
            yield message

    def _look_inside(self, insides: Insides | None) -> Iterator[bytes]:
        """What is new of the unit that is open, ahead of the rows that it belongs to."""
        if insides is not self._insides:
            self._insides, self._known, self._message = insides, 0, ""
        if insides and (news := insides.news(self._known, self._message)):
            message, self._known, self._message = news
            yield message

    def patience(self, now: float) -> float | None:
        """How long to wait for news; None means for as long as it takes."""
        return None
