"""Orders of messages in which a reader once lost a run, got another's, or waited for ever: none of them matters now."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bnviz import testing
from bnviz.live import sessions as sessions_module
from bnviz.service.job import BUSY, NO_PROCESS
from bnviz.study import Study
from bnviz.sweeps import Sweep
from bnviz.testing import Scripted
from tests.by_hand.laws import Wish, check
from tests.by_hand.world import World

EXAMPLE = Scripted.example()
ANN, BOB = 0, 1
STUDY = Study("residual_variance", width=60, depth=30)
SWEEP = Sweep(EXAMPLE, {"learning_rate": tuple(0.001 * n for n in range(1, 200))}, steps=10)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def world():
    world = World()
    yield world
    world.close()


@pytest.fixture
def shared(world: World) -> World:
    """Two readers look at one run, which is under way."""
    for reader in (world.enter(), world.enter()):
        world.load(reader, EXAMPLE)
        world.look(reader)
    world.settle()
    assert run_of(world, ANN) is run_of(world, BOB)
    for _ in range(20):
        world.turn()
        world.hear()
    return world


def run_of(world: World, reader: int):
    return world.readers[reader].shown.job


def step_of(world: World, reader: int) -> int:
    return world.readers[reader].shown.feed.since(-1)[-1].step


def read_all(world: World) -> None:
    """The owner reads what it was told, and hears nobody."""
    while world.owner.letters:
        world.read()


def slower(world: World) -> None:
    world.speed(BOB, 5)


def another_rate(world: World) -> None:
    world.load(BOB, EXAMPLE.replace(learning_rate=0.1))


def gone(world: World) -> None:
    world.look_away(BOB)
    read_all(world)
    world.ring()


AFTER = pytest.mark.parametrize("then", [slower, another_rate, gone], ids=lambda then: then.__name__)


@AFTER
def test_a_copy_goes_on_where_it_was_taken_whatever_the_other_reader_does_before(
    shared: World, then: Callable[[World], None]
):
    stood = step_of(shared, ANN)
    shared.press(ANN, "pause")
    read_all(shared)
    then(shared)
    shared.settle()
    assert run_of(shared, ANN).state.name == "paused" and step_of(shared, ANN) >= stood > 5
    assert run_of(shared, ANN).history.latest.step == step_of(shared, ANN)
    shared.press(ANN, "step")
    paused_at = step_of(shared, ANN)
    shared.settle()
    assert step_of(shared, ANN) == paused_at + 1 and run_of(shared, ANN).state.rates == {"plain": 0.5, "bn": 0.5}


def test_a_copy_whose_process_dies_before_it_is_taken_says_so_and_keeps_its_board(shared: World):
    stood = step_of(shared, ANN)
    shared.press(ANN, "pause")
    read_all(shared)
    shared.kill()
    shared.settle()
    assert "ended unexpectedly" in run_of(shared, ANN).state.message and step_of(shared, ANN) == stood
    shared.press(ANN, "play")
    shared.settle()
    assert run_of(shared, ANN).state.name == "running"


@pytest.mark.parametrize("reader", [ANN, BOB])
def test_of_two_who_wait_in_line_together_the_one_who_moves_a_rate_costs_the_other_nothing(reader: int):
    world = World(workers=1)
    world.enter(), world.enter()
    blocker = world.service.submit(EXAMPLE.replace(width=7))
    for each in (ANN, BOB):
        world.load(each, EXAMPLE)
        world.look(each)
    world.settle()
    assert run_of(world, ANN) is run_of(world, BOB) and run_of(world, ANN).state.name == "queued"
    world.load(reader, EXAMPLE.replace(learning_rate=0.1))
    world.settle()
    assert [run_of(world, each).state.name for each in (ANN, BOB)] == ["queued", "queued"]
    blocker.cancel()
    world.settle()
    run_of(world, 1 - reader).cancel()
    world.settle()
    assert run_of(world, reader).state.name == "running" and run_of(world, reader).state.rates["bn"] == 0.1
    world.close()


@pytest.mark.parametrize("button", ["pause", "step", "epoch"])
def test_who_opens_the_link_of_a_run_in_which_something_was_pressed_gets_one_that_plays(world: World, button: str):
    for reader in (world.enter(), world.enter()):
        world.load(reader, EXAMPLE)
    world.look(ANN)
    world.settle()
    world.press(ANN, button)
    read_all(world)
    world.look(BOB)
    world.settle()
    assert run_of(world, BOB) is not run_of(world, ANN)
    assert (run_of(world, ANN).state.name, run_of(world, BOB).state.name) == ("paused", "running")


def test_a_run_that_is_shared_between_the_look_and_the_press_is_left_as_it_is(world: World):
    for reader in (world.enter(), world.enter()):
        world.load(reader, EXAMPLE)
    world.look(ANN)
    world.settle()
    world.look(BOB)  # reaches the owner in the middle of the script run that moves a rate
    world.load(ANN, EXAMPLE.replace(learning_rate=0.1), 0, 1, 0)
    world.settle()
    assert [run_of(world, each).state.rates["bn"] for each in (ANN, BOB)] == [0.1, 0.5]


def test_who_joins_a_study_while_another_cancels_it_does_not_get_a_cancelled_one(world: World):
    first = world.measure(STUDY)
    read_all(world)
    first.cancel()
    world.studies[first] -= 1
    second = world.measure(STUDY)
    world.settle()
    assert (first.state.name, second.state.name) == ("cancelled", "finished")


def test_two_who_ask_for_one_study_at_once_have_one_process(world: World):
    first, second = world.measure(STUDY), world.measure(STUDY)
    assert first is second and len(world.backend.requests) == 1
    first.cancel()
    world.settle()
    assert second.state.name == "finished"


def test_a_sweep_paused_while_it_resumes_holds_no_process_and_then_no_more_than_it_may(world: World):
    sweep = world.service.sweep(SWEEP)
    most = sweep._processes
    for _ in range(3):
        world.give(), read_all(world), world.turn(), world.hear()
        sweep.pause()
        sweep.resume()
        assert len(sweep._parts) <= most
        sweep.pause()
    world.settle()
    assert (sweep.state.name, world.processes, world.service.scheduler.running) == ("paused", [], 0)
    sweep.resume()
    assert len(sweep._parts) == most
    world.settle()
    assert sweep.state.name == "finished" and len(sweep.table()) == SWEEP.total


def plays_for(world: World, reader: int) -> bool:
    """Whether a page that opens its socket now is let in, and its run plays."""
    page = world.look(reader)
    world.settle()
    return page.closed_with is None and run_of(world, reader).state.name == "running"


def test_who_is_about_to_open_a_socket_is_not_pushed_out_by_many_who_never_do(world: World):
    ann = world.enter()
    world.load(ann, EXAMPLE)
    for _ in range(2 * sessions_module.MOST_UNSEEN):
        world.enter()
    assert plays_for(world, ann)


def test_a_page_whose_session_was_emptied_is_told_and_the_next_script_run_brings_it_back(world: World):
    ann = world.enter()
    world.load(ann, EXAMPLE)
    page = world.look(ann)
    world.readers[ann].empty()
    world.settle()
    assert page.closed_with == 4404
    world.load(ann, EXAMPLE)
    assert plays_for(world, ann)


def test_a_page_that_is_let_in_keeps_its_session_from_being_emptied(world: World):
    ann = world.enter()
    world.load(ann, EXAMPLE)
    world.look(ann)
    read_all(world)
    for _ in range(5):
        world.ring()
    world.settle()
    assert run_of(world, ann).state.name == "running"


def test_a_process_that_cannot_be_started_costs_its_run_and_nobody_else_a_place(world: World):
    ann = world.enter()
    world.load(ann, EXAMPLE)
    world.look(ann)
    read_all(world)
    while world.backend.requests:
        world.backend.requests.pop()(None)
        read_all(world)
    assert run_of(world, ann).state.message == NO_PROCESS and world.service.scheduler.running == 0


def test_where_nothing_gives_processes_everybody_is_told_and_closing_waits_for_nobody(world: World):
    jobs = [world.service.submit(EXAMPLE, f"reader {number}") for number in range(6)]
    for _ in range(3):
        world.ring()
    assert [job.state.message for job in jobs] == [BUSY] * 3 + [""] * 3
    world.service.scheduler.close()
    assert {job.state.name for job in jobs} == {"cancelled"} and world.service.scheduler.running == 0


def test_the_laws_know_a_reader_who_has_another_rate_than_was_asked_for(shared: World):
    wishes = [Wish(rates={0.5}), Wish(rates={0.5})]
    check(shared, wishes)
    run_of(shared, ANN).send("learning_rate", rate=0.1, arm=None)
    shared.settle()
    with pytest.raises(AssertionError, match=r"asked for .* and it is not to come"):
        check(shared, wishes)


def test_the_laws_know_a_reader_whose_link_leads_to_another_run(shared: World):
    wishes = [Wish(rates={0.5}), Wish(rates={0.5})]
    shared.settle()
    shared.readers[ANN].experiment = EXAMPLE.replace(changes=[(2, 0.1), (6, 0.5)])
    with pytest.raises(AssertionError, match=r"the link of reader 0 has another rate at step"):
        check(shared, wishes)


def test_a_run_whose_page_is_gone_makes_room_for_who_waits_and_goes_on_when_the_page_comes_back():
    world = World(workers=1)
    for reader in (world.enter(), world.enter()):
        world.load(reader, EXAMPLE.replace(width=40 + reader))
    world.look(ANN)
    world.settle()
    world.look_away(ANN)
    world.look(BOB)
    world.settle()
    stood = step_of(world, ANN)
    assert run_of(world, BOB).state.name == "running" and run_of(world, ANN).state.name == "paused"
    world.look_away(BOB)
    world.look(ANN)
    world.settle()
    assert run_of(world, ANN).state.name == "running" and step_of(world, ANN) > stood
    world.close()
