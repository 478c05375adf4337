"""Who is let in: so many in all, so many of one client, so many at once; and everybody again when there is room."""

import pytest

from bnviz.live import crowd as crowd_module
from bnviz.live.crowd import Crowd, name_of
from bnviz.live.limits import SocketLimits

FEW = SocketLimits(in_all=5, per_client=3)


def test_a_client_may_hold_so_many_sockets_and_no_more():
    crowd = Crowd(FEW)
    assert [crowd.enter("one", 0.0) for _ in range(4)] == ["", "", "", "client"]


def test_one_clients_crowd_does_not_shut_out_another():
    crowd = Crowd(FEW)
    for _ in range(4):
        crowd.enter("one", 0.0)
    assert crowd.enter("other", 0.0) == ""


def test_when_all_places_are_taken_nobody_is_let_in():
    crowd = Crowd(FEW)
    assert [crowd.enter(f"client {i}", 0.0) for i in range(6)] == ["", "", "", "", "", "full"]
    assert crowd.full


def test_who_leaves_makes_room():
    crowd = Crowd(SocketLimits(in_all=5, per_client=3))
    for _ in range(3):
        crowd.enter("one", 0.0)
    crowd.leave("one")
    assert crowd.enter("one", 10.0) == ""


def test_opening_and_closing_in_a_loop_is_soon_refused_and_later_forgiven():
    crowd = Crowd(FEW)
    answers = []
    for _ in range(5):
        answers.append(crowd.enter("one", 0.0))
        if not answers[-1]:
            crowd.leave("one")
    assert answers == ["", "", "", "hurry", "hurry"]
    assert crowd.enter("one", 1 / (3 * crowd_module.SHARE_A_SECOND)) == ""


def test_a_class_whose_network_blinked_is_let_in_again():
    crowd = Crowd(SocketLimits())
    for _ in range(600):
        assert crowd.enter("school", 0.0) == ""
    for _ in range(600):
        crowd.leave("school")
    assert [crowd.enter("school", 20.0) for _ in range(600)] == [""] * 600


def test_those_who_left_are_forgotten_when_there_are_many(monkeypatch):
    monkeypatch.setattr(crowd_module, "MOST_KNOWN", 10)
    crowd = Crowd(FEW)
    crowd.enter("stays", 0.0)
    for i in range(100):
        crowd.enter(f"passes {i}", 0.0)
        crowd.leave(f"passes {i}")
    assert len(crowd._clients) <= 11 and "stays" in crowd._clients


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("", ""), ("x" * 5000, "x" * 64), ("unix:", "unix:"),
    ],
)  # fmt: skip
def test_an_address_has_one_name_and_an_ipv6_home_too(address: str, name: str):
    assert name_of(address) == name
