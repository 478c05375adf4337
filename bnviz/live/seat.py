"""One seat for each browser session: what it wishes to see, the run that shows it, and the pages that look on.

Streamlit's script threads call ``load``; the socket routes call the rest from
the event loop; workers report from threads of their own. ``Seat.show`` and
``Seat.viewers`` are replaced as a whole, so they are read without the lock.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Protocol

from bnviz.experiment import Experiment
from bnviz.live.feed import Feed, recorded_feed, row_maker
from bnviz.live.show import Show, only_rates_differ
from bnviz.live.wire import REPLACED, Press, Speed, blueprint, setup_message
from bnviz.service import Change, Handle, Kept
from bnviz.snapshot import History

if TYPE_CHECKING:
    from bnviz.live.seats import Seats

MOST_VIEWERS = 3
EMPTIED_AFTER_SECONDS = 600.0
"""A seat that nobody looked at for so long, after its run was ended, lets go of everything it showed."""

class Onlooker(Protocol):
    """A page's end of a seat: woken when there is news, closed when it has to give way. Called from any thread."""

    def wake(self) -> None: ...
    def close(self, code: int) -> None: ...


class Seat:
    """A session's place in front of the board. Made by ``take_seat``; ``token`` is what its pages are let in by."""

    def __init__(self, seats: Seats, user: str = "") -> None:
        self.token = secrets.token_urlsafe(32)
        self.user = user or self.token
        self.experiment: Experiment | None = None
        self.show: Show | None = None
        self.viewers: tuple[Onlooker, ...] = ()
        self._seats = seats
        self._lock = threading.RLock()
        self._run, self._speed, self._resting = 0, 0, False
        self._charts: tuple[str, ...] = ()
        self._goal: int | None = None
        self._grace: threading.Timer | None = None

    def load(
        self, experiment: Experiment, recording: History | None = None, charts: tuple[str, ...] = (),
        goal: int | None = None,
    ) -> None:  # fmt: skip
        """Wish to see an experiment. The same wish again changes nothing.

        ``charts`` names the charts to show, in this order (empty: all of them). With a ``goal`` a live run trains to
        this step and waits there, and new learning rates are a new run too: what is judged at the goal has one rate.

        New learning rates go to the live run at once. Anything else is a new run, which plays unless the reader
        had paused the one before. A recording of exactly this experiment is shown until the reader presses play.
        """
        self._seats.keep(self)
        if (experiment, charts) == (self.experiment, self._charts):
            return
        blueprint(experiment, charts)
        kept = self._seats.service.kept(experiment, goal)
        if recording is None and kept and kept.complete:
            recording = kept.history
        recorded = recording if recording is not None and recording.experiment == experiment else None
        if recorded:
            recorded_feed(recorded)
        with self._lock:
            before, self.experiment = self.experiment, experiment
            same_charts, self._charts, self._goal = charts == self._charts, charts, goal
            show = self.show
            same_board = show and show.handle and show.alive and same_charts and goal is None
            if show and show.handle and same_board and before and only_rates_differ(before, experiment):
                self._set_rates(show, before, experiment)
            elif recorded and (show is None or show.label == "recorded" or not same_charts):
                self._present(play=True, recording=recorded)
            else:
                self._start(not self._resting or not same_charts, kept=None if kept and kept.complete else kept)

    def obey(self, command: Press | Speed) -> None:
        """Do what a reader pressed."""
        with self._lock:
            show = self.show
            if show is None:
                return
            if isinstance(command, Speed):
                self._speed = command.value
                if show.alive:
                    self._steer(show, "speed", value=command.value)
                self._notify()
            elif command.do == "reset" and show.label == "recorded":
                self._present(play=True, recording=show.recording)
            elif command.do in ("reset", "again"):
                self._start(command.do == "again" or (show.alive and not self._resting), alone=True)
            elif command.do == "pause" and not show.alive:
                show.play = False
                self._notify()
            else:
                self._press(show, command.do)

    def _press(self, show: Show, button: str) -> None:
        """Play, pause, step, epoch: told to the live run, or to a new one where there is none."""
        plays = button == "play"
        if show.alive:
            self._resting = not plays
        else:
            show = self._start(plays, alone=not plays)
            if plays:
                return
        if show.handle:
            self._steer(show, button)

    def state_of(self, show: Show) -> str:
        """The state message of what is on show."""
        return show.state_at(self._speed)

    @property
    def history(self) -> History | None:
        """What is on show, with every reading of every seed; None before there is anything."""
        show = self.show
        if show is None:
            return None
        return show.handle.history if show.handle else show.recording

    def attach(self, viewer: Onlooker) -> None:
        """A page looks on: what is on show is started, if it was not; the oldest page gives way when there are many."""
        with self._lock:
            if self._grace:
                self._grace.cancel()
                self._grace = None
            for crowded in self.viewers[: len(self.viewers) + 1 - MOST_VIEWERS]:
                self.viewers = tuple(other for other in self.viewers if other is not crowded)
                crowded.close(REPLACED)
            first, self.viewers = not self.viewers, (*self.viewers, viewer)
            show = self.show
            if show and show.label == "live" and show.handle is None:
                self._submit(show)
            elif show and show.handle and first:
                show.handle.look(self.user)
        viewer.wake()

    def detach(self, viewer: Onlooker) -> None:
        """A page is gone. When it was the last, the run ends after the grace period."""
        with self._lock:
            self.viewers = tuple(other for other in self.viewers if other is not viewer)
            if not self.viewers and self.show and self.show.handle:
                self.show.handle.look_away(self.user)
            self.leave()

    def leave(self) -> None:
        """The session may be over: unless a page looks on (again) in time, the run ends, and later the seat empties."""
        with self._lock:
            if not self.viewers and not self._grace:
                self._later(self._seats.service.limits.grace_seconds, self._abandon)

    def empty(self) -> None:
        """End the run and let go of everything; the next ``load`` begins anew."""
        with self._lock:
            self._seats.forget(self)
            self._let_go()
            self.show = self.experiment = None

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        self._grace = self._seats.timer(seconds, then)
        self._grace.daemon = True
        self._grace.start()

    def _abandon(self) -> None:
        with self._lock:
            if not self.viewers:
                self._let_go()
                if self.show and self.show.alive:
                    self.show.handle = None
                self._later(EMPTIED_AFTER_SECONDS, self._forget)

    def _forget(self) -> None:
        with self._lock:
            self._grace = None
            if not self.viewers:
                self.empty()

    def _start(self, play: bool, alone: bool = False, kept: Kept | None = None) -> Show:
        """A new live run of what is wished for; it is submitted when somebody looks."""
        self._resting = not play
        return self._present(play, alone=alone, kept=kept)

    def _present(
        self, play: bool, recording: History | None = None, alone: bool = False, kept: Kept | None = None
    ) -> Show:
        assert self.experiment is not None
        before, self._run = self.show, self._run + 1
        self._let_go()
        label: Literal["recorded", "live"] = "recorded" if recording else "live"
        setup = setup_message(self._run, label, self.experiment, self._charts)
        feed = recorded_feed(recording) if recording else Feed(row_maker(self.experiment))
        for snapshot in kept.history if kept else ():
            feed.add(snapshot)
        show = Show(self._run, label, self.experiment, setup, feed, play, recording, kept, alone)
        if label == "live" and self.viewers:
            same = before and before.handle and before.experiment == show.experiment
            self._submit(show, before.handle.state.every if same and before and before.handle else None)
        self.show = show
        self._notify()
        return show

    def _submit(self, show: Show, every: int | None = None) -> None:
        handle = self._seats.service.submit(
            show.experiment, user=self.user, play=show.play, speed=self._speed, every=every,
            goal=self._goal if show.play else None, alone=show.alone, kept=show.kept,
        )  # fmt: skip
        show.kept = None
        self._follow(show, handle)

    def _follow(self, show: Show, handle: Handle) -> None:
        """Show what comes of this run from now on, behind what is shown already."""
        show.handle, show.feed = handle, self._seats.feed_of(handle, show.feed)
        handle.look(self.user)
        handle.subscribe(self._hear, so_far=False)

    def _steer(self, show: Show, do: str, **words: Any) -> None:
        """Tell the run on show something: where others look on too, a copy of it, which only this seat shows."""
        assert show.handle is not None
        handle = self._seats.service.steer(show.handle, self.user, do, **words)
        if handle is not show.handle:
            show.handle.unsubscribe(self._hear)
            show.handle.look_away(self.user)
            show.feed = show.feed.copy()
            self._follow(show, handle)

    def _let_go(self) -> None:
        """The run on show is no longer wanted here."""
        handle = self.show.handle if self.show else None
        if handle:
            handle.unsubscribe(self._hear)
            handle.look_away(self.user)
            handle.leave(self.user)

    def _hear(self, change: Change) -> None:
        self._notify()

    def _set_rates(self, show: Show, before: Experiment, after: Experiment) -> None:
        rates = {arm: run.learning_rate for arm, run in after.arms.items() if run != before.arms[arm]}
        if len(rates) == len(after.arms) and len(set(rates.values())) == 1:
            self._steer(show, "learning_rate", rate=next(iter(rates.values())), arm=None)
        else:
            for arm, rate in rates.items():
                self._steer(show, "learning_rate", rate=rate, arm=arm)

    def _notify(self) -> None:
        for viewer in self.viewers:
            viewer.wake()
