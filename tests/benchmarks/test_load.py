"""The visitors of the load run hear and say what a browser would: checked without a server."""

import asyncio
import os
import random
import time

import orjson
import pytest
from streamlit.proto.Element_pb2 import Element

from benchmarks.load.board import Board
from benchmarks.load.links import small
from benchmarks.load.site import Site, cpu_seconds, tracebacks
from benchmarks.load.visitor import Visitor
from benchmarks.load.widgets import Widgets
from bnviz.live.protocol import Ack, PackedRow, frame, parse
from tests.loops import run_alone


class Socket:
    """Keeps what it is told to send."""

    def __init__(self):
        self.sent = []

    async def send(self, text):
        self.sent.append(text)


@pytest.fixture
def board():
    board = Board("127.0.0.1:1", draw_seconds=0)
    board._socket = Socket()
    return board


def hear(board, *messages):
    async def take():
        for message in messages:
            await board._take(message)

    run_alone(take())


def setup(run):
    return orjson.dumps({"kind": "setup", "run": run}).decode()


def rows(run, *steps):
    return frame(run, [PackedRow(step, step / 10, "", b"\0" * 12) for step in steps])


def test_a_frame_is_one_update_however_many_rows_it_holds(board):
    hear(board, setup(1), rows(1, 1, 2, 5))
    assert len(board.updates) == 1 and board.rows == 3 and board.step == 5


def test_a_frame_is_acknowledged_in_the_servers_own_words(board):
    hear(board, setup(4), rows(4, 1, 2))
    assert [parse(text) for text in board._socket.sent] == [Ack(do="ack", run=4, step=2)]


def test_rows_of_a_run_that_is_not_on_the_board_are_not_counted(board):
    hear(board, setup(2), rows(1, 10))
    assert board.updates == [] and board._socket.sent == []


def test_the_rate_counts_the_updates_between_two_moments(board):
    board.updates = [0.5, 1.0, 1.25, 1.5, 3.0]
    assert board.rate(1.0, 3.0) == 1.5


@pytest.mark.parametrize(("updates", "longest"), [([], 4.0), ([1.0, 1.5, 4.0], 2.5), ([0.5, 4.5], 3.5), ([3.0], 2.0)])
def test_the_longest_wait_counts_from_the_beginning_and_to_the_end(board, updates, longest):
    board.updates = updates
    assert board.longest_wait(1.0, 5.0) == longest


def slider(**more):
    return Element(slider={"id": "a-setup.depth", "min": 0, "max": 2, "step": 1, "default": [1], **more})


def test_a_widget_stands_at_its_default_until_the_page_sets_it():
    widgets = Widgets()
    widgets.see(slider())
    before = list(widgets.states["a-setup.depth"].double_array_value.data)
    widgets.see(slider(set_value=True, value=[2]))
    assert before == [1] and widgets.states["a-setup.depth"].double_array_value.data == [2]


def test_a_widget_that_a_visitor_moved_stays_when_the_page_is_shown_again():
    widgets = Widgets()
    widgets.see(slider())
    widgets.step(widgets.sliders["a-setup.depth"], -1)
    widgets.see(slider())
    assert widgets.states["a-setup.depth"].double_array_value.data == [0]


@pytest.mark.parametrize(("by", "word"), [(1, "c"), (-1, "a"), (9, "c"), (-9, "a")])
def test_a_ladder_is_climbed_by_its_words_and_no_further_than_its_ends(by, word):
    widgets = Widgets()
    widgets.see(slider(options=["a", "b", "c"]))
    widgets.step(widgets.sliders["a-setup.depth"], by)
    assert widgets.states["a-setup.depth"].string_array_value.data == [word]


def test_the_processor_time_of_this_process_is_what_python_says():
    before, expected = cpu_seconds(os.getpid()), time.process_time()
    assert before == pytest.approx(expected, abs=0.05)


def test_every_traceback_in_a_log_is_found_by_its_last_line():
    log = 'fine\nTraceback (most recent call last):\n  File "x", line 1\n    y()\nValueError: so\nfine\n'
    assert tracebacks(log + log) == ["ValueError: so"] * 2


@pytest.mark.slow
def test_a_visitor_of_the_real_server_sees_a_run_of_its_own_and_moves_a_slider():
    async def visit(site):
        async with Visitor(site.address, small()) as visitor:
            await visitor.seen(3)
            run = visitor.board.run
            await visitor.page.step_slider(random.Random(0), ("setup.width",))
            while visitor.board.run == run:
                await asyncio.sleep(0.02)
            await visitor.seen(len(visitor.board.updates) + 1)
            return visitor.page.errors, visitor.page.drops + visitor.board.drops

    with Site() as site:
        assert run_alone(visit(site)) == ([], 0) and site.tracebacks == []
