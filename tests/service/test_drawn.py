"""A drawing that a run is asked about: at once, with every picture, in the next process too, and by several readers."""

from __future__ import annotations

import base64

import pytest

from bnviz.drawn import Answer, name_of
from bnviz.messages import BadMessage, Message, Parser
from bnviz.service.protocol import answer_to_bytes, message_to_answer
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()
SEVEN, ONE = (base64.b64encode(bytes([shade] * 64)).decode() for shade in (7, 1))


def to(drawing, step=None):
    """Whether a report is an answer to this drawing (at this step)."""
    return lambda change: (
        isinstance(change, Answer) and change.drawing == name_of(drawing) and step in (None, change.step)
    )


def test_a_paused_run_answers_where_it_stands_and_after_the_next_step(service, follow):
    run = service.submit(EXAMPLE, "ann")
    follower = follow(run)
    follower.until_state("paused")
    run.ask("ann", SEVEN)
    follower.until(to(SEVEN, 0))
    run.send("step")
    assert follower.until(to(SEVEN, 1)).arms["bn"].shape == (2, 10)
    run.leave("ann")


def test_two_readers_of_one_run_ask_about_two_drawings_and_still_share_it(service, follow):
    ann = service.submit(EXAMPLE, "ann", play=True)
    service.submit(EXAMPLE, "bob", play=True)
    follower = follow(ann)
    ann.ask("ann", SEVEN)
    ann.ask("bob", ONE)
    follower.until(to(SEVEN)), follower.until(to(ONE))
    assert service.submit(EXAMPLE, "cyd", play=True) is ann
    for user in ("ann", "bob", "cyd"):
        ann.leave(user)


def test_an_answer_travels_and_nothing_else_is_one():
    (message,) = Parser().feed(answer_to_bytes(Scripted(EXAMPLE).answer(SEVEN)))
    assert message_to_answer(message).drawing == name_of(SEVEN)
    with pytest.raises(BadMessage, match="where an answer was expected"):
        message_to_answer(Message("answer", {"step": 0}))
