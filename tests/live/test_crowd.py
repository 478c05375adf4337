"""Who waits longest goes when there are too many: of one name, or in all."""

from bnviz.live.limits.crowd import Crowd


def test_of_too_many_the_one_that_has_waited_longest_goes():
    crowd: Crowd[int] = Crowd(in_all=2, per_name=2)
    assert [crowd.add(who, f"client {who}") for who in range(4)] == [None, None, 0, 1]


def test_of_too_many_of_one_name_its_own_longest_waiting_goes():
    crowd: Crowd[str] = Crowd(in_all=9, per_name=2)
    assert [crowd.add(who, who[0]) for who in ("b1", "a1", "a2", "a3")] == [None, None, None, "a1"]


def test_those_without_a_name_are_counted_in_all_only():
    crowd: Crowd[int] = Crowd(in_all=3, per_name=1)
    assert [crowd.add(who) for who in range(4)] == [None, None, None, 0]


def test_who_left_is_not_sent_away_and_leaves_nothing_behind():
    crowd: Crowd[int] = Crowd(in_all=1, per_name=1)
    crowd.add(1, "a")
    crowd.remove(1)
    crowd.remove(1)
    assert crowd.add(2, "a") is None and len(crowd) == 1
    crowd.remove(2)
    assert not crowd._named
