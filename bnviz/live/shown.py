"""What a session shows: a recording, or a live run and the rows that came of it so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bnviz.experiment import Experiment
from bnviz.live.feed import Feed
from bnviz.live.protocol import state_message
from bnviz.service import State, StoredRun, TrainingJob
from bnviz.snapshot import History

_AWAY = "The page was away, so this run was ended. Play starts it again."


@dataclass(frozen=True)
class Shown:
    """What a session shows: a recording, or a live run, which has a ``job`` once somebody looks.

    A live run goes on from what was ``stored`` of it, and may want to be ``alone``, not shared with other readers.
    Replaced as a whole when something about it changes.
    """

    run: int
    label: Literal["recorded", "live"]
    experiment: Experiment
    setup: str
    feed: Feed
    play: bool
    recording: History | None = None
    stored: StoredRun | None = None
    alone: bool = False
    job: TrainingJob | None = None
    away: bool = False
    """Whether it was given up because no page looked on; what was seen of it is its ``recording``."""

    @property
    def alive(self) -> bool:
        """Whether a live run can still be told something."""
        return self.job is not None and not self.job.state.ended

    def state_at(self, speed: int, goal: int | None = None, turns: int = 0) -> str:
        """The state message, for a reader who chose this speed and so often set a rate; a run may train to a goal."""
        goal = goal if self.label == "live" else None
        if self.job is None:
            rates = self.experiment.rates_at(0)
            name = "recorded" if self.label == "recorded" else "finished" if self.away else "starting"
            events = tuple(self.recording.events) if self.recording else ()
            state = State("starting", rates=rates, message=_AWAY if self.away else "")
            last = self.recording.latest.step if self.recording else None
            return state_message(self.run, name, state, speed, events, goal, turns, self.play, last)
        state, events = self.job.state, self.job.events
        if state.name == "cancelled":
            return state_message(self.run, "finished", replace(state, message=_AWAY), speed, events, goal, turns)
        return state_message(self.run, state.name, state, speed, events, goal, turns)


def only_rates_differ(before: Experiment, after: Experiment) -> bool:
    """Whether an experiment without changes is another one at other rates, however those came about."""

    def without_rates(experiment: Experiment) -> Experiment:
        return experiment.replace(learning_rate=1.0, changes=())

    same_arms = list(before.arms) == list(after.arms) and not after.changes
    return same_arms and without_rates(before) == without_rates(after)
