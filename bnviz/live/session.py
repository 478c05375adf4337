"""What one browser session wishes to see on the board, and the run that shows it.

Streamlit's script threads call ``load``; the socket routes hand in what is
pressed. ``Session.shown`` is replaced as a whole, so that anybody may read it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from bnviz.charts import drawn_from, watched
from bnviz.drawn import Answer
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.inside import Inside
from bnviz.live.audience import Audience, Registry
from bnviz.live.drawn_digit import DrawnDigit
from bnviz.live.feed import Feed, recorded_feed, row_maker
from bnviz.live.insides import Insides
from bnviz.live.look import Look
from bnviz.live.protocol import Draw, Open, Press, Speed, setup_message
from bnviz.live.run_stream import RunStream
from bnviz.live.shown import Shown, only_rates_differ
from bnviz.rate_changes import MOST_CHANGES
from bnviz.service import Change, StoredRun, TrainingJob, owned
from bnviz.snapshot import History


class Session(Audience):
    """A browser session in front of the board. Made by ``open_session``.

    ``experiment`` is what trains to the same bits as what is on the board: what was wished for, and every learning
    rate that was set since, with the step at which the run obeyed. ``turns`` counts those.
    """

    def __init__(self, registry: Registry, user: str = "") -> None:
        super().__init__(registry, user)
        self.experiment: Experiment | None = None
        self.turns = 0
        self._wished: Experiment | None = None
        self.shown: Shown | None = None
        self._run, self._speed, self._resting = 0, 0, False
        self._charts: tuple[str, ...] = ()
        self._goal: int | None = None
        self._look = Look(registry.service, self.user, self._notify)
        self._drawing = DrawnDigit(self.user, self._notify)

    def load(
        self, experiment: Experiment, recording: History | None = None, charts: tuple[str, ...] = (),
        goal: int | None = None, anew: bool = False, told: bool = False,
    ) -> None:  # fmt: skip
        """Wish to see an experiment. The same wish again changes nothing, unless it is to begin ``anew``, and to play.

        What is ``told`` begins with its recording, whatever was on the board before, and up to another goal it is
        another wish.

        ``charts`` names the charts to show, in this order (empty: all of them). With a ``goal`` a live run trains to
        this step and waits there, and new learning rates are a new run too: what is judged at the goal has one rate.

        New learning rates go to the live run at once. Anything else is a new run, which plays unless the reader
        had paused the one before. A recording of exactly this experiment is shown until the reader presses play.

        Raises:
            InvalidChoice: the rates of the run on the board were changed as often as a link can carry.
        """
        self.expect(moves=charts != self._charts)
        another = anew or (told and goal != self._goal)
        if not another and (self._is_shown(experiment, charts) or self._takes_rates(experiment, charts, goal)):
            return
        setup_message(0, "live", experiment, charts)  # made here, and remembered: the owner has others to serve
        stored = self._registry.service.stored(experiment, goal)
        if recording is None and stored and stored.complete:
            recording = stored.history
        recorded = recording if recording is not None and recording.experiment == experiment else None
        if recorded:
            recorded_feed(recorded)
        self._wish(experiment, charts, goal, recorded, None if stored and stored.complete else stored, anew, told)

    @owned
    def _wish(
        self, experiment: Experiment, charts: tuple[str, ...], goal: int | None, recorded: History | None,
        stored: StoredRun | None, anew: bool, told: bool,
    ) -> None:  # fmt: skip
        same_charts, self._charts, self._goal = charts == self._charts, charts, goal
        self.experiment = self._wished = experiment
        shown = self.shown
        if recorded and (told or shown is None or shown.label == "recorded" or not same_charts):
            self._present(play=True, recording=recorded)
        else:
            self._start(anew or not self._resting or not same_charts, stored=stored)

    @owned
    def _is_shown(self, experiment: Experiment, charts: tuple[str, ...]) -> bool:
        """Whether this is the wish of before, or what came of it."""
        if charts != self._charts or self._wished is None:
            return False
        came_of_it = experiment == self.experiment and experiment.settled() == self._wished.settled()
        if came_of_it:
            self._wished = experiment
        return experiment == self._wished

    @owned
    def _takes_rates(self, experiment: Experiment, charts: tuple[str, ...], goal: int | None) -> bool:
        """Whether this differs from the live run on the board by its learning rates alone: then they are told to it."""
        before, shown = self._wished, self.shown
        same_board = shown is not None and shown.alive and charts == self._charts and goal is None
        if not (shown and shown.job and before and same_board and only_rates_differ(before, experiment)):
            return False
        if sum(change.step <= shown.job.state.step for change in shown.job.course.changes) >= MOST_CHANGES:
            raise InvalidChoice(
                f"learning_rate was changed {MOST_CHANGES} times in this run, which is as many as its link can carry: "
                "try Reset for another one."
            )
        self._wished = experiment
        self._set_rates(before.settled(), experiment)
        return True

    @owned
    def obey(self, command: Press | Speed | Open | Draw) -> None:
        """Do what a reader pressed."""
        shown = self.shown
        if isinstance(command, Draw):
            self._drawing.draw(command.pixels, command.number, shown)
            return
        if isinstance(command, Open):
            unit = (command.layer, command.unit) if command.layer else None
            self._look.open(unit, shown, self.experiment, command.back)
            return
        if isinstance(command, Speed):
            self._speed = command.value
        if shown is None:
            return
        if isinstance(command, Speed):
            if shown.alive:
                self._steer("speed", value=command.value)
            self._notify()
        elif command.do == "reset" and shown.label == "recorded":
            self._present(play=True, recording=shown.recording)
        elif command.do in ("reset", "again"):
            self._start(command.do == "again" or (shown.alive and not self._resting), alone=True)
        elif command.do == "replay":
            if shown.label == "recorded":
                self._show(replace(shown, play=True))
        elif command.do == "pause" and not shown.alive:
            self._resting = shown.label == "live"
            self._show(replace(shown, play=False))
        else:
            self._press(shown, command.do)

    def _press(self, shown: Shown, button: str) -> None:
        """Play, pause, step, epoch: told to the live run, or to a new one where there is none."""
        plays = button == "play"
        if shown.alive:
            self._resting = not plays
        else:
            self._start(plays, alone=not plays)
            if plays:
                return
        self._steer(button)

    @property
    def speed(self) -> int:
        """Steps from one picture to the next, as the reader chose; 0 is as fast as it goes."""
        return self._speed

    @property
    def insides(self) -> Insides | None:
        """What is known of the unit that the reader has open."""
        return self._look.insides

    @property
    def answer(self) -> str:
        """What the networks said last of what was drawn, as a message to the page."""
        return self._drawing.message

    def stream(self, run: int = -1, since: int = -1) -> RunStream:
        if run < 0:  # a page that is new has no unit open
            self._look.open(None, self.shown, self.experiment)
            self._drawing.draw("", 0, self.shown)
        return RunStream(self, run, since)

    def state_of(self, shown: Shown) -> str:
        """The state message of what is on the board."""
        return shown.state_at(self._speed, self._goal, self.turns)

    @property
    def charts(self) -> tuple[str, ...]:
        """The names of the charts on the board; none stands for all that there are."""
        return self._charts

    @property
    def history(self) -> History | None:
        """What is on the board, with every reading of every seed; None before there is anything."""
        shown = self.shown
        if shown is None:
            return None
        return (shown.job.history if shown.job else shown.recording) or None

    @property
    def recording(self) -> History | None:
        """The recorded history that is on the board, if it is one."""
        return self.shown.recording if self.shown and self.shown.label == "recorded" else None

    def _looked_at(self, first: bool) -> None:
        shown = self.shown
        if shown and shown.label == "live" and shown.job is None and not shown.away:
            self._show(self._submitted(shown))
        elif shown and shown.job and first:
            shown.job.look(self.user)
            self._look.turn_to(shown, self.experiment)
            self._drawing.turn_to(shown)

    def _unseen(self) -> None:
        self._look.rest()
        if self.shown and self.shown.job:
            self.shown.job.look_away(self.user)

    def _abandoned(self) -> None:
        shown, alive = self.shown, self.shown and self.shown.alive
        self._let_go()
        if shown and shown.job and alive:  # others may go on with it
            stood = replace(shown, job=None, recording=shown.job.history, feed=shown.feed.copy(), away=True)
            self._show(stood)

    def _emptied(self) -> None:
        self._look.open(None, self.shown, self.experiment)
        self._let_go()
        self.shown = self.experiment = self._wished = None

    def _show(self, shown: Shown) -> None:
        before, self.shown = self.shown, shown
        if before is None or (before.run, before.job) != (shown.run, shown.job):
            self._look.turn_to(shown, self.experiment)
            self._drawing.turn_to(shown)
        self._notify()

    def _start(self, play: bool, alone: bool = False, stored: StoredRun | None = None) -> None:
        """A new live run of what is wished for; it is submitted when somebody looks."""
        self._resting = not play
        self._present(play, alone=alone, stored=stored)

    def _present(
        self, play: bool, recording: History | None = None, alone: bool = False, stored: StoredRun | None = None
    ) -> None:
        assert self.experiment is not None
        self._begin_with_the_wish()
        before, self._run = self.shown, self._run + 1
        self._let_go()
        label: Literal["recorded", "live"] = "recorded" if recording else "live"
        charts = drawn_from(recording, self._charts) if recording else self._charts
        setup = setup_message(self._run, label, self.experiment, charts)
        feed = recorded_feed(recording) if recording else Feed(row_maker(self.experiment))
        for snapshot in stored.history if stored else ():
            feed.add(snapshot)
        shown = Shown(self._run, label, self.experiment, setup, feed, play, recording, stored, alone)
        if label == "live" and self.connections:
            same = before and before.job and before.experiment == shown.experiment
            shown = self._submitted(shown, before.job.state.every if same and before and before.job else None)
        self._show(shown)

    def _submitted(self, shown: Shown, every: int | None = None) -> Shown:
        job = self._registry.service.submit(
            shown.experiment, user=self.user, play=shown.play, speed=self._speed, every=every,
            goal=self._goal if shown.play else None, alone=shown.alone, stored=shown.stored,
            watch=watched(shown.experiment, self._charts),
        )  # fmt: skip
        return self._followed(replace(shown, stored=None), job)

    def _followed(self, shown: Shown, job: TrainingJob) -> Shown:
        """What comes of this run from now on, behind what is shown already."""
        feed = self._registry.feed_of(job, shown.feed)
        job.look(self.user)
        if not self.connections:
            job.look_away(self.user)
        job.subscribe(self._hear, so_far=False)
        return replace(shown, job=job, feed=feed)

    def _steer(self, do: str, **words: Any) -> None:
        """Tell the run on the board something: where others look on too, a copy that only this session shows."""
        shown = self.shown
        if shown is None or shown.job is None:
            return
        job = self._registry.service.steer(shown.job, self.user, do, **words)
        if job is not shown.job:
            shown.job.unsubscribe(self._hear)
            shown.job.look_away(self.user)
            self._show(self._followed(replace(shown, feed=shown.feed.copy()), job))

    def _let_go(self) -> None:
        """The run on the board is no longer wanted here."""
        job = self.shown.job if self.shown else None
        if job:
            job.unsubscribe(self._hear)
            job.look_away(self.user)
            job.leave(self.user)

    def _hear(self, change: Change) -> None:
        shown = self.shown
        if isinstance(change, Inside):
            self._look.hear(change)
            return
        if isinstance(change, Answer):
            self._drawing.hear(change)
            return
        if shown and shown.job and shown.run == self._run and shown.job.course is not self.experiment:
            self.turns += shown.job.course != self.experiment
            self.experiment = shown.job.course
        self._notify()

    def _begin_with_the_wish(self) -> None:
        """A rate that no run was there to obey is the next one's from its start."""
        if self._wished and self.experiment and self._wished.settled() != self.experiment.settled():
            self.experiment = self._wished

    def _set_rates(self, before: Experiment, after: Experiment) -> None:
        rates = {arm: run.learning_rate for arm, run in after.arms.items() if run != before.arms[arm]}
        if len(rates) == len(after.arms) and len(set(rates.values())) == 1:
            self._steer("learning_rate", rate=next(iter(rates.values())), arm=None)
        else:
            for arm, rate in rates.items():
                self._steer("learning_rate", rate=rate, arm=arm)
