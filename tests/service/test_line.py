"""The line: owners take turns, whoever has most to do; and nobody has more than their share."""

from dataclasses import dataclass, field

import pytest

from bnviz.service.line import Line


@dataclass(eq=False)
class Guest:
    owner: str
    work: object = field(default_factory=object)
    over: bool = False


def called(line):
    guests = []
    while guest := line.call():
        guests.append(guest)
    return guests


def joined(line, *owners):
    guests = [Guest(owner) for owner in owners]
    for guest in guests:
        assert not line.join(guest)
    return guests


def test_who_comes_first_is_called_first():
    line = Line(places=2, most_waiting=9, each=9)
    ann, bob, cat = joined(line, "ann", "bob", "cat")
    assert called(line) == [ann, bob] and list(line) == [cat]


def test_owners_take_turns():
    line = Line(places=9, most_waiting=9, each=9)
    ann, more, most, bob = joined(line, "ann", "ann", "ann", "bob")
    assert list(line) == [ann, bob, more, most]
    assert called(line) == [ann, bob, more, most]


def test_whose_turn_it_was_is_behind_the_others():
    line = Line(places=1, most_waiting=9, each=9)
    ann, more, bob = joined(line, "ann", "ann", "bob")
    assert called(line) == [ann]
    line.leave(ann)
    assert called(line) == [bob]
    line.leave(bob)
    assert called(line) == [more]


def test_an_owner_has_one_place_while_others_are_free():
    line = Line(places=9, most_waiting=9, each=1)
    (ann,) = joined(line, "ann")
    assert called(line) == [ann]
    (more,) = joined(line, "ann")
    assert called(line) == [] and line.blockers(more) == [ann]
    line.leave(ann)
    assert called(line) == [more]


def test_the_processes_of_one_work_count_as_one():
    line, work = Line(places=9, most_waiting=9, each=1), object()
    guests = [Guest("ann", work) for _ in range(3)]
    assert [line.join(guest) for guest in guests] == ["", "", ""]
    assert called(line) == guests


def test_what_is_over_blocks_nobody_though_its_process_is_not_gone_yet():
    line = Line(places=9, most_waiting=9, each=1)
    (ann,) = joined(line, "ann")
    called(line)
    ann.over = True
    (more,) = joined(line, "ann")
    assert called(line) == [more]


def test_who_has_one_in_line_is_refused_another():
    line = Line(places=1, most_waiting=9, each=1)
    called(line) or (joined(line, "bob") and called(line))
    joined(line, "ann")
    assert line.join(Guest("ann")).startswith("One of your runs waits in line already.")


def test_a_full_line_says_how_many_wait():
    line = Line(places=1, most_waiting=2, each=1)
    joined(line, "ann")
    called(line)
    joined(line, "bob", "cat")
    assert line.join(Guest("dan")) == "2 runs are waiting already. Try again in a minute."


@pytest.mark.parametrize("crowd", [1, 5, 50])
def test_a_newcomer_waits_for_one_turn_of_each_owner_whatever_they_have_in_line(crowd):
    line = Line(places=1, most_waiting=999, each=99)
    joined(line, *["greedy"] * crowd, "ann")
    assert [guest.owner for guest in line].index("ann") == min(crowd, 1)
