"""What holds once everything that was said is heard, in whatever order that was: the law of the one owner."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from bnviz.experiment import Experiment
from bnviz.live.session import Session
from bnviz.service import TrainingJob
from bnviz.testing import Scripted
from tests.by_hand.world import World

EXAMPLE = Scripted.example()
REFUSALS = ("runs are waiting already", "One of your runs is in the queue already")


@dataclass
class Wish:
    """What one reader pressed, and nobody else: the model of a run."""

    plays: bool = True
    speed: int = 0
    rates: set[float] = field(default_factory=set)
    """Every learning rate that this reader has asked for."""
    most: int = 0
    """The farthest step that was on this board while it showed the ``run``."""
    run: int = 0
    away: int = -1
    """The run at which no page of this reader looked when a timer rang."""


def check(world: World, wishes: list[Wish]) -> None:
    """Raises AssertionError with the first law that does not hold."""
    for reader, (session, wish) in enumerate(zip(world.readers, wishes, strict=True)):
        run = session.shown.job if session.shown else None
        if run:
            _check_run(f"reader {reader}", session, run, wish, world.killed)
    _check_queue(world)
    _check_studies(world)
    for sweep in world.sweeps:
        parts = [part for part in sweep._parts if part._has_slot]
        assert len(parts) <= sweep._processes, "a sweep holds more processes than it may"
        rests = sweep.state.ended or sweep.state.name == "paused"
        assert not (parts and rests), f"a sweep is {sweep.state.name}, and yet it holds a process"
        rows = sweep.table()
        networks = list(zip(rows.columns["learning_rate"], rows.columns["seed"], rows.columns["arm"], strict=True))
        assert len(set(networks)) == len(networks), "a network was counted twice"
        if sweep.state.name == "finished":
            assert len(networks) == sweep.grid.total, "a sweep finished without all its networks"
        elif sweep.state.name == "failed":
            assert world.killed or any(sentence in sweep.state.message for sentence in REFUSALS), sweep.state


def _check_run(who: str, session: Session, run: TrainingJob, wish: Wish, killed: bool) -> None:
    state, shown = run.state, session.shown
    assert shown and session.experiment and session._wished
    asked = session._wished.settled().rates_at(0)
    assert state.ended or session.user in run._readers, f"{who} looks at a run of others"
    if state.name == "failed":
        refused = not run.slept and any(sentence in state.message for sentence in REFUSALS)
        assert refused or (killed and state.message), f"{who} lost a run: {state}"
    assert state.name != "starting", f"{who} waits for ever: {state}"
    assert state.name != "cancelled" or wish.away == shown.run, f"{who} looks at a run that was ended: {state}"
    assert state.name != "queued" or state.position >= 1, f"{who} waits without a position"
    if state.name in ("running", "paused"):  # who waits is obeyed when it begins
        assert session.experiment.settled().rates_at(0) == asked, f"{who} asked for {asked}, and it is not to come"
        due = session.experiment.rates_at(state.step)
        assert dict(state.rates) == due, f"{who} has a link to {due} and trains at {dict(state.rates)}"
        assert state.speed == wish.speed, f"{who} chose the speed {wish.speed} and has {state.speed}"
        rests = run._asleep and run.deserted  # it made room for others
        does = "plays" if wish.plays else "paused"
        assert rests or (state.name == "running") == wish.plays, f"{who} {does}, it is {state}"
    rows = [row.step for row in shown.feed.since(-1)]
    assert rows == sorted(set(rows)), f"the rows of {who} come in no order"
    latest = run.latest()
    if latest and rows:
        assert rows[-1] == latest.step, f"the board of {who} stands at {rows[-1]}, its run is at {latest.step}"
    if wish.run == shown.run:
        assert not rows or rows[-1] >= wish.most, f"the run of {who} went back from {wish.most} to {rows[-1]}"
    wish.run, wish.most = shown.run, rows[-1] if rows else 0
    for snapshot in run.history:
        for readings in snapshot.arms.values():
            losses = [np.float32(1 / (1 + snapshot.step * rate)) for rate in wish.rates]
            assert readings["train_loss"][0] in losses, f"{who} never asked for the rate of step {snapshot.step}"
    _check_link(who, run, session.experiment)


def _check_link(who: str, run: TrainingJob, experiment: Experiment) -> None:
    """At the step of a change, it is seen before or behind it."""
    for snapshot in run.history:
        for arm, readings in snapshot.arms.items():
            rates = {experiment.rates_at(step)[arm] for step in (snapshot.step - 1, snapshot.step)}
            losses = [np.float32(1 / (1 + snapshot.step * rate)) for rate in rates]
            assert readings["train_loss"][0] in losses, f"the link of {who} has another rate at step {snapshot.step}"


def _check_queue(world: World) -> None:
    scheduler = world.service.scheduler
    active = list(scheduler._queue.active)
    held = sum(job._channel is not None for job in active)
    assert held == len(active) == len(world.processes), (
        f"{len(active)} jobs have a place, {held} of them a process, and there are {len(world.processes)}"
    )
    works = Counter(job.whose for job in {job.work: job for job in active if not job.ended}.values())
    assert all(count <= world.service.settings.per_user for count in works.values()), "one user has more than a share"
    waiting = list(scheduler._queue)
    assert sorted(job.state.position for job in waiting) == list(range(1, len(waiting) + 1)), "who waits has no place"
    for job in waiting:
        assert scheduler.full or scheduler._queue.blockers(job), "somebody waits though there is room"


def _check_studies(world: World) -> None:
    for study, wanted in world.studies.items():
        if wanted:
            assert study.state.name != "cancelled", "who still wanted a study has a cancelled one"
            assert study.state.name != "failed" or world.killed or any(
                sentence in study.state.message for sentence in REFUSALS
            ), study.state
    under_way = Counter(study.study.key for study in world.studies if not study.state.ended)
    assert all(count == 1 for count in under_way.values()), "one study is measured twice"


def check_that_a_stop_ends_everything(world: World) -> None:
    """Whatever was under way: the server stops."""
    world.stop()
    scheduler = world.service.scheduler
    held = [*world.processes, *scheduler._queue.active, *scheduler._queue]
    assert not held and scheduler.empty.is_set(), f"the server has stopped, and yet there are: {held}"
    jobs = [session.shown.job for session in world.readers if session.shown and session.shown.job]
    ended = ("finished", "failed", "cancelled", "paused")  # what sleeps or rests holds nothing
    standing = [job.state for job in [*jobs, *world.studies, *world.sweeps] if job.state.name not in ended]
    assert not standing, f"the server has stopped, and yet: {standing}"
    late = world.service.submit(EXAMPLE, "a reader who is late")
    assert late.state.message == "The server is shutting down."


def check_that_nothing_is_left(world: World) -> None:
    """Everybody has gone, and every timer has rung."""
    for reader, pages in enumerate(world.pages):
        while pages:
            world.look_away(reader)
    for study, wanted in world.studies.items():
        for _ in range(wanted):
            study.cancel()
    for sweep in world.sweeps:
        sweep.cancel()
    for _ in range(500):
        world.settle()
        if not world.owner.waiting:
            break
        world.ring()
    world.settle()
    scheduler = world.service.scheduler
    left = {
        "processes": world.processes, "jobs": scheduler._queue.active, "in line": list(scheduler._queue),
        "timers": world.owner.waiting, "sockets": [wire for wire in world.owner.wires if wire.open],
        "audiences": world.sessions._audiences,
    }  # fmt: skip
    assert not any(left.values()), {name: what for name, what in left.items() if what}
