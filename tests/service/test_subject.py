"""Whoever follows something hears everything once and in order, and nothing after its end."""

from __future__ import annotations

from collections.abc import Iterable

from bnviz.service.subject import State, Subject
from tests.by_hand.owner import ByHand


class Told(Subject[str]):
    """Something that was seen twice already."""

    def _so_far(self) -> Iterable[str]:
        return ("first", "second")


def told() -> Told:
    return Told(ByHand(), "a user", State("running"))


def test_the_first_end_stays():
    ended, heard = told(), list[object]()
    ended.subscribe(heard.append, so_far=False)
    for name in ("finished", "failed", "running"):
        ended._change(name=name)
    assert [state.name for state in heard] == ["running", "finished"] and ended.state.name == "finished"


def test_who_comes_late_hears_what_was_seen_then_how_it_ended_and_is_kept_no_longer():
    ended, heard = told(), list[object]()
    ended._change(name="cancelled")
    ended.subscribe(heard.append)
    assert heard == ["first", "second", ended.state] and not ended._callbacks


def test_who_no_longer_listens_hears_nothing():
    running, heard = told(), list[object]()
    running.subscribe(heard.append, so_far=False)
    running.unsubscribe(heard.append)
    running._tell("third")
    assert len(heard) == 1
