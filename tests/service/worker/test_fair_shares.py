"""A worker on a scripted clock: what a reader sees of a run to which others leave little of a processor."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from bnviz.experiment import Experiment
from bnviz.messages import Message, Parser
from bnviz.service.protocol import Start
from bnviz.service.worker.share import CALM, SLOW, Share
from bnviz.service.worker.training import Worker
from bnviz.snapshot import Snapshot
from bnviz.testing import Scripted

START = Start(play=True, budget=10**9, idle_seconds=600)


class Machine:
    """Its clock, and how often it lets this process have a processor: one second of work takes ``crowd`` seconds.

    Where it shares its time out in slices of 4 ms, this process waits ``between`` seconds for every next one.
    """

    def __init__(self, crowd: float = 1.0) -> None:
        self.crowd, self.between, self.now, self.worked = crowd, 0.0, 100.0, 0.0

    def work(self, seconds: float) -> None:
        slices = (self.worked + seconds) // 0.004 - self.worked // 0.004
        self.now += self.crowd * seconds + self.between * slices
        self.worked += seconds


class Timed(Scripted):
    """A trainer whose steps and pictures take a scripted time."""

    def __init__(self, experiment: Experiment, machine: Machine, step: float, picture: float) -> None:
        super().__init__(experiment)
        self.machine, self.step_seconds, self.picture_seconds = machine, step, picture
        self.chunks: list[int] = []

    def advance(self, steps: int = 1) -> None:
        self.chunks.append(steps)
        self.machine.work(steps * self.step_seconds)
        self.step += steps

    def snapshot(self) -> Snapshot:
        self.machine.work(self.picture_seconds)
        return super().snapshot()


class Watched:
    """One run, and what its reader is shown and told: a pipe that takes everything at once and writes down when."""

    pending = 0

    def __init__(self, crowd: float = 1.0, step: float = 0.001, picture: float = 0.002, **start: Any) -> None:
        self.machine, self.parser, self.heard = Machine(crowd), Parser(), list[tuple[float, Message]]()
        self.trainer = Timed(Scripted.example(), self.machine, step, picture)
        self.worker = Worker(
            self, self.trainer, replace(START, **start), Scripted.example(), {},  # type: ignore[arg-type]
            clock=lambda: self.machine.now, processor=lambda: self.machine.worked,
        )  # fmt: skip
        self.worker.begin()

    def listen(self, seconds: float) -> list[Message]:
        self.machine.now += seconds
        return []

    def say(self, data: bytes) -> None:
        self.heard += [(self.machine.now, message) for message in self.parser.feed(data)]

    def play(self, seconds: float) -> Watched:
        until = self.machine.now + seconds
        while self.machine.now < until:
            self.worker.turn()
        return self

    @property
    def steps(self) -> list[int]:
        return [message.words["step"] for _, message in self.heard if message.kind == "snapshot"]

    @property
    def longest_wait(self) -> float:
        times = [at for at, message in self.heard if message.kind == "snapshot"]
        return max(late - soon for soon, late in itertools.pairwise([*times, self.machine.now]))

    @property
    def told(self) -> list[str]:
        return [message.words["message"] for _, message in self.heard if message.kind == "state"]


@pytest.mark.parametrize("speed", [0, 10, 20_000])
@pytest.mark.parametrize(("step", "picture"), [(0.0002, 0.002), (0.001, 0.012), (0.01, 0.005), (0.02, 0.02)])
def test_a_run_among_many_shows_a_picture_every_two_seconds(speed: int, step: float, picture: float):
    watched = Watched(1.0, step, picture, speed=speed).play(5)
    watched.machine.crowd = 30.0
    assert watched.play(60).longest_wait <= 2.0


def test_a_run_whose_time_comes_in_rare_slices_shows_a_picture_every_two_seconds():
    watched = Watched(step=0.0002).play(5)
    watched.machine.between = 0.12
    assert watched.play(60).longest_wait <= 2.0


def test_a_run_whose_time_comes_in_rare_slices_takes_small_chunks_all_the_while():
    watched = Watched(step=0.0002).play(5)
    watched.machine.between = 0.12
    before = len(watched.play(5).trainer.chunks)
    assert max(watched.play(60).trainer.chunks[before:]) * 0.0002 <= 0.004


def test_a_large_network_on_an_idle_machine_shows_a_picture_every_two_seconds():
    assert Watched(step=0.1, speed=1000).play(60).longest_wait <= 2.0


def test_a_command_waits_for_one_chunk_by_the_clock():
    watched = Watched(crowd=30.0, step=0.0002).play(20)
    assert watched.worker.pace.chunk() * 30.0 * 0.0002 <= 0.015


def test_a_chosen_speed_keeps_its_round_steps_between_which_others_may_be_shown():
    steps = Watched(crowd=30.0, step=0.0002, speed=300).play(60).steps
    assert set(range(0, steps[-1], 300)) < set(steps)


def test_pictures_get_half_of_the_time_at_most_however_dear_they_are():
    watched = Watched(crowd=30.0, step=0.01, picture=0.2).play(60)
    before = len(watched.steps)
    assert 6.0 * (len(watched.play(240).steps) - before) <= 240 / 2


@pytest.mark.parametrize(("step", "picture"), [(0.001, 0.014), (0.0028, 0.02), (0.02, 0.022)])
def test_after_the_beginning_pictures_get_a_tenth_of_the_time(step: float, picture: float):
    watched = Watched(step=step, picture=picture).play(40)
    before = len(watched.steps)
    assert (len(watched.play(30).steps) - before) * picture <= 30 / 10


@pytest.mark.parametrize(("step", "speed"), [(0.0002, 0), (0.001, 0), (0.01, 0), (0.3, 0), (0.001, 20), (0.01, 50)])
def test_an_unhurried_run_shows_round_steps_alone_and_is_told_nothing(step: float, speed: int):
    watched = Watched(step=step, speed=speed).play(60)
    every = speed or watched.worker.pace.every or 1
    assert not [shown for shown in watched.steps if shown > every and shown % every]
    assert set(watched.told) == {""}


def test_the_time_of_a_pause_is_nobodys_wait():
    watched = Watched(step=0.001).play(5)
    watched.worker.obey([Message("pause", {})])
    watched.machine.now += 60.0
    watched.worker.obey([Message("play", {})])
    shown = len(watched.steps)
    watched.play(5)
    every = watched.worker.pace.every or 1
    assert all(step % every == 0 for step in watched.steps[shown:])


def test_a_starved_run_says_that_the_server_is_busy_and_how_many_steps_a_second_it_gets():
    watched = Watched(crowd=40.0, step=0.01, picture=0.005).play(30)
    a_step, its_picture = 40.0 * 0.01, 40.0 * 0.005
    assert watched.told[-1] == f"The server is busy: {1 / (a_step + its_picture):.1f} steps a second."


def test_it_stops_saying_so_when_the_others_have_gone():
    watched = Watched(crowd=40.0, step=0.01, picture=0.005).play(30)
    watched.machine.crowd = 1.0
    assert watched.play(5).told[-1] == ""


def test_a_paused_run_does_not_say_that_the_server_is_busy():
    watched = Watched(crowd=40.0, step=0.01, picture=0.005).play(30)
    watched.worker.obey([Message("pause", {})])
    assert watched.told[-1] == ""


def test_a_large_network_on_an_idle_machine_is_slow_without_the_servers_being_busy():
    assert set(Watched(step=1.5, picture=0.3).play(60).told) == {""}


def test_a_run_that_is_nearly_slow_does_not_change_its_mind_at_every_picture():
    share, between = Share(), (SLOW + CALM) / 2
    found = []
    for seconds in [between] * 3 + [SLOW + 0.1] * 3 + [between] * 3 + [CALM - 0.1] * 3:
        share.picture_shown(seconds, 0.01)
        found.append(share.busy)
    assert found == [False] * 4 + [True] * 6 + [False] * 2


def test_a_step_that_takes_long_is_not_told_as_none():
    share = Share()
    share.picture_shown(1.0, 0.1)
    assert share.sentence(0.04) == "The server is busy: less than one step in ten seconds."


@pytest.mark.parametrize(("rate", "said"), [(0.34, "0.3"), (9.4, "9.4"), (47.2, "47"), (1234.0, "1,234")])
def test_few_steps_a_second_are_told_more_exactly(rate: float, said: str):
    share = Share()
    share.picture_shown(1.0, 0.1)
    assert share.sentence(rate) == f"The server is busy: {said} steps a second."
