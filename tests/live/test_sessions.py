"""What a session does with wishes and buttons, in front of a service that only takes notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.inside import Inside
from bnviz.live import sessions as sessions_module
from bnviz.live.audience import EMPTIED_AFTER_SECONDS, MOST_CONNECTIONS, OPENING_SECONDS
from bnviz.live.feed import Feed, row_maker
from bnviz.live.protocol import Open, Press, Speed
from bnviz.live.session import Session
from bnviz.live.sessions import Sessions
from bnviz.live.shown import Shown
from bnviz.service import State, StoredRun
from bnviz.settings import Settings
from bnviz.snapshot import Event, History
from bnviz.testing import Scripted
from tests.by_hand.owner import ByHand, Timer

EXAMPLE = Scripted.example()


class FakeJob:
    def __init__(self, experiment: Experiment, wishes: dict[str, Any]) -> None:
        self.experiment, self.wishes = experiment, wishes
        self.course = experiment
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.state = State("running" if wishes["play"] else "paused", rates={"plain": 0.5, "bn": 0.5}, every=25)
        self.events: tuple[Event, ...] = ()

        self.looking: set[str] = set()
        self.open: Any = None
        self.history = History(experiment)

    def subscribe(self, callback: Any, so_far: bool = True) -> None:
        self.report = callback
        callback(self.state)

    def unsubscribe(self, callback: Any) -> None:
        self.report = None

    def is_turned(self, course: Experiment) -> None:
        """The worker has said that it obeyed, and when."""
        self.course = course
        self.report(self.state)

    def look(self, user: str) -> None:
        self.looking.add(user)

    def look_away(self, user: str) -> None:
        self.looking.discard(user)
        self.open = None

    def look_inside(self, user: str, unit: Any) -> None:
        self.open = unit

    def ask(self, user: str, drawing: str) -> None:
        self.asked = drawing

    def leave(self, user: str) -> None:
        self.cancel()

    def latest(self) -> None:
        return None

    def send(self, do: str, **words: Any) -> None:
        self.said.append((do, words))

    def cancel(self) -> None:
        self.end("cancelled")

    def end(self, name: Any = "cancelled") -> None:
        self.state = replace(self.state, name=name)


class FakeService:
    def __init__(self) -> None:
        self.settings, self.owner = Settings(grace_seconds=45), ByHand()
        self.jobs: list[FakeJob] = []
        self.found: StoredRun | None = None
        self.others = False

    def stored(self, experiment: Experiment, goal: int | None) -> StoredRun | None:
        return self.found

    def steer(self, job: FakeJob, user: str, do: str, **words: Any) -> FakeJob:
        if self.others:
            job = self.submit(job.experiment, user, play=True)
        job.send(do, **words)
        return job

    def look_back(self, experiment: Experiment, unit: Any, steps: list[int], user: str) -> FakeJob:
        self.back = FakeJob(experiment, {"play": True})
        self.back.wishes |= {"unit": unit, "steps": steps}
        return self.back

    def submit(self, experiment: Experiment, user: str, **wishes: Any) -> FakeJob:
        self.jobs.append(FakeJob(experiment, wishes))
        return self.jobs[-1]


class Page:
    def __init__(self) -> None:
        self.closed_with: int | None = None
        self.wakes = 0

    def wake(self) -> None:
        self.wakes += 1

    def close(self, code: int) -> None:
        self.closed_with = code


class Room:
    """A service, a session, and the timers it set."""

    def __init__(self) -> None:
        self.service = FakeService()
        self.sessions = Sessions(self.service)  # type: ignore[arg-type]
        self.session: Session = self.sessions.take()
        self.page = Page()

    @property
    def timers(self) -> list[Timer]:
        return self.service.owner.waiting

    @property
    def jobs(self) -> list[FakeJob]:
        return self.service.jobs

    def press(self, button: Any) -> None:
        self.session.obey(Press(do=button))

    @property
    def state(self) -> dict[str, Any]:
        assert self.session.shown
        return orjson.loads(self.session.state_of(self.session.shown))


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def live(room: Room) -> Room:
    """A room in which a page looks at a live run."""
    room.session.attach(room.page)
    room.session.load(EXAMPLE)
    return room


@pytest.fixture
def recording() -> History:
    history, trainer = History(EXAMPLE), Scripted(EXAMPLE)
    history.append(trainer.snapshot())
    return history


def test_nothing_trains_before_somebody_looks(room: Room):
    room.session.load(EXAMPLE)
    assert room.jobs == [] and room.state["state"] == "starting"
    room.session.attach(room.page)
    assert [job.experiment for job in room.jobs] == [EXAMPLE]


def test_a_first_run_plays_at_once(live: Room):
    assert live.jobs[0].wishes["play"]


def test_the_same_wish_again_changes_nothing(live: Room):
    live.session.load(Scripted.example())
    assert (len(live.jobs), live.jobs[0].said) == (1, [])


def test_a_new_learning_rate_goes_to_the_run_that_trains(live: Room):
    live.session.load(EXAMPLE.replace(learning_rate=0.1))
    assert live.jobs[0].said == [("learning_rate", {"rate": 0.1, "arm": None})]
    assert len(live.jobs) == 1


def test_a_learning_rate_of_one_arm_goes_to_that_arm(live: Room):
    arms = {**EXAMPLE.arms, "bn": EXAMPLE.arms["bn"].replace(learning_rate=2.0)}
    live.session.load(Experiment(arms=arms, seeds=EXAMPLE.seeds))
    assert live.jobs[0].said == [("learning_rate", {"rate": 2.0, "arm": "bn"})]


def test_anything_else_is_a_new_run_and_ends_the_old_one(live: Room):
    live.session.load(EXAMPLE.replace(width=50))
    assert [job.state.name for job in live.jobs] == ["cancelled", "running"]
    assert live.state["run"] == 2


def test_a_run_that_the_reader_had_paused_is_followed_by_one_that_waits(live: Room):
    live.press("pause")
    live.session.load(EXAMPLE.replace(width=50))
    assert live.jobs[1].wishes["play"] is False


def test_reset_is_the_same_experiment_as_a_new_run(live: Room):
    live.press("reset")
    assert live.jobs[1].experiment == EXAMPLE
    assert live.jobs[1].wishes == {
        "play": True, "speed": 0, "every": 25, "goal": None, "alone": True, "stored": None,
        "watch": ("gradient_shift", "network"),
    }  # fmt: skip


def test_the_network_is_watched_only_where_its_picture_is_on_the_board(live: Room):
    live.session.load(EXAMPLE, charts=("loss",))
    live.session.load(EXAMPLE, charts=("network", "loss"))
    assert [job.wishes["watch"] for job in live.jobs] == [("gradient_shift", "network"), (), ("network",)]


def test_a_run_with_a_goal_is_told_so(live: Room):
    live.session.load(EXAMPLE, charts=("loss",), goal=300)
    assert live.jobs[1].wishes["goal"] == 300


def test_a_new_learning_rate_on_the_way_to_a_goal_is_a_new_run(live: Room):
    live.session.load(EXAMPLE, charts=("loss",), goal=300)
    live.session.load(EXAMPLE.replace(learning_rate=2.0), charts=("loss",), goal=300)
    assert live.jobs[1].state.name == "cancelled"
    assert (live.jobs[2].wishes["play"], live.jobs[2].wishes["goal"]) == (True, 300)


def test_other_charts_are_a_new_run_that_shows_them(live: Room):
    live.session.load(EXAMPLE, charts=("accuracy", "loss"))
    assert live.session.shown
    setup = orjson.loads(live.session.shown.setup)
    assert [chart["name"] for chart in setup["charts"]] == ["accuracy", "loss"]


def test_reset_of_a_paused_run_waits_at_step_zero(live: Room):
    live.press("pause")
    live.press("reset")
    assert live.jobs[1].wishes["play"] is False


def test_reset_replays_the_learning_rates_that_were_set_at_their_steps(live: Room):
    live.session.load(EXAMPLE.replace(learning_rate=0.1))
    live.jobs[0].is_turned(EXAMPLE.turned(7, 0.1))
    live.press("reset")
    assert live.jobs[1].experiment == EXAMPLE.replace(changes=[(7, 0.1)])


def test_a_learning_rate_that_no_run_obeyed_is_the_next_ones_from_its_start(live: Room):
    live.session.load(EXAMPLE.replace(learning_rate=0.1))
    live.press("reset")
    assert live.jobs[1].experiment == EXAMPLE.replace(learning_rate=0.1)


def test_what_came_of_a_wish_can_be_wished_for_and_changes_nothing(live: Room):
    live.session.load(EXAMPLE.replace(learning_rate=0.1))
    live.jobs[0].is_turned(EXAMPLE.turned(7, 0.1))
    assert live.session.experiment == EXAMPLE.replace(changes=[(7, 0.1)])
    for wish in (EXAMPLE.replace(learning_rate=0.1), live.session.experiment):
        live.session.load(wish)
    assert len(live.jobs) == len(live.jobs[0].said) == 1


def test_a_learning_rate_is_set_from_where_the_last_one_left_it(live: Room):
    live.session.load(EXAMPLE.replace(changes=[(150, 1.0)]))
    for rate in (0.5, 3.0, 0.5):
        live.session.load(EXAMPLE.replace(learning_rate=rate))
    assert [words["rate"] for _, words in live.jobs[1].said] == [0.5, 3.0, 0.5]


def test_another_wish_is_not_what_the_run_before_it_came_to(live: Room):
    live.jobs[0].is_turned(EXAMPLE.turned(7, 0.1))
    live.session.load(EXAMPLE.replace(width=50))
    assert live.session.experiment == EXAMPLE.replace(width=50)


def test_other_changes_are_a_new_run(live: Room):
    live.session.load(EXAMPLE.replace(changes=[(150, 1.0)]))
    live.session.load(EXAMPLE.replace(changes=[(100, 1.0)]))
    assert [job.state.name for job in live.jobs] == ["cancelled", "cancelled", "running"]


def test_every_rate_that_a_run_obeyed_is_counted_once(live: Room):
    live.jobs[0].report(live.jobs[0].state)
    assert live.state["turns"] == 0
    for step in (7, 9):
        live.jobs[0].is_turned(live.jobs[0].course.turned(step, 0.1))
        live.jobs[0].report(live.jobs[0].state)
    assert live.state["turns"] == 2


def test_a_run_whose_link_could_carry_no_more_changes_refuses_another_one(live: Room):
    live.jobs[0].state = replace(live.jobs[0].state, step=500)
    live.jobs[0].is_turned(EXAMPLE.replace(changes=[(1 + step, 0.1) for step in range(200)]))
    with pytest.raises(InvalidChoice, match=r"learning_rate was changed 200 times .* try Reset"):
        live.session.load(EXAMPLE.replace(learning_rate=1.0))


def test_the_same_wish_anew_is_a_new_run_that_plays(live: Room):
    live.press("pause")
    live.session.load(EXAMPLE, anew=True)
    assert [job.wishes["play"] for job in live.jobs] == [True, True]


@pytest.mark.parametrize("button", ["play", "pause", "step", "epoch"])
def test_buttons_are_told_to_the_run(live: Room, button: str):
    live.press(button)
    assert live.jobs[0].said == [(button, {})]


def test_a_speed_is_kept_for_the_next_run(live: Room):
    live.session.obey(Speed(do="speed", value=20))
    live.press("reset")
    assert live.jobs[0].said == [("speed", {"value": 20})]
    assert live.jobs[1].wishes["speed"] == 20


@pytest.mark.parametrize("end", ["failed", "finished"])
@pytest.mark.parametrize("button", ["play", "again"])
def test_after_an_end_play_starts_anew(live: Room, end: str, button: str):
    live.jobs[0].end(end)
    live.press(button)
    assert (live.jobs[1].wishes["play"], live.jobs[1].said) == (True, [])


def test_after_an_end_one_step_is_the_first_step_of_a_new_run(live: Room):
    live.jobs[0].end("finished")
    live.press("step")
    assert (live.jobs[1].wishes["play"], live.jobs[1].said) == (False, [("step", {})])


def test_a_recording_is_shown_until_play_is_pressed(room: Room, recording: History):
    room.session.attach(room.page)
    room.session.load(EXAMPLE, recording)
    assert room.jobs == [] and room.state["state"] == "recorded"
    room.press("play")
    assert room.jobs[0].wishes["play"] and room.state["run"] == 2


def test_what_is_told_begins_with_its_recording_up_to_each_goal_whatever_ran_before(room: Room, recording: History):
    def tell(goal: int) -> Shown | None:
        room.session.load(EXAMPLE, recording, goal=goal, told=True)
        return room.session.shown

    room.session.attach(room.page)
    first = tell(1)
    assert tell(1) is first
    room.press("play")
    ran, second = room.session.shown, tell(2)
    assert [shown and shown.label for shown in (first, ran, second)] == ["recorded", "live", "recorded"]


def test_a_recording_without_the_network_is_shown_without_its_picture(room: Room, recording: History):
    def charts() -> list[str]:
        assert room.session.shown
        return [chart["name"] for chart in orjson.loads(room.session.shown.setup)["charts"]]

    room.session.load(EXAMPLE, recording)
    assert "loss" in charts() and "network" not in charts()
    room.press("play")
    assert "network" in charts()


def test_a_recording_of_another_experiment_is_not_shown(room: Room, recording: History):
    room.session.load(EXAMPLE.replace(width=50), recording)
    assert room.state["state"] == "starting"


def test_a_control_moved_while_a_recording_plays_starts_the_live_run(room: Room, recording: History):
    room.session.attach(room.page)
    room.session.load(EXAMPLE, recording)
    room.session.load(EXAMPLE.replace(learning_rate=0.1), None)
    assert room.jobs[0].wishes["play"]


def test_a_recording_can_be_paused_and_goes_on(room: Room, recording: History):
    room.session.load(EXAMPLE, recording)
    for button, plays in [("pause", False), ("replay", True)]:
        room.press(button)
        assert (room.state["state"], room.state["plays"], room.state["run"]) == ("recorded", plays, 1)
    assert room.state["last"] == recording.latest.step


def test_a_live_run_knows_no_replay(live: Room):
    live.press("replay")
    assert live.jobs[0].said == [] and live.state["state"] == "running"


def test_reset_of_a_recording_plays_it_again(room: Room, recording: History):
    room.session.load(EXAMPLE, recording)
    room.press("reset")
    assert (room.state["state"], room.state["run"]) == ("recorded", 2)


def test_when_the_last_page_is_gone_the_run_ends_after_the_grace(live: Room):
    live.session.detach(live.page)
    assert live.jobs[0].state.name == "running" and live.timers[0].seconds == 45
    live.timers[0].ring()
    assert live.jobs[0].state.name == "cancelled"


@pytest.mark.parametrize(("charts", "seconds"), [((), 3), (("loss",), OPENING_SECONDS)])
def test_a_board_that_moves_on_its_page_has_the_time_of_one_that_opens(live: Room, charts, seconds):
    """With other charts it stands elsewhere: the guess is made, and the picture of a lesson becomes its trial."""
    live.service.settings = Settings(grace_seconds=3)
    live.session.load(EXAMPLE, charts=charts)
    live.session.detach(live.page)
    assert live.timers[0].seconds == seconds
    live.session.attach(live.page)
    live.session.detach(live.page)
    assert live.timers[0].seconds == 3


def test_a_page_that_comes_back_in_time_keeps_the_run(live: Room):
    live.session.detach(live.page)
    live.session.attach(live.page)
    assert not live.timers and live.jobs[0].state.name == "running"


def test_a_page_that_comes_back_late_is_told_why_it_stands_still(live: Room):
    live.session.detach(live.page)
    live.timers[0].ring()
    live.session.attach(live.page)
    assert (live.state["state"], "was away" in live.state["message"]) == ("finished", True)


def test_pages_beyond_the_cap_make_the_oldest_give_way(live: Room):
    pages = [Page() for _ in range(MOST_CONNECTIONS)]
    for page in pages:
        live.session.attach(page)
    assert live.page.closed_with == 4408
    assert [page.closed_with for page in pages] == [None] * MOST_CONNECTIONS


def test_a_token_is_long_and_finds_its_own_session_only(room: Room):
    other = room.sessions.take()
    assert len(room.session.token) >= 40 and room.session.token != other.token
    assert room.sessions.find(room.session.token) is room.session
    assert room.sessions.find(room.session.token[:-1]) is None


def test_too_many_unseen_sessions_forget_the_one_unseen_longest(monkeypatch: pytest.MonkeyPatch, live: Room):
    monkeypatch.setattr(sessions_module, "MOST_UNSEEN", 1)
    unseen, newest = live.sessions.take(), live.sessions.take()
    found = [live.sessions.find(session.token) is not None for session in (live.session, unseen, newest)]
    assert found == [True, False, True]


def test_a_session_that_was_forgotten_is_known_again_once_it_is_used(monkeypatch: pytest.MonkeyPatch, live: Room):
    monkeypatch.setattr(sessions_module, "MOST_UNSEEN", 1)
    unseen, _ = live.sessions.take(), live.sessions.take()
    unseen.load(EXAMPLE)
    assert live.sessions.find(unseen.token) is unseen


def test_a_session_unseen_for_long_lets_go_of_its_run_and_begins_anew(live: Room):
    live.session.detach(live.page)
    live.timers[0].ring()
    assert live.timers[0].seconds == EMPTIED_AFTER_SECONDS and live.session.shown
    live.timers[0].ring()
    assert live.session.shown is None and live.sessions.find(live.session.token) is None
    live.session.load(EXAMPLE)
    assert live.state["run"] == 2


def test_what_is_on_show_can_be_taken_home(room: Room, recording: History):
    assert room.session.history is None
    room.session.load(EXAMPLE, recording)
    assert room.session.history is recording


def test_of_a_run_of_which_nothing_was_seen_yet_there_is_nothing_to_take_home(live: Room):
    live.jobs[0].history = History(EXAMPLE)  # type: ignore[attr-defined]
    assert live.session.history is None


def test_who_joins_a_run_before_its_first_row_shares_its_rows_too(room: Room):
    job, first, second = FakeJob(EXAMPLE, {"play": True}), Feed(row_maker(EXAMPLE)), Feed(row_maker(EXAMPLE))
    assert room.sessions.feed_of(job, first) is first
    assert room.sessions.feed_of(job, second) is first


def test_a_copy_that_goes_on_differently_keeps_what_is_on_the_board(live: Room):
    shared, live.service.others = live.jobs[0], True
    shared.report(State("running"))
    run, rows = live.session.shown.run, live.session.shown.feed
    live.press("pause")
    assert (live.session.shown.run, live.session.shown.job, shared.said) == (run, live.jobs[1], [])
    assert live.session.shown.feed is not rows and shared.looking == set()


def opened(room: Room, layer: int, unit: int, back: bool = False) -> None:
    room.session.obey(Open(do="open", layer=layer, unit=unit, back=back))


def test_a_unit_that_is_opened_is_asked_of_the_run_and_closed_again(live: Room):
    opened(live, 2, 5)
    assert (live.jobs[0].open, live.session.insides.unit) == ((2, 5), (2, 5))
    opened(live, 0, 0)
    assert (live.jobs[0].open, live.session.insides) == (None, None)


def test_what_the_run_reads_of_it_is_known_and_another_unit_s_is_not(live: Room):
    opened(live, 2, 5)
    for unit, step in (((2, 5), 10), ((1, 1), 20)):
        live.jobs[0].report(Inside(step, unit, {}))
    assert live.session.insides.steps == {10}


def test_a_unit_stays_open_from_one_run_to_the_next(live: Room):
    opened(live, 2, 5)
    before = live.session.insides
    live.session.load(EXAMPLE.replace(width=50))
    assert live.jobs[1].open == (2, 5) and live.session.insides is not before


def test_a_unit_that_no_arm_has_is_a_sentence_and_no_command(live: Room):
    opened(live, 9, 9)
    assert live.jobs[0].open is None and live.session.insides.message == "No arm has this unit."


def test_of_a_recording_the_steps_are_trained_again(room: Room, recording: History):
    room.session.load(EXAMPLE, recording)
    opened(room, 1, 1)
    assert room.service.back.wishes["steps"] == [0]
    assert "trained again" in room.session.insides.message
    room.service.back.report(Inside(0, (1, 1), {}))
    assert room.session.insides.steps == {0}


def test_what_is_no_longer_looked_for_is_no_longer_trained(room: Room, recording: History):
    room.session.load(EXAMPLE, recording)
    opened(room, 1, 1)
    opened(room, 0, 0)
    assert room.service.back.state.name == "cancelled"


@pytest.mark.parametrize("back", [True, False])
def test_a_live_run_is_trained_again_only_for_a_reader_who_looks_back(live: Room, back: bool):
    live.session.shown.feed.add(Scripted(EXAMPLE).snapshot())
    opened(live, 1, 1, back)
    assert hasattr(live.service, "back") is back


def test_why_training_again_ended_is_said(room: Room, recording: History):
    room.session.load(EXAMPLE, recording)
    opened(room, 1, 1)
    room.service.back.state = State("failed", message="Because.")
    room.service.back.report(room.service.back.state)
    assert room.session.insides.message == "Because."


def test_while_no_page_looks_on_nothing_is_read(live: Room):
    opened(live, 1, 1)
    live.session.detach(live.page)
    assert live.jobs[0].open is None
    live.session.attach(Page())
    assert live.jobs[0].open == (1, 1)


def test_a_page_that_comes_anew_has_no_unit_open_and_one_that_comes_back_keeps_it(live: Room):
    opened(live, 1, 1)
    live.session.stream(run=1, since=0)
    assert live.jobs[0].open == (1, 1)
    live.session.stream()
    assert (live.jobs[0].open, live.session.insides) == (None, None)
