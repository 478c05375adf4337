"""The queue: owners take turns, whoever has most to do; and nobody has more than their share."""

from dataclasses import dataclass, field

import pytest

from bnviz.service.fair_queue import FairQueue


@dataclass(eq=False)
class Waiting:
    whose: str
    work: object = field(default_factory=object)
    ended: bool = False


def called(queue):
    entries = []
    while entry := queue.next():
        entries.append(entry)
    return entries


def joined(queue, *owners):
    entries = [Waiting(owner) for owner in owners]
    for entry in entries:
        assert not queue.join(entry)
    return entries


def test_who_comes_first_is_called_first():
    queue = FairQueue(slots=2, most_waiting=9, each=9)
    ann, bob, cat = joined(queue, "ann", "bob", "cat")
    assert called(queue) == [ann, bob] and list(queue) == [cat]


def test_owners_take_turns():
    queue = FairQueue(slots=9, most_waiting=9, each=9)
    ann, more, most, bob = joined(queue, "ann", "ann", "ann", "bob")
    assert list(queue) == [ann, bob, more, most]
    assert called(queue) == [ann, bob, more, most]


def test_whose_turn_it_was_is_behind_the_others():
    queue = FairQueue(slots=1, most_waiting=9, each=9)
    ann, more, bob = joined(queue, "ann", "ann", "bob")
    assert called(queue) == [ann]
    queue.leave(ann)
    assert called(queue) == [bob]
    queue.leave(bob)
    assert called(queue) == [more]


def test_an_owner_has_one_place_while_others_are_free():
    queue = FairQueue(slots=9, most_waiting=9, each=1)
    (ann,) = joined(queue, "ann")
    assert called(queue) == [ann]
    (more,) = joined(queue, "ann")
    assert called(queue) == [] and queue.blockers(more) == [ann]
    queue.leave(ann)
    assert called(queue) == [more]


def test_the_processes_of_one_work_count_as_one():
    queue, work = FairQueue(slots=9, most_waiting=9, each=1), object()
    entries = [Waiting("ann", work) for _ in range(3)]
    assert [queue.join(entry) for entry in entries] == ["", "", ""]
    assert called(queue) == entries


def test_what_is_over_blocks_nobody_though_its_process_is_not_gone_yet():
    queue = FairQueue(slots=9, most_waiting=9, each=1)
    (ann,) = joined(queue, "ann")
    called(queue)
    ann.ended = True
    (more,) = joined(queue, "ann")
    assert called(queue) == [more]


def test_who_has_one_in_line_is_refused_another():
    queue = FairQueue(slots=1, most_waiting=9, each=1)
    called(queue) or (joined(queue, "bob") and called(queue))
    joined(queue, "ann")
    assert queue.join(Waiting("ann")).startswith("One of your runs is in the queue already.")


def test_a_full_line_says_how_many_wait():
    queue = FairQueue(slots=1, most_waiting=2, each=1)
    joined(queue, "ann")
    called(queue)
    joined(queue, "bob", "cat")
    assert queue.join(Waiting("dan")) == "2 runs are waiting already. Try again in a minute."


def test_who_was_here_before_is_let_in_however_many_wait():
    queue = FairQueue(slots=1, most_waiting=1, each=1)
    joined(queue, "ann")
    called(queue)
    joined(queue, "bob")
    assert queue.join(Waiting("cat")) and not queue.join(Waiting("bob"), at_any_rate=True)


@pytest.mark.parametrize("many", [1, 5, 50])
def test_a_newcomer_waits_for_one_turn_of_each_owner_whatever_they_have_in_line(many):
    queue = FairQueue(slots=1, most_waiting=999, each=99)
    joined(queue, *["greedy"] * many, "ann")
    assert [entry.whose for entry in queue].index("ann") == min(many, 1)


def test_who_finds_a_free_slot_need_not_wait_even_where_nobody_may_wait():
    queue = FairQueue(slots=1, most_waiting=0, each=9)
    assert not queue.join(Waiting("ann")) and queue.next()
    assert queue.join(Waiting("bob")) == "0 runs are waiting already. Try again in a minute."


def test_what_has_ended_while_it_waited_is_not_counted():
    queue = FairQueue(slots=0, most_waiting=9, each=9)
    joined(queue, "ann", "bob")[0].ended = True
    assert len(queue) == 1
