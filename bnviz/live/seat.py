"""One seat for each browser session: what it wishes to see, the run that shows it, and the pages that look on.

Streamlit's script threads call ``load``; the socket routes call the rest from
the event loop; workers report from threads of their own. ``Seat.show`` and
``Seat.viewers`` are replaced as a whole, so they are read without the lock.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from bnviz.experiment import Experiment
from bnviz.live.feed import Feed, recorded_feed, row_maker
from bnviz.live.wire import REPLACED, Press, Speed, blueprint, setup_message, state_message
from bnviz.service import Change, Handle, State
from bnviz.snapshot import History, Snapshot

if TYPE_CHECKING:
    from bnviz.live.seats import Seats

MOST_VIEWERS = 3
EMPTIED_AFTER_SECONDS = 600.0
"""A seat that nobody looked at for so long, after its run was ended, lets go of everything it showed."""

_AWAY = "The page was away, so this run was ended. Play starts it again."


class Onlooker(Protocol):
    """A page's end of a seat: woken when there is news, closed when it has to give way. Called from any thread."""

    def wake(self) -> None: ...
    def close(self, code: int) -> None: ...


@dataclass
class Show:
    """What a seat shows: a recording, or a live run, which has a ``handle`` once somebody looks."""

    run: int
    label: Literal["recorded", "live"]
    experiment: Experiment
    setup: str
    feed: Feed
    play: bool
    recording: History | None = None
    handle: Handle | None = None

    @property
    def alive(self) -> bool:
        """Whether a live run can still be told something."""
        return self.handle is not None and not self.handle.state.ended


class Seat:
    """A session's place in front of the board. Made by ``take_seat``; ``token`` is what its pages are let in by."""

    def __init__(self, seats: Seats) -> None:
        self.token = secrets.token_urlsafe(32)
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
        recorded = recording if recording is not None and recording.experiment == experiment else None
        if recorded:
            recorded_feed(recorded)
        with self._lock:
            before, self.experiment = self.experiment, experiment
            same_charts, self._charts, self._goal = charts == self._charts, charts, goal
            show = self.show
            same_board = show and show.handle and show.alive and same_charts and goal is None
            if show and show.handle and same_board and before and _only_rates_differ(before, experiment):
                self._set_rates(show.handle, before, experiment)
            elif recorded and (show is None or show.label == "recorded" or not same_charts):
                self._present(play=True, recording=recorded)
            else:
                self._start(play=not self._resting or not same_charts)

    def obey(self, command: Press | Speed) -> None:
        """Do what a reader pressed."""
        with self._lock:
            show = self.show
            if show is None:
                return
            if isinstance(command, Speed):
                self._speed = command.value
                if show.handle:
                    show.handle.send("speed", value=command.value)
                self._notify()
            elif command.do == "reset" and show.label == "recorded":
                self._present(play=True, recording=show.recording)
            elif command.do in ("reset", "again"):
                self._start(play=command.do == "again" or (show.alive and not self._resting))
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
            show = self._start(play=plays)
            if plays:
                return
        if show.handle:
            show.handle.send(button)

    def state_of(self, show: Show) -> str:
        """The state message of what is on show."""
        if show.handle is None:
            rates = {arm: run.learning_rate for arm, run in show.experiment.arms.items()}
            name = "recorded" if show.label == "recorded" else "starting"
            events = tuple(show.recording.events) if show.recording else ()
            return state_message(show.run, name, State("starting", rates=rates), self._speed, events)
        state, events = show.handle.state, show.handle.events
        if state.name == "cancelled":
            return state_message(show.run, "finished", replace(state, message=_AWAY), self._speed, events)
        return state_message(show.run, state.name, state, self._speed, events)

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
            self.viewers = (*self.viewers, viewer)
            if self.show and self.show.label == "live" and self.show.handle is None:
                self._submit(self.show)
        viewer.wake()

    def detach(self, viewer: Onlooker) -> None:
        """A page is gone. When it was the last, the run ends after the grace period."""
        with self._lock:
            self.viewers = tuple(other for other in self.viewers if other is not viewer)
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
            if self.show and self.show.handle:
                self.show.handle.cancel()
            self.show = self.experiment = None

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        self._grace = self._seats.timer(seconds, then)
        self._grace.daemon = True
        self._grace.start()

    def _abandon(self) -> None:
        with self._lock:
            if not self.viewers:
                if self.show and self.show.handle:
                    self.show.handle.cancel()
                self._later(EMPTIED_AFTER_SECONDS, self._forget)

    def _forget(self) -> None:
        with self._lock:
            self._grace = None
            if not self.viewers:
                self.empty()

    def _start(self, play: bool) -> Show:
        """A new live run of what is wished for; it is submitted when somebody looks."""
        self._resting = not play
        return self._present(play)

    def _present(self, play: bool, recording: History | None = None) -> Show:
        assert self.experiment is not None
        before, self._run = self.show, self._run + 1
        if before and before.handle:
            before.handle.cancel()
        label: Literal["recorded", "live"] = "recorded" if recording else "live"
        setup = setup_message(self._run, label, self.experiment, self._charts)
        feed = recorded_feed(recording) if recording else Feed(row_maker(self.experiment))
        show = Show(self._run, label, self.experiment, setup, feed, play, recording)
        if label == "live" and self.viewers:
            same = before and before.handle and before.experiment == show.experiment
            self._submit(show, before.handle.state.every if same and before and before.handle else None)
        self.show = show
        self._notify()
        return show

    def _submit(self, show: Show, every: int | None = None) -> None:
        def on_change(change: Change) -> None:
            if isinstance(change, Snapshot):
                show.feed.add(change)
            self._notify()

        show.handle = self._seats.service.submit(
            show.experiment, user=self.token, play=show.play, speed=self._speed, every=every,
            goal=self._goal if show.play else None,
        )  # fmt: skip
        show.handle.subscribe(on_change)

    def _set_rates(self, handle: Handle, before: Experiment, after: Experiment) -> None:
        rates = {arm: run.learning_rate for arm, run in after.arms.items() if run != before.arms[arm]}
        if len(rates) == len(after.arms) and len(set(rates.values())) == 1:
            handle.send("learning_rate", rate=next(iter(rates.values())), arm=None)
        else:
            for arm, rate in rates.items():
                handle.send("learning_rate", rate=rate, arm=arm)

    def _notify(self) -> None:
        for viewer in self.viewers:
            viewer.wake()


def _only_rates_differ(before: Experiment, after: Experiment) -> bool:
    def without_rates(experiment: Experiment) -> Experiment:
        return experiment.replace(learning_rate=1.0)

    return list(before.arms) == list(after.arms) and without_rates(before) == without_rates(after)
