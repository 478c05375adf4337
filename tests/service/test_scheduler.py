"""The scheduler: who begins, who waits and hears where, who makes way, and how many pictures a busy machine affords."""

from unittest.mock import Mock

import pytest

from bnviz.service.fair_queue import FairQueue
from bnviz.service.scheduler import Scheduler, snapshots_for
from bnviz.settings import Settings
from tests.by_hand.owner import ByHand


def job(whose):
    """A job that holds its process until it leaves."""
    made = Mock(whose=whose, ended=False, slept=False, deserted=False)
    made.work = made
    return made


def scheduler_of(**settings):
    made = Scheduler(Settings(**settings), Mock(), ByHand())
    made._cores = 1
    return made


@pytest.fixture
def scheduler():
    """Two slots, room for three to wait, one job at a time for each user."""
    return scheduler_of(workers=2, queue=3, per_user=1)


@pytest.mark.parametrize(("jobs", "pictures"), [(0, 12.5), (8, 12.5), (9, 8.0), (16, 8.0), (17, 5.0), (200, 5.0)])
def test_two_cores_afford_so_many_pictures_a_second_of_each_of_so_many_runs(jobs, pictures):
    assert snapshots_for(jobs, cores=2) == pictures


def test_on_a_busy_machine_every_job_is_told_to_show_fewer_pictures():
    busy, jobs = scheduler_of(workers=5), [job(str(number)) for number in range(5)]
    for each in jobs:
        busy.accept(each)
    assert [each.send_snapshot_rate.call_args.args for each in jobs] == [(8.0,)] * 5


def test_who_waits_hears_the_place_counted_from_one_and_an_estimate(scheduler):
    scheduler._held_seconds.extend([4.0, 6.0])
    jobs = [job(str(number)) for number in range(4)]
    for each in jobs:
        scheduler.accept(each)
    assert [each.wait_in_queue.call_args and each.wait_in_queue.call_args.args for each in jobs] == [
        None, None, (1, 2.5, False), (2, 5.0, False),
    ]  # fmt: skip


def test_before_anything_has_ended_there_is_no_estimate(scheduler):
    jobs = [job("one"), job("two"), job("three")]
    for each in jobs:
        scheduler.accept(each)
    assert jobs[2].wait_in_queue.call_args.args == (1, None, False)


def test_the_second_job_of_a_user_asks_the_first_to_make_way(scheduler):
    first, second = job("one"), job("one")
    scheduler.accept(first)
    scheduler.accept(second)
    assert first.give_way.called and not second.give_way.called
    assert second.wait_in_queue.call_args.args == (1, None, True)


def test_what_everybody_has_left_makes_way_for_those_who_wait_and_for_no_more(scheduler):
    seen, one, other, waiting = job("one"), job("two"), job("three"), job("four")
    scheduler._slots, scheduler._queue = 3, FairQueue(3, 3, 1)
    for each in (seen, one, other):
        scheduler.accept(each)
    one.deserted = other.deserted = True
    scheduler.recount()
    assert not one.give_way.called
    scheduler.accept(waiting)
    assert [each.give_way.called for each in (seen, one, other)] == [False, True, False]


def test_a_job_that_gives_its_process_back_lets_the_next_begin(scheduler):
    first, second = job("one"), job("one")
    scheduler.accept(first)
    scheduler.accept(second)
    scheduler.left(first)
    assert second.begin.called and scheduler.running == 1 and not scheduler.empty.is_set()
    scheduler.left(second)
    assert scheduler.running == 0 and scheduler.empty.is_set()


def test_whoever_comes_or_goes_while_the_others_are_told_is_counted_too(scheduler):
    first, waiting, more = job("one"), job("two"), job("three")
    scheduler.accept(first)
    scheduler.accept(job("four"))
    waiting.wait_in_queue.side_effect = lambda *words: setattr(waiting, "ended", True) or scheduler.recount()
    scheduler.accept(waiting)
    scheduler.accept(more)
    assert more.wait_in_queue.call_args.args[0] == 1


def test_what_has_ended_before_its_turn_gets_none(scheduler):
    late = job("one")
    late.ended = True
    scheduler.accept(late)
    assert not late.begin.called and not late.refuse.called and scheduler.running == 0


def test_with_every_slot_taken_it_is_full(scheduler):
    scheduler.accept(job("one"))
    before = scheduler.full
    scheduler.accept(job("two"))
    assert (before, scheduler.full) == (False, True)


def test_closing_ends_and_kills_what_runs_and_what_waits_and_refuses_what_comes(scheduler):
    jobs, late = [job("one"), job("two"), job("three")], job("four")
    for each in jobs:
        scheduler.accept(each)
    scheduler.close()
    scheduler.accept(late)
    assert all(each.end.called and each.kill.called for each in jobs)
    late.refuse.assert_called_once_with("The server is shutting down.")
