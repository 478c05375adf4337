"""A digit that a reader draws: the run on the board is asked about it, and what it answers goes to the page."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from bnviz.drawn import Answer, name_of
from bnviz.live.shown import Shown


class DrawnDigit:
    """What one session asks; ``message`` is the newest answer, as the page reads it. All is called by the owner."""

    def __init__(self, user: str, notify: Callable[[], None]) -> None:
        self._user, self._notify = user, notify
        self._pixels, self._number, self._run = "", 0, -1
        self.message = ""

    def draw(self, pixels: str, number: int, shown: Shown | None) -> None:
        """Ask about these pixels, which the page knows by their number, or about none."""
        self._pixels, self._number, self.message = pixels, number, ""
        self.turn_to(shown)

    def turn_to(self, shown: Shown | None) -> None:
        """Another run is on the board: it is asked from now on."""
        self._run = shown.run if shown else -1
        if shown and shown.job and shown.alive:
            shown.job.ask(self._user, self._pixels)

    def hear(self, answer: Answer) -> None:
        """A run has answered: perhaps another reader, or what was drawn before."""
        if self._pixels and answer.drawing == name_of(self._pixels):
            arms = {arm: values.tolist() for arm, values in answer.arms.items()}
            words = {"kind": "answer", "run": self._run, "step": answer.step, "number": self._number, "arms": arms}
            self.message = orjson.dumps(words).decode()
            self._notify()
