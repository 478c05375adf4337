"""A drawn digit: the run on the board is asked, its answers go to the page, and another run is asked instead."""

import base64
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import orjson
import pytest

from bnviz.drawn import Answer, name_of
from bnviz.live.drawn_digit import DrawnDigit
from bnviz.live.protocol import BadCommand, parse

SEVEN, ONE = (base64.b64encode(bytes([shade] * 64)).decode() for shade in (7, 1))


def shown(run=1, alive=True):
    return SimpleNamespace(run=run, alive=alive, job=Mock())


def answer(pixels, step=20):
    return Answer(step, name_of(pixels), {"plain": np.array([[0.25, 0.75], [0.5, 0.5]])})


@pytest.fixture
def drawing():
    return DrawnDigit("ann", Mock())


def test_what_is_drawn_is_asked_and_what_is_answered_goes_to_the_page(drawing):
    board = shown()
    drawing.draw(SEVEN, 3, board)
    board.job.ask.assert_called_once_with("ann", SEVEN)
    drawing.hear(answer(SEVEN))
    arms = {"plain": [[0.25, 0.75], [0.5, 0.5]]}
    assert orjson.loads(drawing.message) == {"kind": "answer", "run": 1, "step": 20, "number": 3, "arms": arms}


def test_what_is_answered_to_another_reader_or_to_an_older_drawing_is_left_aside(drawing):
    drawing.draw(SEVEN, 1, shown())
    drawing.hear(answer(ONE))
    assert drawing.message == ""
    drawing.draw("", 2, shown())
    drawing.hear(answer(SEVEN))
    assert drawing.message == ""


def test_another_run_on_the_board_is_asked_instead_and_none_that_has_ended(drawing):
    drawing.draw(SEVEN, 1, shown())
    other, over = shown(2), shown(3, alive=False)
    drawing.turn_to(other)
    drawing.turn_to(over)
    other.job.ask.assert_called_once_with("ann", SEVEN)
    over.job.ask.assert_not_called()


@pytest.mark.parametrize("pixels", [SEVEN[:-4], "*" * 88, "A" * 1204, 7])
def test_what_is_no_drawing_is_no_command(pixels):
    with pytest.raises(BadCommand):
        parse(orjson.dumps({"do": "draw", "number": 1, "pixels": pixels}).decode())


def test_a_drawing_of_either_size_and_none_are_commands():
    for pixels in (SEVEN, base64.b64encode(bytes(784)).decode(), ""):
        assert parse(orjson.dumps({"do": "draw", "number": 1, "pixels": pixels}).decode()).pixels == pixels
