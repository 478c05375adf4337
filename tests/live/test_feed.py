from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bnviz.live.feed import MOST_ROWS, Feed, recorded_feed
from bnviz.live.protocol import PackedRow
from bnviz.snapshot import History, Snapshot
from bnviz.testing import Scripted

EXAMPLE = Scripted.example()


def fill(steps: int, size: int = 4) -> Feed:
    feed = Feed(lambda snapshot: PackedRow(snapshot.step, 0.0, "", bytes(size)))
    for step in range(steps):
        feed.add(Snapshot(step, 0.0, {}))
    return feed


def test_rows_after_a_step_come_oldest_first():
    assert [row.step for row in fill(10).since(6)] == [7, 8, 9]


def test_only_the_first_rows_come_when_only_they_were_played():
    assert [row.step for row in fill(10).since(1, up_to=4)] == [2, 3]


@given(st.integers(1, 3000))
def test_a_feed_is_bounded_and_keeps_the_first_and_the_newest(steps: int):
    rows = fill(steps).since(-1)
    assert len(rows) <= MOST_ROWS
    assert (rows[0].step, rows[-1].step) == (0, steps - 1)


@given(st.integers(1, 2000))
def test_a_feed_is_thinned_exactly_as_a_history(steps: int):
    history = History(EXAMPLE, MOST_ROWS)
    for step in range(steps):
        history.append(Snapshot(step, 0.0, {}))
    assert [row.step for row in fill(steps).since(-1)] == history.steps.tolist()


def test_large_rows_are_bounded_by_their_bytes():
    assert len(fill(500, size=2**20)) <= 16


def test_a_recording_is_packed_once():
    recording = History(EXAMPLE)
    trainer = Scripted(EXAMPLE)
    recording.append(trainer.snapshot())
    feed = recorded_feed(recording)
    assert recorded_feed(recording) is feed
    assert feed.since(-1)[0].caption.startswith("Before the first step: plain 50.0%")


def test_a_step_that_is_there_already_is_not_packed_again():
    feed = fill(3)
    feed.add(Snapshot(2, 0.0, {}))
    assert [row.step for row in feed.since(-1)] == [0, 1, 2]


def test_a_copy_goes_on_differently():
    feed = fill(3)
    other = feed.copy()
    other.add(Snapshot(7, 0.0, {}))
    assert (len(feed), [row.step for row in other.since(-1)]) == (3, [0, 1, 2, 7])
