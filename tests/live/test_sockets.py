"""Who is let in: so many in all, so many of one client, so many at once; and everybody again when there is room."""

import pytest

from bnviz.live.limits import limiter
from bnviz.live.limits.clients import name_of
from bnviz.live.limits.limiter import Sockets
from bnviz.live.limits.token_bucket import TokenBucket

FEW = {"in_all": 5, "per_client": 3}


def test_a_client_may_hold_so_many_sockets_and_no_more():
    sockets = Sockets(**FEW)
    assert [sockets.enter("one", 0.0) for _ in range(4)] == ["", "", "", "client"]


def test_one_clients_sockets_does_not_shut_out_another():
    sockets = Sockets(**FEW)
    for _ in range(4):
        sockets.enter("one", 0.0)
    assert sockets.enter("other", 0.0) == ""


def test_when_all_places_are_taken_nobody_is_let_in():
    sockets = Sockets(**FEW)
    assert [sockets.enter(f"client {i}", 0.0) for i in range(6)] == ["", "", "", "", "", "full"]
    assert sockets.full


def test_who_leaves_makes_room():
    sockets = Sockets(**FEW)
    for _ in range(3):
        sockets.enter("one", 0.0)
    sockets.leave("one")
    assert sockets.enter("one", 10.0) == ""


def test_opening_and_closing_in_a_loop_is_soon_refused_and_later_forgiven():
    sockets = Sockets(**FEW)
    answers = []
    for _ in range(5):
        answers.append(sockets.enter("one", 0.0))
        if not answers[-1]:
            sockets.leave("one")
    assert answers == ["", "", "", "hurry", "hurry"]
    assert sockets.enter("one", 1 / limiter.LEAST_A_SECOND) == ""


def test_a_class_whose_network_blinked_is_let_in_again():
    sockets = Sockets(4000, 600)
    for _ in range(600):
        assert sockets.enter("school", 0.0) == ""
    for _ in range(600):
        sockets.leave("school")
    assert [sockets.enter("school", 20.0) for _ in range(600)] == [""] * 600


def test_those_who_left_are_forgotten_when_there_are_many(monkeypatch):
    monkeypatch.setattr(limiter, "MOST_KNOWN", 10)
    sockets = Sockets(**FEW)
    sockets.enter("stays", 0.0)
    for i in range(100):
        sockets.enter(f"passes {i}", 0.0)
        sockets.leave(f"passes {i}")
    assert len(sockets._clients) <= 11 and "stays" in sockets._clients


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("", ""), ("x" * 5000, "x" * 64), ("unix:", "unix:"),
    ],
)  # fmt: skip
def test_an_address_has_one_name_and_an_ipv6_home_too(address: str, name: str):
    assert name_of(address) == name


def test_who_was_away_for_long_has_what_the_bucket_holds_and_no_more():
    bucket = TokenBucket(most=2.0, per_second=1.0, now=0.0)
    assert [bucket.take(1.0, now) for now in (100.0, 100.0, 100.0, 101.0)] == [True, True, False, True]


def test_a_second_flows_in_once():
    bucket = TokenBucket(most=2.0, per_second=1.0, now=0.0)
    assert bucket.take(2.0, 0.0)
    assert [bucket.take(1.0, now) for now in (0.6, 0.6, 1.0, 1.1)] == [False, False, True, False]
