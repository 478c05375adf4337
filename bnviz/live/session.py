"""What one browser session wishes to see on the board, and the run that shows it.

Streamlit's script threads call ``load``; the socket routes call the rest from
the event loop; workers report from threads of their own. ``Session.shown`` is
replaced as a whole, so it is read without the lock.
"""

from __future__ import annotations

from typing import Any, Literal

from bnviz.experiment import Experiment
from bnviz.live.audience import Audience, Registry
from bnviz.live.feed import Feed, recorded_feed, row_maker
from bnviz.live.protocol import Press, Speed, setup_message
from bnviz.live.run_stream import RunStream
from bnviz.live.shown import Shown, only_rates_differ
from bnviz.service import Change, StoredRun, TrainingJob
from bnviz.snapshot import History


class Session(Audience):
    """A browser session in front of the board. Made by ``open_session``."""

    def __init__(self, registry: Registry, user: str = "") -> None:
        super().__init__(registry, user)
        self.experiment: Experiment | None = None
        self.shown: Shown | None = None
        self._run, self._speed, self._resting = 0, 0, False
        self._charts: tuple[str, ...] = ()
        self._goal: int | None = None

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
        self._registry.keep(self)
        if (experiment, charts) == (self.experiment, self._charts) or self._takes_rates(experiment, charts, goal):
            return
        setup_message(0, "live", experiment, charts)  # made without the lock, and remembered
        stored = self._registry.service.stored(experiment, goal)
        if recording is None and stored and stored.complete:
            recording = stored.history
        recorded = recording if recording is not None and recording.experiment == experiment else None
        if recorded:
            recorded_feed(recorded)
        with self._lock:
            same_charts, self._charts, self._goal = charts == self._charts, charts, goal
            self.experiment, shown = experiment, self.shown
            if recorded and (shown is None or shown.label == "recorded" or not same_charts):
                self._present(play=True, recording=recorded)
            else:
                unfinished = None if stored and stored.complete else stored
                self._start(not self._resting or not same_charts, stored=unfinished)

    def _takes_rates(self, experiment: Experiment, charts: tuple[str, ...], goal: int | None) -> bool:
        """Whether this differs from the live run on the board by its learning rates alone: then they are told to it."""
        with self._lock:
            before, shown = self.experiment, self.shown
            same_board = shown is not None and shown.alive and charts == self._charts and goal is None
            if not (shown and before and same_board and only_rates_differ(before, experiment)):
                return False
            self.experiment, self._goal = experiment, goal
            self._set_rates(shown, before, experiment)
            return True

    def obey(self, command: Press | Speed) -> None:
        """Do what a reader pressed."""
        with self._lock:
            shown = self.shown
            if shown is None:
                return
            if isinstance(command, Speed):
                self._speed = command.value
                if shown.alive:
                    self._steer(shown, "speed", value=command.value)
                self._notify()
            elif command.do == "reset" and shown.label == "recorded":
                self._present(play=True, recording=shown.recording)
            elif command.do in ("reset", "again"):
                self._start(command.do == "again" or (shown.alive and not self._resting), alone=True)
            elif command.do == "pause" and not shown.alive:
                shown.play = False
                self._notify()
            else:
                self._press(shown, command.do)

    def _press(self, shown: Shown, button: str) -> None:
        """Play, pause, step, epoch: told to the live run, or to a new one where there is none."""
        plays = button == "play"
        if shown.alive:
            self._resting = not plays
        else:
            shown = self._start(plays, alone=not plays)
            if plays:
                return
        if shown.job:
            self._steer(shown, button)

    def stream(self, run: int = -1, since: int = -1) -> RunStream:
        return RunStream(self, run, since)

    def state_of(self, shown: Shown) -> str:
        """The state message of what is on the board."""
        return shown.state_at(self._speed, self._goal)

    @property
    def history(self) -> History | None:
        """What is on the board, with every reading of every seed; None before there is anything."""
        shown = self.shown
        if shown is None:
            return None
        return (shown.job.history if shown.job else shown.recording) or None

    def _looked_at(self, first: bool) -> None:
        shown = self.shown
        if shown and shown.label == "live" and shown.job is None:
            self._submit(shown)
        elif shown and shown.job and first:
            shown.job.look(self.user)

    def _unseen(self) -> None:
        if self.shown and self.shown.job:
            self.shown.job.look_away(self.user)

    def _abandoned(self) -> None:
        self._let_go()
        if self.shown and self.shown.alive:
            self.shown.job = None

    def _emptied(self) -> None:
        self._let_go()
        self.shown = self.experiment = None

    def _start(self, play: bool, alone: bool = False, stored: StoredRun | None = None) -> Shown:
        """A new live run of what is wished for; it is submitted when somebody looks."""
        self._resting = not play
        return self._present(play, alone=alone, stored=stored)

    def _present(
        self, play: bool, recording: History | None = None, alone: bool = False, stored: StoredRun | None = None
    ) -> Shown:
        assert self.experiment is not None
        before, self._run = self.shown, self._run + 1
        self._let_go()
        label: Literal["recorded", "live"] = "recorded" if recording else "live"
        setup = setup_message(self._run, label, self.experiment, self._charts)
        feed = recorded_feed(recording) if recording else Feed(row_maker(self.experiment))
        for snapshot in stored.history if stored else ():
            feed.add(snapshot)
        shown = Shown(self._run, label, self.experiment, setup, feed, play, recording, stored, alone)
        if label == "live" and self.connections:
            same = before and before.job and before.experiment == shown.experiment
            self._submit(shown, before.job.state.every if same and before and before.job else None)
        self.shown = shown
        self._notify()
        return shown

    def _submit(self, shown: Shown, every: int | None = None) -> None:
        job = self._registry.service.submit(
            shown.experiment, user=self.user, play=shown.play, speed=self._speed, every=every,
            goal=self._goal if shown.play else None, alone=shown.alone, stored=shown.stored,
        )  # fmt: skip
        shown.stored = None
        self._follow(shown, job)

    def _follow(self, shown: Shown, job: TrainingJob) -> None:
        """Show what comes of this run from now on, behind what is shown already."""
        shown.job, shown.feed = job, self._registry.feed_of(job, shown.feed)
        job.look(self.user)
        job.subscribe(self._hear, so_far=False)

    def _steer(self, shown: Shown, do: str, **words: Any) -> None:
        """Tell the run on the board something: where others look on too, a copy that only this session shows."""
        assert shown.job is not None
        job = self._registry.service.steer(shown.job, self.user, do, **words)
        if job is not shown.job:
            shown.job.unsubscribe(self._hear)
            shown.job.look_away(self.user)
            shown.feed = shown.feed.copy()
            self._follow(shown, job)

    def _let_go(self) -> None:
        """The run on the board is no longer wanted here."""
        job = self.shown.job if self.shown else None
        if job:
            job.unsubscribe(self._hear)
            job.look_away(self.user)
            job.leave(self.user)

    def _hear(self, change: Change) -> None:
        self._notify()

    def _set_rates(self, shown: Shown, before: Experiment, after: Experiment) -> None:
        rates = {arm: run.learning_rate for arm, run in after.arms.items() if run != before.arms[arm]}
        if len(rates) == len(after.arms) and len(set(rates.values())) == 1:
            self._steer(shown, "learning_rate", rate=next(iter(rates.values())), arm=None)
        else:
            for arm, rate in rates.items():
                self._steer(shown, "learning_rate", rate=rate, arm=arm)
