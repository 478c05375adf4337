"""A look into a unit: of a run that is under way, shared or asleep, and of steps that are past."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from bnviz.inside import Inside
from bnviz.messages import Message, Parser
from bnviz.service import State, TrainingJob
from bnviz.service.protocol import Start
from bnviz.testing import Scripted
from tests.by_hand.owner import ByHand

EXAMPLE = Scripted.example()
UNIT, OTHER = (1, 2), (3, 1)


def at(unit, step=None):
    """Whether a report is a look into this unit (at this step)."""
    return lambda change: isinstance(change, Inside) and change.unit == unit and step in (None, change.step)


def test_a_paused_run_answers_where_it_stands(service, follow):
    run = service.submit(EXAMPLE, "ann")
    follower = follow(run)
    follower.until_state("paused")
    run.look_inside("ann", UNIT)
    found = follower.until(at(UNIT, 0))
    assert found.arms["bn"][:2].tolist() == [*UNIT] and found.arms["bn"][2:].max() == 0
    run.leave("ann")


def test_whoever_opens_a_unit_before_the_run_has_begun_sees_it_from_its_start(service, follow):
    run = service.submit(EXAMPLE, "ann")
    follower = follow(run)
    run.look_inside("ann", UNIT)
    follower.until(at(UNIT, 0))
    run.leave("ann")


def test_two_readers_of_one_run_look_into_two_units_and_still_share_it(service, follow):
    ann = service.submit(EXAMPLE, "ann", play=True)
    service.submit(EXAMPLE, "bob", play=True)
    ann.look_inside("ann", UNIT)
    ann.look_inside("bob", OTHER)
    follower = follow(ann)
    follower.until(at(UNIT)), follower.until(at(OTHER))
    assert service.submit(EXAMPLE, "cyd", play=True) is ann
    for user in ("ann", "bob", "cyd"):
        ann.leave(user)


@pytest.mark.parametrize(("unit", "wakes"), [(UNIT, True), (None, False)])
def test_a_run_that_sleeps_wakes_to_answer_and_for_nothing_else(unit, wakes):
    scheduler = Mock(owner=ByHand())
    job = TrainingJob(EXAMPLE, "ann", Start(), 1, scheduler)
    job._asleep, job._early = True, []
    job.look_inside("ann", unit)
    assert scheduler.accept.called is wakes


def test_a_new_process_is_told_which_units_are_open():
    job = TrainingJob(EXAMPLE, "ann", Start(), 1, Mock(owner=ByHand()))
    job.look_inside("ann", UNIT)
    job._early, job._channel = [], Mock()
    job._hear(Message("opened", {}, {}))
    (message,) = Parser().feed(job._channel.say.call_args[0][0])
    assert (message.kind, message.words["units"]) == ("inside", [[*UNIT]])


def test_steps_of_the_past_are_trained_again_in_their_order(service, follow):
    job = service.look_back(EXAMPLE, UNIT, [0, 3, 7], "ann")
    follower = follow(job)
    follower.until(lambda change: isinstance(change, State) and change.name == "finished")
    assert [change.step for change in follower.seen if isinstance(change, Inside)] == [0, 3, 7]


def test_who_follows_late_is_told_what_was_trained_before(service, follow):
    job = service.look_back(EXAMPLE, UNIT, [0, 3], "ann")
    follow(job).until(lambda change: isinstance(change, State) and change.name == "finished")
    assert [change.step for change in follow(job).seen if isinstance(change, Inside)] == [0, 3]


def test_who_no_longer_looks_back_costs_nothing(service, follow):
    job = service.look_back(EXAMPLE, UNIT, [0, 10_000_000], "ann")
    follow(job).until(at(UNIT, 0))
    job.end()
    assert job.state.name == "cancelled"
