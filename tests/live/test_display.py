"""A display: what a page is sent of a map, a sweep or a study, who looks, and when its work ends."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from bnviz.live.audience import EMPTIED_AFTER_SECONDS, OPENING_SECONDS
from bnviz.live.display import Display
from bnviz.live.protocol import Ack, packed
from bnviz.service import State
from bnviz.settings import Settings
from bnviz.table import Table
from tests.by_hand.owner import ByHand, Timer


class Painter:
    """Counts rows, and is drawn when it is told to."""

    setup = {"words": "the same for all of it"}  # noqa: RUF012

    def __init__(self) -> None:
        self.rows = self.drawings = 0

    def add(self, rows: Table) -> None:
        self.rows += len(rows)

    def draw(self) -> dict[str, Any]:
        self.drawings += 1
        return {"drawn": self.rows}

    def progress(self, state: State | None, seconds_left: float | None) -> tuple[float | None, str]:
        return None, f"{self.rows} rows"

    def frame_since(self, run: int, step: int) -> tuple[bytes, int] | None:
        return (packed(run, {"step": self.rows}), self.rows) if self.rows > max(0, step) else None


class Job:
    """Work that the test does."""

    def __init__(self, state: str = "running") -> None:
        self.state, self.cancelled = State(state), 0  # type: ignore[arg-type]

    def subscribe(self, callback: Any) -> None:
        self.tell = callback
        callback(self.state)

    def unsubscribe(self, callback: Any) -> None:
        self.tell = lambda change: None

    def rows(self, count: int) -> None:
        self.tell(Table({"x": [1.0] * count}))

    def become(self, name: Any) -> None:
        self.state = State(name)
        self.tell(self.state)

    def cancel(self) -> None:
        self.cancelled += 1
        if not self.state.ended:
            self.become("cancelled")


class Listener:
    """A page that only counts how often it was woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1

    def close(self, code: int) -> None:
        pass


class Hall:
    """Registry of one display, with timers that go off when the test says so."""

    def __init__(self, grace_seconds: int = 45) -> None:
        self.service = SimpleNamespace(settings=Settings(grace_seconds=grace_seconds))
        self.owner = ByHand()
        self.kept: list[str] = []
        self.display = Display(self)  # type: ignore[arg-type]
        self.painter = Painter()

    @property
    def timers(self) -> list[Timer]:
        return self.owner.waiting

    def paint(self, act: Callable[[], object]) -> None:
        act()

    def keep(self, audience: Display) -> None:
        self.kept.append(audience.token)

    def forget(self, audience: Display) -> None:
        self.kept = []

    def show(self, job: Any, key: str = "map") -> None:
        self.display.show(key, lambda: self.painter, job)


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def job(hall: Hall) -> Job:
    job = Job()
    hall.show(job)
    return job


def sent(stream: Any) -> list[Any]:
    """Texts as their words, frames as their header."""
    def words(message: str | bytes) -> Any:
        if isinstance(message, str):
            return orjson.loads(message)
        return orjson.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])

    return [words(message) for message in stream.news(0.0)]


def test_a_page_is_told_the_setup_the_state_and_what_is_drawn(hall: Hall, job: Job):
    job.rows(3)
    setup, state, frame = sent(hall.display.stream())
    assert (setup["kind"], setup["words"]) == ("setup", "the same for all of it")
    assert (state["state"], state["stage"]) == ("running", "moving")
    assert frame == {"run": 1, "step": 3}


def test_the_end_is_told_with_all_rows_and_not_before_they_are_painted(
    hall: Hall, job: Job, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bnviz.live.picture.DRAWN_EVERY_SECONDS", 0.0)
    later: list[Callable[[], object]] = []
    hall.paint = later.append  # type: ignore[method-assign, assignment]
    job.rows(2)
    job.rows(1)
    job.become("finished")
    told = []
    for act in later:
        act()
        state = sent(hall.display.stream())[1]
        told.append((state["state"], state["sentence"]))
    assert told == [("running", "2 rows"), ("running", "3 rows"), ("finished", "3 rows")]


def test_before_there_is_a_job_a_page_is_told_what_one_would_look_like(hall: Hall):
    hall.show(None)
    setup, state = sent(hall.display.stream())
    assert (setup["kind"], state["stage"]) == ("setup", "empty")


def test_what_was_recorded_is_shown_and_said_to_be_until_a_job_takes_its_place(hall: Hall):
    hall.painter.rows = 3
    hall.display.show("map", lambda: hall.painter, recorded=True)
    _, state, frame = sent(hall.display.stream())
    assert (state["state"], state["stage"], hall.display.stage) == ("recorded",) * 3 and frame["step"] == 3
    hall.show(Job())
    assert hall.display.stage == "moving"


def test_what_piled_up_is_sent_when_the_page_has_drawn(hall: Hall, job: Job):
    stream = hall.display.stream()
    job.rows(3)
    sent(stream)
    job.rows(2)
    assert [message for message in sent(stream) if "step" in message] == []
    stream.ack(Ack(do="ack", run=1, step=3))
    assert sent(stream)[-1] == {"run": 1, "step": 5}


def test_a_page_that_comes_back_is_sent_what_it_has_not_drawn(hall: Hall, job: Job):
    job.rows(3)
    assert [message.get("step") for message in sent(hall.display.stream(run=1, since=3))] == [None]


def test_rows_are_drawn_at_once_and_then_not_before_a_while(hall: Hall, job: Job):
    hall.display.picture._drawn_at = -1.0
    job.rows(1)
    drawn = hall.painter.drawings
    job.rows(1)
    job.rows(1)
    (timer,) = [timer for timer in hall.timers if timer.seconds <= 0.25]
    assert hall.painter.drawings == drawn
    timer.ring()
    assert sent(hall.display.stream())[1]["drawn"] == 3


def test_an_end_is_told_at_once_with_everything_that_came(hall: Hall, job: Job):
    job.rows(1)
    job.rows(1)
    job.become("finished")
    _, state, _ = sent(hall.display.stream())
    assert (state["stage"], state["drawn"]) == ("finished", 2)


def test_every_page_is_woken_by_news(hall: Hall, job: Job):
    pages = [Listener(), Listener()]
    for page in pages:
        hall.display.attach(page)
    before = [page.woken for page in pages]
    job.rows(1)
    assert all(page.woken > woken for page, woken in zip(pages, before, strict=True))


def test_the_same_again_changes_nothing(hall: Hall, job: Job):
    job.rows(2)
    hall.show(job)
    assert sent(hall.display.stream(run=1, since=2))[0]["kind"] == "state" and job.cancelled == 0


def test_another_job_takes_the_place_of_the_one_before(hall: Hall, job: Job):
    other = Job()
    hall.show(other, "another")
    job.rows(5)
    assert (job.cancelled, other.cancelled, hall.painter.rows) == (1, 0, 0)
    assert sent(hall.display.stream(run=1, since=0))[0]["run"] == 2


def test_what_nobody_looks_at_ends_after_the_grace(hall: Hall, job: Job):
    page = Listener()
    hall.display.attach(page)
    hall.display.detach(page)
    assert hall.timers[-1].seconds == 45 and not job.cancelled
    hall.timers[-1].ring()
    assert job.cancelled == 1 and hall.display.stage == "cancelled"


def test_what_no_page_ever_looked_at_ends_too(hall: Hall, job: Job):
    hall.timers[0].ring()
    assert job.cancelled == 1


def test_a_page_has_time_to_open_its_socket_however_short_the_grace_is():
    hall = Hall(grace_seconds=0)
    hall.show(Job())
    assert [timer.seconds for timer in hall.timers] == [OPENING_SECONDS]


def test_a_page_that_shows_it_again_has_that_time_again(hall: Hall, job: Job):
    (before,) = hall.timers
    hall.show(job)
    assert hall.timers != [before] and not before.waits


def test_who_comes_back_in_time_finds_it_going_on(hall: Hall, job: Job):
    hall.display.attach(Listener())
    assert not hall.timers and not job.cancelled


@pytest.mark.parametrize("name", ["paused", "finished"])
def test_what_rests_or_is_done_is_left_alone(hall: Hall, job: Job, name: str):
    job.become(name)
    hall.timers[0].ring()
    assert not job.cancelled
    assert hall.timers[0].seconds == EMPTIED_AFTER_SECONDS
    hall.timers[0].ring()
    assert hall.display.stage == name and hall.kept == []


def test_a_shared_job_is_given_up_once(hall: Hall, job: Job):
    job.become = lambda name: None  # type: ignore[method-assign]
    hall.timers[0].ring()
    hall.display.clear()
    assert job.cancelled == 1 and hall.display.job is None


def test_a_lost_token_is_replaced(hall: Hall, job: Job):
    lost = hall.display.token
    hall.display.readdress()
    assert hall.display.token != lost and hall.kept[-1] == hall.display.token


def test_the_socket_serves_a_display_like_a_session(server: Any):
    display, painter = server.sessions.display(), Painter()
    painter.rows = 3
    display.show("map", lambda: painter)
    with server.board(display.token) as board:
        setup, state, frame = (board.connection.recv(30) for _ in range(3))
    assert (orjson.loads(setup)["kind"], orjson.loads(state)["stage"]) == ("setup", "empty")
    assert orjson.loads(frame[4 : 4 + int.from_bytes(frame[:4], "little")]) == {"run": 1, "step": 3}
