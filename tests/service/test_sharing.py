"""Equal runs are trained once: who joins, who leaves, who takes the wheel, and what is stored for later."""

import os
import signal

import pytest

from bnviz.service import Service, State
from bnviz.service.backends.fork import ForkServer
from bnviz.service.store import Store
from bnviz.settings import Settings
from bnviz.snapshot import Snapshot
from bnviz.testing import DIES, Scripted

SCRIPTED = "bnviz.testing:Scripted"
EXAMPLE = Scripted.example()


@pytest.fixture
def quick(tmp_path):
    """Paused runs sleep after a second, and what was trained is stored."""
    service = Service(Settings(workers=4, rest_seconds=1), SCRIPTED, store=Store(tmp_path, 8))
    yield service
    service.close()


def test_equal_experiments_are_one_run(service):
    ann, bob = service.submit(EXAMPLE, "ann", play=True), service.submit(Scripted.example(), "bob", play=True)
    assert ann is bob
    bob.leave("bob"), ann.leave("ann")


def test_another_goal_is_another_run(service):
    ann, bob = service.submit(EXAMPLE, "ann", play=True), service.submit(EXAMPLE, "bob", play=True, goal=5)
    assert ann is not bob
    bob.leave("bob"), ann.leave("ann")


@pytest.mark.parametrize("wish", [{"play": False}, {"play": True, "speed": 5}, {"play": True, "alone": True}], ids=str)
def test_who_wishes_otherwise_gets_a_run_of_their_own(service, wish):
    ann, bob = service.submit(EXAMPLE, "ann", play=True), service.submit(EXAMPLE, "bob", **wish)
    assert ann is not bob
    bob.leave("bob"), ann.leave("ann")


def test_who_comes_late_has_seen_everything(service, follow):
    ann = service.submit(EXAMPLE, "ann", play=True)
    early = follow(ann)
    early.until_step(20)
    seen = early.steps
    bob = service.submit(EXAMPLE, "bob", play=True)
    assert follow(bob).steps[: len(seen)] == seen
    bob.leave("bob"), ann.leave("ann")


def test_what_somebody_watches_is_read_for_all_who_share_the_run_from_then_on(service, follow):
    ann = service.submit(EXAMPLE, "ann", play=True)
    assert "network_weights" not in follow(ann).until_step(5)["bn"]
    bob = service.submit(EXAMPLE, "bob", play=True, watch=("network",))
    follow(ann).until(lambda change: isinstance(change, Snapshot) and "network_weights" in change["bn"])
    bob.leave("bob"), ann.leave("ann")


def test_a_run_that_is_watched_from_its_beginning_reads_it_at_step_0(service, follow):
    run = service.submit(EXAMPLE, "ann", watch=("network",))
    assert "network_weights" in follow(run).until_step(0)["bn"]
    run.leave("ann")


def test_a_shared_run_ends_when_the_last_one_leaves(service, follow):
    run = service.submit(EXAMPLE, "ann", play=True)
    service.submit(EXAMPLE, "bob", play=True)
    run.leave("ann")
    assert run.state.name != "cancelled"
    run.leave("bob")
    assert run.state.name == "cancelled"


def test_who_presses_something_goes_on_alone_from_here(service, follow):
    shared = service.submit(EXAMPLE, "ann", play=True)
    service.submit(EXAMPLE, "bob", play=True)
    follow(shared).until_step(30)
    own = service.steer(shared, "bob", "learning_rate", rate=0.25, arm=None)
    follow(own).until(lambda change: isinstance(change, State) and change.rates == {"plain": 0.25, "bn": 0.25})
    assert own.history.steps[0] == 0 and own.latest().step >= 30
    assert shared.state.rates == {"plain": 0.5, "bn": 0.5} and shared.alone
    own.leave("bob"), shared.leave("ann")


def test_who_is_alone_keeps_the_run(service, follow):
    run = service.submit(EXAMPLE, "ann", play=True)
    assert service.steer(run, "ann", "pause") is run
    follow(run).until_state("paused")
    run.leave("ann")


def test_a_run_whose_course_was_changed_is_shared_no_more(service, follow):
    changed = service.submit(EXAMPLE, "ann", play=True)
    changed.send("learning_rate", rate=0.1, arm=None)
    other = service.submit(EXAMPLE, "bob", play=True)
    assert other is not changed
    other.leave("bob"), changed.leave("ann")


def test_a_paused_run_gives_its_process_back_and_goes_on_when_played(quick, follow):
    run = quick.submit(EXAMPLE, "ann", play=True)
    follower = follow(run)
    follower.until_step(20)
    run.send("pause")
    assert quick.scheduler.empty.wait(30)
    stood = run.latest().step
    assert (quick.scheduler.running, run.state.name) == (0, "paused")
    run.send("step")
    assert follower.until_step(stood + 1).step == stood + 1
    run.leave("ann")


def test_one_user_has_one_run_and_one_in_line(service, follow):
    first = service.submit(EXAMPLE, "ann", play=True, alone=True)
    first.look("ann")
    follow(first).until_step(1)
    second, third = (service.submit(EXAMPLE, "ann", play=True, alone=True) for _ in range(2))
    assert second.state.message == "It begins when your other run has ended."
    assert third.state.message.startswith("One of your runs is in the queue already.")
    for run in (second, first):
        run.leave("ann")


def test_a_run_that_nobody_looks_at_makes_room_for_the_next_of_its_user(service, follow):
    first = service.submit(EXAMPLE, "ann", play=True, alone=True)
    first.look("ann")
    follow(first).until_step(10)
    first.look_away("ann")
    second = service.submit(EXAMPLE, "ann", play=True, alone=True)
    follow(second).until_step(10)
    assert first.state.name == "paused"
    stood = first.latest().step
    second.leave("ann")
    first.look("ann")
    follow(first).until_step(stood + 10)
    first.leave("ann")


def test_what_has_arrived_is_kept(quick, follow, tmp_path):
    run = quick.submit(EXAMPLE, "ann", play=True, goal=20)
    follow(run).until(lambda change: isinstance(change, State) and change.step == 20)
    run.leave("ann")
    quick.close()
    stored = Store(tmp_path, 8).find(EXAMPLE, 20)
    assert stored.complete and stored.history.latest.step == 20


def test_a_server_that_stops_keeps_what_the_next_one_goes_on_from(quick, follow, tmp_path):
    run = quick.submit(EXAMPLE, "ann", play=True)
    follow(run).until_step(50)
    quick.close()
    other = Service(Settings(workers=1), SCRIPTED, store=Store(tmp_path, 8))
    stored = other.stored(EXAMPLE)
    assert not stored.complete and stored.history.latest.step >= 50
    again = other.submit(EXAMPLE, "ann", play=True, stored=stored)
    follower = follow(again)
    follower.until_step(stored.history.latest.step + 10)
    before, steps = stored.history.steps.tolist(), follower.steps
    assert steps[: len(before)] == before and steps == sorted(set(steps))
    other.close()


class Elsewhere(ForkServer):
    """A backend whose machines may be lost."""

    resumes = True


def test_a_run_whose_machine_is_lost_goes_on_elsewhere_and_says_so(follow):
    service = Service(Settings(checkpoint_seconds=1), SCRIPTED, Elsewhere(SCRIPTED))
    run = service.submit(EXAMPLE, "ann", play=True)
    follower = follow(run)
    follower.until_step(30)
    os.kill(run._pid, signal.SIGKILL)
    told = follower.until(lambda change: isinstance(change, State) and "goes on elsewhere" in change.message)
    follower.until_step(told.step + 30)
    steps = follower.steps
    assert steps == sorted(set(steps)) and run.state.name == "running"
    assert [event.text for event in run.events] == ["its machine was lost: trained on elsewhere"]
    service.close()


def test_a_run_that_is_lost_again_and_again_is_given_up(follow):
    service = Service(Settings(), SCRIPTED, Elsewhere(SCRIPTED))
    run = service.submit(Scripted.example(DIES), "ann", play=True)
    assert "ended unexpectedly" in follow(run).until_state("failed").message
    service.close()
