"""Jobs without a process: what a worker is told first, what is kept of a run, and who is tried a second time."""

from __future__ import annotations

import socket
from unittest.mock import Mock

import numpy as np
import pytest

from bnviz.experiment import Experiment
from bnviz.messages import Message, Parser, encode
from bnviz.service import TrainingJob
from bnviz.service.protocol import Start
from bnviz.service.study_job import StudyJob
from bnviz.settings import Settings
from bnviz.snapshot import Event, Snapshot
from bnviz.study import Study
from bnviz.testing import Scripted
from tests.by_hand.owner import ByHand


def scheduling(**others: object) -> Mock:
    """A scheduler that gives a process to whoever begins, with an owner that is moved by hand."""
    return Mock(owner=ByHand(), **others)


def training(**start: object) -> TrainingJob:
    return TrainingJob(Scripted.example(), "ann", Start(play=True, **start), 1, scheduling(snapshots_per_second=8.0))


def seen(step: int) -> Snapshot:
    return Snapshot(step, 0.0, {"plain": {"train_loss": np.zeros(2)}, "bn": {"train_loss": np.zeros(2)}})


def workers_that_say(*words: bytes) -> Mock:
    """A backend of workers each of which says this and is gone."""
    connections = []
    for said in words:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(said)
        connections.append(ours)
    return Mock(request=Mock(side_effect=lambda then: then(connections.pop(0))), resumes=False)


WORKS = encode("hello", pid=1) + encode("opened") + encode("state", name="finished")


@pytest.mark.parametrize(
    ("words", "ends"), [((b"", WORKS), "finished"), ((b"", b"", WORKS), "finished"), ((b"", b"", b""), "failed")]
)
def test_a_worker_that_dies_before_it_has_said_hello_is_replaced_twice(words: tuple[bytes, ...], ends: str):
    scheduler = scheduling(backend=workers_that_say(*words))
    job = StudyJob(Study("residual_variance"), "", Settings(), scheduler)
    job.begin()
    while scheduler.owner.hear():
        pass
    assert (job.state.name, scheduler.backend.request.call_count) == (ends, len(words))
    scheduler.left.assert_called_once_with(job)


def test_a_cancelled_run_takes_no_steps():
    job = training()
    job._change(steps_per_second=50.0)
    job.end()
    assert (job.state.name, job.state.steps_per_second) == ("cancelled", 0.0)


def set_by_hand(job: TrainingJob, step: int, rate: float, arm: str | None = None) -> None:
    job._hear(Message("learning_rate", {"step": step, "rate": rate, "arm": arm, "by_hand": True}, {}))


def opened(job: TrainingJob) -> Experiment:
    (message,) = Parser().feed(job._opening())
    return Experiment.from_json(message.words["experiment"])


def test_a_worker_is_told_what_was_shown_and_how_often_to_look():
    job = training(budget=77)
    job._add(seen(5))
    (message,) = Parser().feed(job._opening())
    told = [message.words[name] for name in ("shown", "snapshots_per_second", "budget", "play")]
    assert told == [5, 8.0, 77, True]


def test_the_next_worker_is_told_the_rates_that_were_set_and_when():
    job = training()
    set_by_hand(job, 7, 0.25, "bn")
    assert opened(job) == job.course == Scripted.example().replace(changes=[(7, 0.25, "bn")])


def test_a_rate_that_was_set_before_the_first_step_is_the_course_from_its_start():
    job = training()
    job._checkpoint = {"of": np.zeros(1), "another": np.zeros(1), "rate": np.zeros(1)}
    set_by_hand(job, 0, 0.25)
    assert opened(job) == Scripted.example().replace(learning_rate=0.25) and not job._checkpoint


def test_a_rate_is_told_of_though_the_run_had_it_already():
    job, heard = training(), []
    job.subscribe(heard.append)
    set_by_hand(job, 7, 0.5)
    assert len(heard) == 2


def test_a_change_that_the_experiment_brings_itself_leaves_the_course_as_it_is():
    job = training()
    job._hear(Message("learning_rate", {"step": 7, "rate": 0.25, "arm": None, "by_hand": False}, {}))
    assert job.course is job.experiment


def test_what_is_trained_again_elsewhere_is_noted_once():
    job = training()
    job._add(seen(5))
    for _ in range(2):
        job._hear(Message("learning_rate", {"step": 4, "rate": 0.25, "arm": None, "by_hand": False}, {}))
    assert job.events == (Event(4, "learning rate set to 0.25"),)


@pytest.mark.parametrize(("name", "goes_on"), [("running", (True, 9)), ("paused", (False, None))])
def test_in_its_next_process_a_run_does_what_it_does_now(name: str, goes_on: tuple[bool, int | None]):
    job = training(goal=9)
    job._change(name=name)
    job._hear(Message("state", {"name": name, "goal": 9}, {}))
    assert (job._start.play, job._start.goal) == goes_on


@pytest.mark.parametrize(("steps", "worth"), [((), False), ((0, 5), True), ((0, 9), False)])
def test_what_is_under_way_can_be_stored_and_not_what_is_unseen_or_there_already(steps: tuple[int, ...], worth: bool):
    job = training(goal=9)
    for step in steps:
        job._add(seen(step))
    assert job.can_be_stored is worth


def test_a_run_whose_rate_was_changed_is_not_stored():
    job = training(goal=9)
    job._add(seen(9))
    assert job.stored() is not None
    job.send("learning_rate", rate=0.1)
    assert job.stored() is None and not job.can_be_stored


def test_a_run_goes_on_elsewhere_five_times_and_no_more():
    job = training()
    assert [job._goes_on() for _ in range(7)] == [True] * 5 + [False] * 2
