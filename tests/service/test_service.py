"""The service with real processes and the scripted engine: what a job promises, and what the others notice."""

from __future__ import annotations

import os
import signal
from unittest.mock import Mock

import numpy as np
import pytest

from bnviz.service import Service, State, TrainingJob, shared
from bnviz.service.protocol import Start
from bnviz.settings import Settings
from bnviz.snapshot import Event, Snapshot
from bnviz.testing import DIES, RAISES, REFUSES, STUCK, TOO_LARGE, Scripted
from tests.by_hand.owner import ByHand

EXAMPLE = Scripted.example()


def test_a_submitted_run_shows_step_zero_and_waits(service: Service, follow):
    job = service.submit(EXAMPLE)
    follow(job).until_state("paused")
    latest = job.latest()
    assert latest is not None and latest.step == 0
    job.cancel()


def test_play_collects_a_history(service: Service, follow):
    job = service.submit(EXAMPLE, play=True)
    follower = follow(job)
    follower.until_step(20)
    job.cancel()
    assert job.history.steps.tolist() == follower.steps and follower.steps[:3] == [0, 1, 2]
    assert job.history.series("plain", "train_loss")[1, 0] == pytest.approx(1 / 1.5)


def test_who_subscribes_late_misses_nothing(service: Service, follow):
    job = service.submit(EXAMPLE)
    early = follow(job)
    job.send("epoch")
    early.until_step(25)
    late = follow(job)
    late.until_step(25)
    assert late.steps == early.steps
    job.cancel()


def test_a_history_that_is_being_read_does_not_change(service: Service, follow):
    job = service.submit(EXAMPLE, play=True)
    follower = follow(job)
    follower.until_step(2)
    taken = job.history
    length = len(taken)
    follower.until_step(100)
    assert len(taken) == length
    job.cancel()


def test_a_new_learning_rate_is_an_event_of_the_history(service: Service, follow):
    job = service.submit(EXAMPLE)
    follower = follow(job)
    follower.until_state("paused")
    job.send("learning_rate", rate=0.1, arm="bn")
    follower.until(lambda change: isinstance(change, State) and change.rates["bn"] == 0.1)
    assert job.history.events == [Event(0, "learning rate of BN set to 0.1")]
    job.cancel()


def test_large_readings_keep_a_shorter_history():
    job = TrainingJob(Scripted.example(), "", Start(), 1, Mock(owner=ByHand()))
    for step in range(20):
        readings = {"train_loss": np.zeros(50_000)}
        job._add(Snapshot(step, 0.0, {"plain": readings, "bn": {}}))
    assert job.history.capacity == 2**20 // 400_000 and len(job.history) <= 3


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (REFUSES, "batch_size was 251; allowed is any other."),
        (RAISES, "Something went wrong while training, at step 1. The server's log says what."),
        (TOO_LARGE, "This experiment needs more memory than one run may have. Try fewer seeds, layers or units."),
        (DIES, "The process that trained this run ended unexpectedly at step {seen}; the other runs are not touched. "
               "Play starts it again."),
    ],
    ids=["refuses", "raises", "too large", "dies"],
)  # fmt: skip
def test_a_run_that_fails_says_why_in_one_sentence(service: Service, follow, trouble: int, sentence: str):
    follower = follow(service.submit(Scripted.example(trouble), play=True))
    assert follower.until_state("failed").message == sentence.format(seen=max(follower.steps, default=0))


def test_a_killed_worker_disturbs_nobody_else(service: Service, follow):
    victim, bystander = service.submit(EXAMPLE, play=True), service.submit(EXAMPLE, play=True)
    follower = follow(bystander)
    follow(victim).until_step(1)
    os.kill(victim._pid, signal.SIGKILL)
    assert "ended unexpectedly" in follow(victim).until_state("failed").message
    seen = bystander.state.step
    follower.until_step(seen + 50)
    assert {change.name for change in follower.seen if isinstance(change, State)} <= {"starting", "running"}
    again = service.submit(EXAMPLE)
    follow(again).until_step(0)
    for job in (bystander, again):
        job.cancel()


def test_a_cancelled_run_ends_and_says_nothing_more(service: Service, follow):
    job = service.submit(EXAMPLE, play=True)
    follow(job).until_step(1)
    job.cancel()
    state = job.state
    job.send("play")
    assert (state.name, job.state) == ("cancelled", state)


def test_a_stuck_run_is_killed_after_the_grace(narrow: Service, follow):
    stuck = narrow.submit(Scripted.example(STUCK), play=True)
    follow(stuck).until_step(2)
    stuck.cancel(grace=0.05)
    follow(narrow.submit(EXAMPLE)).until_step(0)


def test_runs_wait_in_line_and_are_told_where_they_stand(narrow: Service, follow):
    first, second, third = (narrow.submit(EXAMPLE) for _ in range(3))
    assert [second.state.position, third.state.position] == [1, 2]
    first.cancel()
    follow(second).until_step(0)
    follow(third).until(lambda change: isinstance(change, State) and change.position == 1)


def test_who_leaves_the_line_lets_the_others_move_up(narrow: Service):
    _, second, third = (narrow.submit(EXAMPLE) for _ in range(3))
    second.cancel()
    assert third.state.position == 1


def test_a_full_queue_is_said_to_be_full(narrow: Service):
    *_, last = (narrow.submit(EXAMPLE) for _ in range(4))
    assert last.state == State(
        "failed", message="2 runs are waiting already. Try again in a minute.", rates={"plain": 0.5, "bn": 0.5}
    )


def test_what_is_said_in_the_queue_is_obeyed_at_the_start(narrow: Service, follow):
    first, second = narrow.submit(EXAMPLE), narrow.submit(EXAMPLE)
    second.send("learning_rate", rate=9.0, arm=None)
    second.send("step")
    first.cancel()
    snapshot = follow(second).until_step(1)
    assert snapshot["plain"]["train_loss"][0] == pytest.approx(1 / 10)


def test_a_run_at_its_budget_makes_room(narrow: Service, follow):
    first, second = narrow.submit(EXAMPLE, play=True), narrow.submit(EXAMPLE)
    assert "40 steps" in follow(first).until_state("finished").message
    follow(second).until_step(0)


def test_the_same_experiment_again_is_the_same_again(service: Service, follow):
    jobs = [service.submit(EXAMPLE, play=True, speed=5) for _ in range(2)]
    seen = [follow(job).until_step(15) for job in jobs]
    assert seen[0].step == seen[1].step
    assert seen[0]["bn"]["train_loss"].tobytes() == seen[1]["bn"]["train_loss"].tobytes()
    for job in jobs:
        job.cancel()


def test_an_engine_that_cannot_be_loaded_is_said_once(follow, capfd):
    service = Service(Settings(), "bnviz.testing:Missing")
    state = follow(service.submit(EXAMPLE)).until_state("failed")
    service.close()
    assert state.message == "No training process could be started. The server's log says why."
    assert "Missing" in capfd.readouterr().err


def test_after_closing_nothing_runs_and_nothing_is_accepted(follow):
    service = Service(Settings(), "bnviz.testing:Scripted")
    job = service.submit(EXAMPLE, play=True)
    follow(job).until_step(1)
    service.close()
    assert (job.state.name, service.scheduler.running, service.submit(EXAMPLE).state.name) == ("cancelled", 0, "failed")


def test_who_watches_badly_costs_nobody_else_anything(service: Service, follow, caplog):
    run = service.submit(EXAMPLE)
    run.subscribe(lambda change: 1 / 0 if isinstance(change, Snapshot) and change.step else None)
    good = follow(run)
    run.send("step")
    good.until_step(1)
    run.send("step")
    good.until_step(2)
    run.cancel()
    assert "a reader could not take what it was told" in caplog.text


def test_a_service_that_was_closed_is_replaced_by_a_new_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bnviz.service.service._shared", None)
    first = shared()
    assert shared() is first
    first.close()
    assert shared() is not first


@pytest.mark.slow
def test_the_real_engine_streams_snapshots_of_the_real_network(follow):
    service = Service(Settings(step_budget=60))
    job = service.submit(EXAMPLE.replace(width=8), play=True, speed=20)
    follower = follow(job)
    follower.until_state("finished")
    service.close()
    assert {0, 20, 40, 60} <= set(follower.steps)
    assert all(isinstance(change, Snapshot | State) for change in follower.seen)
