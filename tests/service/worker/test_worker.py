"""A worker in a thread, on a socket pair: what it does with commands, and what it says."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from bnviz.experiment import Experiment
from bnviz.messages import Message, Parser, encode
from bnviz.service.protocol import Start, snapshot_to_bytes
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.serving import serve
from bnviz.service.worker.training import Worker
from bnviz.testing import RAISES, REFUSES, TALKS, Scripted

START = Start(budget=10**6, idle_seconds=600, memory_mib=64)


class Line:
    """The web process's end, by hand."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.parser, self.heard = connection, Parser(), list[Message]()
        connection.settimeout(120)

    def say(self, do: str, **words: Any) -> None:
        self.connection.sendall(encode(do, **words))

    def hear(self, kind: str, **hoped: Any) -> Message:
        """The next message of a kind in which these words hold."""
        while True:
            while self.heard:
                message = self.heard.pop(0)
                if message.kind == kind and all(message.words[name] == value for name, value in hoped.items()):
                    return message
            data = self.connection.recv(65536)
            assert data, f"the worker ended before it said {kind} {hoped}"
            self.heard += self.parser.feed(data)

    def rest(self) -> list[Message]:
        """Everything up to the worker's end."""
        while data := self.connection.recv(65536):
            self.heard += self.parser.feed(data)
        return self.heard


@contextlib.contextmanager
def worker(
    experiment: Experiment | None = None, checkpoint: Mapping[str, np.ndarray] = MappingProxyType({}), **changes: Any
) -> Iterator[Line]:
    ours, theirs = socket.socketpair()

    def work() -> None:
        serve(Pipe(theirs), Engine(Scripted), lambda mebibytes: None)
        theirs.close()

    thread = threading.Thread(target=work)
    thread.start()
    with ours:
        line = Line(ours)
        words = replace(START, **changes).words()
        ours.sendall(encode("start", checkpoint, experiment=(experiment or Scripted.example()).to_json(), **words))
        yield line
    thread.join(30)
    assert not thread.is_alive()


def said_to(pipe: Mock) -> list[Message]:
    """By a worker without a process, which was moved by hand."""
    return [message for call in pipe.say.call_args_list for message in Parser().feed(call.args[0])]


def steps_of(messages: list[Message]) -> list[int]:
    return [message.words["step"] for message in messages if message.kind == "snapshot"]


def test_step_zero_is_shown_at_once_and_waits():
    with worker() as line:
        assert line.hear("snapshot").words["step"] == 0
        assert line.hear("state").words["name"] == "paused"


def test_what_is_watched_is_read_from_the_next_picture_on():
    with worker() as line:
        assert "bn/network_weights" not in line.hear("snapshot", step=0).arrays
        line.say("watch", words=["network"])
        line.say("step")
        assert "bn/network_weights" in line.hear("snapshot", step=1).arrays
        line.say("stop")


def test_one_step_is_one_step():
    with worker() as line:
        line.say("step")
        line.hear("snapshot", step=1)
        assert line.hear("state", step=1).words["name"] == "paused"


def test_two_presses_are_two_steps_however_quick():
    with worker() as line:
        line.connection.sendall(encode("step") + encode("step"))
        assert line.hear("state", name="paused", step=2)


def test_one_epoch_goes_to_the_next_whole_epoch():
    with worker() as line:
        line.say("step")
        line.hear("snapshot", step=1)
        line.say("epoch")
        assert line.hear("state", name="paused", step=25)


def test_an_epoch_is_the_first_arms_where_the_arms_differ(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Scripted, "batches_per_epoch", None)
    monkeypatch.setattr(Scripted, "epoch", property(lambda self: self.step / 7))
    with worker() as line:
        line.say("epoch")
        line.hear("state", name="paused", step=7)
        line.say("epoch")
        line.hear("state", name="paused", step=14)


def test_an_epoch_shows_pictures_on_the_way():
    """On a clock that stands still: where steps take long, others are shown."""
    pipe = Mock(pending=0, listen=lambda seconds: [])
    training = Worker(pipe, Scripted(Scripted.example()), START, Scripted.example(), {}, clock=lambda: 100.0)
    training.obey([Message("epoch", {})])
    while training.active:
        training.turn()
    assert steps_of(said_to(pipe)) == [1, 2, 5, 10, 20, 25]


def test_a_run_with_a_goal_is_seen_at_every_twentieth_of_its_way_though_nobody_takes_its_pictures():
    pipe, clock = Mock(pending=1), itertools.count(0.0, 0.01)
    start = replace(START, play=True, goal=200)
    training = Worker(pipe, Scripted(Scripted.example()), start, Scripted.example(), {}, clock=lambda: next(clock))
    while training.active:
        training.train()
    assert {*range(10, 201, 10)} <= {*steps_of(said_to(pipe))}


def test_play_goes_on_until_pause_which_shows_where_it_stands():
    with worker(play=True) as line:
        line.hear("snapshot", step=2)
        line.say("pause")
        stood = line.hear("state", name="paused").words["step"]
        line.say("step")
        assert line.hear("snapshot").words["step"] == stood + 1


def test_a_learning_rate_applies_from_the_next_step_on():
    with worker() as line:
        line.hear("snapshot", step=0)
        line.say("learning_rate", rate=3.0, arm="bn")
        assert line.hear("learning_rate").words == {"step": 0, "rate": 3.0, "arm": "bn", "by_hand": True}
        assert line.hear("state").words["rates"] == {"plain": 0.5, "bn": 3.0}
        line.say("step")
        assert line.hear("snapshot", step=1).arrays["bn/train_loss"][0] == pytest.approx(1 / 4)


def test_a_change_that_the_experiment_brings_is_made_and_said_at_its_step():
    with worker(Scripted.example().replace(changes=[(2, 3.0, "bn")])) as line:
        line.say("step", steps=4)
        assert line.hear("learning_rate").words == {"step": 2, "rate": 3.0, "arm": "bn", "by_hand": False}
        told = line.hear("state").words
        assert (told["name"], told["rates"]) == ("running", {"plain": 0.5, "bn": 3.0})
        line.hear("state", name="paused")


def test_who_sets_a_rate_by_hand_has_it_in_hand():
    with worker(Scripted.example().replace(changes=[(2, 3.0)])) as line:
        line.say("step")
        line.hear("state", name="paused", step=1)
        line.say("learning_rate", rate=0.25)
        line.say("step", steps=4)
        assert line.hear("state", name="paused", step=5).words["rates"] == {"plain": 0.25, "bn": 0.25}


def test_commands_behind_the_start_are_obeyed_before_step_zero_is_shown():
    ours, theirs = socket.socketpair()
    rate = encode("learning_rate", rate=9.0, arm=None)
    ours.sendall(encode("start", experiment=Scripted.example().to_json(), **START.words()) + rate + encode("stop"))
    serve(Pipe(theirs), Engine(Scripted), lambda mebibytes: None)
    theirs.close()
    with ours:
        kinds = [message.kind for message in Line(ours).rest()]
    assert kinds.index("learning_rate") < kinds.index("snapshot")


def test_a_download_says_how_far_it_is_before_step_zero():
    ours, theirs = socket.socketpair()

    def fetch(datasets, say):
        say(f"Downloading {', '.join(sorted(set(datasets)))}: 1 of 2 MB.")

    ours.sendall(encode("start", experiment=Scripted.example().to_json(), **START.words()) + encode("stop"))
    serve(Pipe(theirs), Engine(Scripted, fetch), lambda mebibytes: None)
    theirs.close()
    with ours:
        heard = Line(ours).rest()
    told = [message.words["message"] for message in heard if message.words.get("name") == "starting"]
    assert told == ["Downloading digits: 1 of 2 MB.", ""]
    assert [message.kind for message in heard].index("state") < [m.kind for m in heard].index("snapshot")


def test_a_chosen_speed_shows_its_multiples():
    pipe, clock = Mock(pending=0, listen=lambda seconds: []), (tick / 1000 for tick in itertools.count())
    start = replace(START, play=True, speed=3, budget=12)
    training = Worker(pipe, Scripted(Scripted.example()), start, Scripted.example(), {}, clock=lambda: next(clock))
    training.begin()
    while not training.ended:
        training.turn()
    assert steps_of(said_to(pipe)) == [0, 3, 6, 9, 12]


def test_a_run_ends_at_its_budget_and_says_so():
    with worker(play=True, budget=30) as line:
        messages = line.rest()
    assert steps_of(messages)[-1] == 30
    assert messages[-1].words["message"] == "This run reached its 30 steps. Reset starts it again."


@pytest.mark.parametrize(("granted", "said"), [(0.02, "0.02 seconds"), (90, "1.5 minutes")])
def test_a_run_that_trained_for_as_long_as_is_granted_ends_and_says_so(granted: float, said: str):
    with worker(play=True, budget=10**6, run_seconds=granted, worked_seconds=granted - 0.02) as line:
        last = line.rest()[-1].words
    assert last["message"] == f"This run trained for {said}, which is what this server grants. Reset starts it again."
    assert 0 < last["step"] < 10**6


def test_a_pause_is_not_counted_as_training():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        example, start = Scripted.example(), replace(START, worked_seconds=5.0)
        training = Worker(Pipe(theirs), Scripted(example), start, example, {})
        paused = training.worked
        training.playing = True
        assert paused == 5.0 < training.worked


@pytest.mark.parametrize(("kind", "rested"), [("pause", True), ("snapshot_rate", False)])
def test_only_what_a_reader_does_keeps_a_paused_run_from_being_forgotten(kind: str, rested: bool):
    training = Worker(Mock(pending=0), Scripted(Scripted.example()), START, Scripted.example(), {})
    training._touched, training._tired = -1.0, True
    training.obey([Message(kind, {"per_second": 5.0})])
    assert (training._touched > 0, training._tired) == (rested, not rested)


@pytest.mark.parametrize(("speed", "due"), [(10, 100.2), (0, 100.0)])
def test_at_a_chosen_speed_the_next_picture_is_due_when_the_machine_affords_it(speed: int, due: float):
    start = replace(START, speed=speed, snapshots_per_second=5.0)
    training = Worker(Mock(pending=0), Scripted(Scripted.example()), start, Scripted.example(), {}, clock=lambda: 100.0)
    training.begin()
    assert training._due == due


def test_a_paused_run_ends_when_it_is_forgotten_and_says_so():
    with worker(idle_seconds=0.01) as line:
        last = line.rest()[-1].words
    assert (last["name"], "was ended" in last["message"]) == ("finished", True)


def test_a_web_process_that_does_not_read_costs_pictures_not_training_nor_memory():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        trainer, pipe = Scripted(Scripted.example(TALKS)), Pipe(theirs)
        training = Worker(pipe, trainer, replace(START, play=True, speed=5), Scripted.example(), {})
        while trainer.step < 100:
            training.train()
        one_picture = len(snapshot_to_bytes(trainer.snapshot()))
        assert 0 < pipe.pending < one_picture


def test_a_refused_experiment_is_one_sentence():
    with worker(Scripted.example(REFUSES)) as line:
        assert line.hear("failed").words == {"message": "batch_size was 251; allowed is any other."}


def test_an_error_of_ours_stays_in_the_log(capfd):
    with worker(Scripted.example(RAISES), play=True) as line:
        message = line.hear("failed").words["message"]
    assert message == "Something went wrong while training, at step 1. The server's log says what."
    assert "/a/path/on/the/server" in capfd.readouterr().err


def test_the_worker_ends_when_the_web_process_is_gone():
    with worker(play=True) as line:
        line.hear("snapshot", step=2)


def test_a_run_paused_for_long_is_tired_and_sleeps_when_told_with_all_it_needs_to_go_on():
    with worker(rest_seconds=0.01) as line:
        line.say("step", steps=3)
        line.hear("tired")
        line.say("sleep", now=False)
        assert line.hear("checkpoint").arrays["step"] == 3
        assert line.hear("asleep")


def test_a_run_in_training_does_not_sleep_unless_it_has_to():
    with worker(play=True) as line:
        line.hear("snapshot", step=1)
        line.say("sleep", now=False)
        line.hear("awake")
        line.say("sleep", now=True)
        assert line.hear("checkpoint").arrays["step"] >= 1


def test_what_was_trained_until_it_had_to_sleep_is_shown():
    with worker(play=True, speed=1000) as line:
        line.hear("state", name="running")
        line.say("sleep", now=True)
        messages = line.rest()
    stored = next(message for message in messages if message.kind == "checkpoint")
    assert [0, *steps_of(messages)][-1] == stored.words["step"]


def test_a_run_goes_on_from_a_checkpoint_and_shows_only_what_was_not_seen():
    arrays = {"step": np.array(30), "rates": np.array([0.5, 3.0])}
    with worker(Scripted.example().replace(changes=[(9, 3.0, "bn")]), arrays, shown=30) as line:
        assert line.hear("state", name="paused").words["rates"] == {"plain": 0.5, "bn": 3.0}
        line.say("step")
        picture = line.hear("snapshot")
    assert picture.words["step"] == 31
    assert picture.arrays["bn/train_loss"][0] == pytest.approx(1 / (1 + 31 * 3.0))


def test_a_checkpoint_can_be_asked_for_at_any_time():
    with worker() as line:
        line.say("step", steps=7)
        line.hear("state", name="paused", step=7)
        line.say("checkpoint")
        assert line.hear("checkpoint").words["step"] == 7


@pytest.mark.parametrize(("asked", "answered"), [({"number": 41}, 41), ({}, 0)])
def test_a_checkpoint_says_which_request_it_answers(asked: dict[str, int], answered: int):
    with worker() as line:
        line.say("checkpoint", **asked)
        assert line.hear("checkpoint").words["number"] == answered


def test_a_checkpoint_that_nobody_asked_for_answers_no_request():
    with worker(play=True, budget=10, checkpoint_seconds=1e-9) as line:
        assert line.hear("checkpoint").words["number"] == 0


def test_a_turn_is_one_look_at_the_commands_and_then_one_chunk_at_most():
    pipe, trainer = Mock(pending=0), Scripted(Scripted.example())
    pipe.listen.side_effect = [[Message("step", {"steps": 3})], [], [], [], [Message("stop", {})]]
    training = Worker(pipe, trainer, START, Scripted.example(), {}, clock=lambda: 100.0)
    seen = []
    while not training.ended:
        training.turn()
        seen.append(trainer.step)
    assert seen == [1, 2, 3, 3, 3]


def test_a_checkpoint_that_is_too_large_is_not_sent_and_keeps_the_run_awake(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bnviz.service.worker.training.MOST_CHECKPOINT_BYTES", 3)
    with worker() as line:
        line.say("checkpoint")
        assert not line.hear("checkpoint").arrays
        line.say("sleep", now=True)
        line.hear("awake")


def test_a_unit_that_a_reader_opens_is_read_where_the_run_stands_and_with_every_snapshot():
    with worker() as line:
        line.hear("state", name="paused")
        line.say("inside", units=[[1, 2]])
        assert set(line.hear("inside", step=0, unit=[1, 2]).arrays) == {"plain", "bn"}
        line.say("step")
        line.hear("inside", step=1, unit=[1, 2])
        line.hear("snapshot", step=1)


def test_a_unit_that_is_opened_while_the_run_trains_is_shown_at_once_with_its_step():
    pipe, start = Mock(pending=0), replace(START, play=True, speed=10_000)
    pipe.listen.side_effect = [[], [], [Message("inside", {"units": [[1, 2]]})]]
    training = Worker(pipe, Scripted(Scripted.example()), start, Scripted.example(), {}, clock=lambda: 100.0)
    for _ in range(3):
        training.turn()
    assert [(message.kind, message.words["step"]) for message in said_to(pipe)] == [("inside", 2), ("snapshot", 2)]


def test_while_nobody_has_a_unit_open_none_is_read():
    pipe = Mock(pending=0)
    opened, closed = (Message("inside", {"units": units}) for units in ([[1, 2]], []))
    pipe.listen.side_effect = [[opened], [closed], [Message("step", {})]]
    training = Worker(pipe, Scripted(Scripted.example()), START, Scripted.example(), {})
    training.begin()
    for _ in range(3):
        training.turn()
    said = [message.kind for message in said_to(pipe)]
    assert (said.count("inside"), said.count("snapshot")) == (1, 2)
