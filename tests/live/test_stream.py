"""What a page is sent, on a clock that the test holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from bnviz.inside import Inside
from bnviz.live.feed import Feed
from bnviz.live.insides import MOST_AT_ONCE, MOST_KEPT, Insides
from bnviz.live.protocol import Ack, PackedRow
from bnviz.live.run_stream import MOST_ROWS, RunStream, due
from bnviz.snapshot import Snapshot
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()


class Stage:
    """A session with a show that the test changes."""

    def __init__(self, rows: int = 0, label: str = "live") -> None:
        self.words, self.speed = "state", 0
        self.insides: Insides | None = None
        self.answer = ""
        self.set(1, label)
        self.train(rows)

    def set(self, run: int, label: str = "live") -> None:
        feed = Feed(lambda snapshot: PackedRow(snapshot.step, 0.0, "", b"rowy"))
        self.shown: Any = SimpleNamespace(run=run, label=label, setup=f"setup {run}", feed=feed, play=True)

    def train(self, rows: int) -> None:
        for _ in range(rows):
            self.shown.feed.add(Snapshot(len(self.shown.feed), 0.0, {}))

    def state_of(self, show: Any) -> str:
        return self.words


def sent(viewer: RunStream, now: float = 0.0) -> list[Any]:
    """Texts as they are, frames as the steps in them."""
    def steps(data: bytes) -> list[int]:
        return orjson.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])["steps"]

    return [steps(message) if isinstance(message, bytes) else message for message in viewer.news(now)]


def looked(stage: Stage, *steps: int, unit: tuple[int, int] = (1, 2)) -> None:
    """Somebody has a unit open, and it was read at these steps."""
    stage.insides = stage.insides or Insides(1, EXAMPLE, unit)
    for step in steps:
        stage.insides.add(Inside(step, unit, {}))


def ack(step: int, run: int = 1) -> Ack:
    return Ack(do="ack", run=run, step=step)


def test_a_new_page_is_told_the_setup_the_state_and_all_rows():
    assert sent(RunStream(Stage(3))) == ["setup 1", "state", [0, 1, 2]]


def test_a_page_that_comes_back_is_sent_what_it_has_not_drawn():
    assert sent(RunStream(Stage(5), run=1, since=2)) == ["state", [3, 4]]


def test_a_page_that_comes_back_to_another_run_begins_anew():
    assert sent(RunStream(Stage(2), run=7, since=50)) == ["setup 1", "state", [0, 1]]


def test_nothing_more_is_sent_before_the_page_has_drawn():
    stage = Stage(1)
    viewer = RunStream(stage)
    sent(viewer)
    stage.train(30)
    assert sent(viewer) == []


def test_what_piled_up_comes_in_the_next_frame():
    stage = Stage(1)
    viewer = RunStream(stage)
    sent(viewer)
    stage.train(3)
    viewer.ack(ack(0))
    assert sent(viewer) == [[1, 2, 3]]


@pytest.mark.parametrize("wrong", [ack(-1), ack(2, run=2)])
def test_an_acknowledgement_of_something_else_counts_for_nothing(wrong: Ack):
    stage = Stage(3)
    viewer = RunStream(stage)
    sent(viewer)
    stage.train(1)
    viewer.ack(wrong)
    assert sent(viewer) == []


def test_a_state_is_sent_when_it_changes_only():
    stage = Stage()
    viewer = RunStream(stage)
    sent(viewer)
    assert sent(viewer) == []
    stage.words = "another"
    assert sent(viewer) == ["another"]


def test_a_new_run_does_not_wait_for_the_old_one_to_be_drawn():
    stage = Stage(2)
    viewer = RunStream(stage)
    sent(viewer)
    stage.set(2)
    stage.words = "state of 2"
    stage.train(1)
    assert sent(viewer) == ["setup 2", "state of 2", [0]]


def test_a_long_history_comes_in_several_frames():
    stage = Stage(MOST_ROWS + 50)
    viewer = RunStream(stage)
    first = sent(viewer)[-1]
    viewer.ack(ack(first[-1]))
    assert first + sent(viewer)[0] == list(range(MOST_ROWS + 50))


def test_a_recording_is_played_row_by_row():
    stage = Stage(10, "recorded")
    viewer = RunStream(stage)
    assert sent(viewer, 100.0)[-1] == [0]
    viewer.ack(ack(0))
    assert viewer.patience(100.0) == pytest.approx(0.2)
    assert sent(viewer, 100.95) == [[1, 2]]


def test_a_recording_lingers_on_its_first_hundred_steps():
    assert due([0, 1, 50, 100, 150, 200], speed=0) == pytest.approx([0, 0.2, 0.7, 1.2, 1.325, 1.45])


def test_a_recording_lingers_for_five_seconds_however_many_rows_its_beginning_has():
    assert due(range(0, 101, 2), speed=0)[-1] == pytest.approx(5)
    assert due(range(0, 41), speed=0)[-1] == pytest.approx(5)


def test_the_first_step_of_a_recording_comes_soon_at_any_speed():
    assert [due([0, 500], speed)[1] for speed in (0, 1)] == pytest.approx([0.125, 0.2])


def test_a_recording_plays_as_many_steps_a_picture_as_the_reader_chose():
    assert due([0, 1, 50, 100], speed=50) == pytest.approx([0, 1 / 600, 50 / 600, 100 / 600])


def test_a_recording_takes_a_new_speed_where_it_stands():
    stage = Stage(10, "recorded")
    viewer = RunStream(stage)
    sent(viewer, 100.0)
    viewer.ack(ack(0))
    stage.speed = 1
    assert sent(viewer, 200.0) == [[1]]
    viewer.ack(ack(1))
    assert sent(viewer, 200.0 + 2.5 / 12) == [[2, 3]]


def test_a_recording_that_was_played_to_its_end_waits_for_nothing():
    viewer = RunStream(Stage(10, "recorded"))
    sent(viewer, 0.0)
    viewer.ack(ack(0))
    assert sent(viewer, 60.0) == [list(range(1, 10))]
    viewer.ack(ack(9))
    assert viewer.patience(60.0) is None


def test_a_recording_goes_on_where_a_page_left_it():
    viewer = RunStream(Stage(10, "recorded"), run=1, since=4)
    assert sent(viewer, 50.0) == ["state", [5]]


def test_a_paused_recording_stands_still():
    stage = Stage(10, "recorded")
    viewer = RunStream(stage)
    sent(viewer, 0.0)
    viewer.ack(ack(0))
    stage.shown.play = False
    assert (sent(viewer, 60.0), viewer.patience(60.0)) == ([], None)


def test_a_recording_that_was_paused_goes_on_where_it_stood():
    stage = Stage(10, "recorded")
    viewer = RunStream(stage)
    sent(viewer, 0.0)
    viewer.ack(ack(0))
    for plays, now, rows in [(False, 60.0, []), (True, 90.0, [[1]])]:
        stage.shown.play = plays
        assert sent(viewer, now) == rows


def test_a_session_without_a_wish_says_nothing():
    stage = Stage()
    stage.shown = None
    assert (sent(RunStream(stage)), RunStream(stage).patience(0.0)) == ([], None)


def test_a_unit_that_is_open_comes_ahead_of_the_row_it_belongs_to():
    stage = Stage(1)
    looked(stage, 0)
    assert sent(RunStream(stage)) == ["setup 1", "state", [0], [0]]


def test_what_is_open_waits_like_a_frame_and_comes_once():
    stage = Stage(1)
    viewer = RunStream(stage)
    sent(viewer)
    looked(stage, 0, 1)
    assert sent(viewer) == []
    viewer.ack(ack(0))
    assert [sent(viewer), sent(viewer)] == [[[0, 1]], []]


def test_another_unit_is_told_from_its_beginning():
    stage = Stage(1)
    looked(stage, 0)
    viewer = RunStream(stage)
    sent(viewer)
    viewer.ack(ack(0))
    stage.insides = None
    looked(stage, 0, unit=(2, 2))
    assert sent(viewer) == [[0]]


def test_why_nothing_comes_is_said_once():
    stage = Stage(1)
    looked(stage)
    viewer = RunStream(stage)
    sent(viewer)
    viewer.ack(ack(0))
    stage.insides.message = "Because."
    assert [sent(viewer), sent(viewer)] == [[[]], []]


def test_of_a_unit_that_is_open_for_long_the_newest_steps_are_kept():
    stage = Stage(1)
    looked(stage, *range(MOST_KEPT + 50))
    viewer = RunStream(stage)
    first = next(message for message in sent(viewer) if isinstance(message, list))
    assert first == [*range(50, 50 + MOST_AT_ONCE)] and len(stage.insides.steps) == MOST_KEPT


def test_an_answer_is_sent_once_and_does_not_wait_for_a_frame_that_is_under_way():
    stage = Stage(rows=1)
    page = RunStream(stage)
    sent(page)
    stage.answer = "seven"
    assert sent(page) == ["seven"] and sent(page) == []
