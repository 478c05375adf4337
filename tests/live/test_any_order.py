"""In whatever order things happen: a reader's run is decided by what this reader pressed, and nothing is left behind.

Hypothesis plays readers, pages, processes and timers against the real owner; what breaks a law is shrunk to the few
steps that are needed for it.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bnviz import testing
from bnviz.live import session as session_module
from bnviz.live import sessions as sessions_module
from bnviz.live.protocol import PackedRow
from bnviz.snapshot import Snapshot
from bnviz.study import Study
from bnviz.sweeps import Sweep
from bnviz.testing import Scripted
from tests.by_hand.laws import Wish, check, check_that_a_stop_ends_everything, check_that_nothing_is_left
from tests.by_hand.world import World

EXAMPLE = Scripted.example()
READERS, RATES = 4, (0.5, 0.25, 1.0)
MOST_UNSEEN = 3

reader = st.integers(0, READERS - 1)
number = st.integers(0, 5)
few = st.lists(st.integers(0, 2), max_size=3)


class AnyOrder(RuleBasedStateMachine):
    """Each rule is one thing that may happen at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.wishes: list[Wish] = []
        self.lawful = True

    @initialize(stops=st.booleans())
    def open_the_doors(self, stops: bool) -> None:
        """``stops``: in the end the server is stopped, or else everybody leaves."""
        self.end = check_that_a_stop_ends_everything if stops else check_that_nothing_is_left
        for number in range(READERS):
            self.world.enter()
            self.wishes.append(Wish())
            self._load(number, EXAMPLE, [])
            if number < 2:
                self.world.look(number)
        self.world.settle()

    def _load(self, reader: int, experiment: Any, before: list[int]) -> None:
        self.wishes[reader].rates |= {run.learning_rate for run in experiment.arms.values()}
        self.world.load(reader, experiment, *before)

    @rule(reader=reader, width=st.sampled_from((100, 50)), rate=st.sampled_from(RATES), before=few)
    def loads(self, reader: int, width: int, rate: float, before: list[int]) -> None:
        self._load(reader, EXAMPLE.replace(width=width, learning_rate=rate), before)

    @rule(reader=reader, rate=st.sampled_from(RATES), before=few)
    def moves_a_rate(self, reader: int, rate: float, before: list[int]) -> None:
        experiment = (self.world.readers[reader].experiment or EXAMPLE).settled()
        self._load(reader, experiment.replace(learning_rate=rate), before)

    @rule(reader=reader, button=st.sampled_from(("play", "pause", "step", "epoch", "reset", "again")))
    def presses(self, reader: int, button: str) -> None:
        self.world.press(reader, button, self._know)

    def _know(self, reader: int, button: str) -> None:
        """What a press means depends on what is on the board when the owner comes to it."""
        shown, wish = self.world.readers[reader].shown, self.wishes[reader]
        if shown is None:
            return
        if button == "reset":
            wish.plays = wish.plays and shown.alive
        else:
            wish.plays = button in ("play", "again")

    @rule(reader=reader, speed=st.sampled_from((0, 5)))
    def chooses_a_speed(self, reader: int, speed: int) -> None:
        self.world.speed(reader, speed)
        self.wishes[reader].speed = speed

    @rule(reader=reader)
    def looks(self, reader: int) -> None:
        self.world.look(reader)

    @rule(reader=reader)
    def looks_away(self, reader: int) -> None:
        self.world.look_away(reader)

    @rule(depth=st.sampled_from((2, 3)))
    def measures(self, depth: int) -> None:
        self.world.measure(Study("residual_variance", width=60, depth=depth))

    @precondition(lambda self: any(self.world.studies.values()))
    @rule(number=number)
    def gives_up_a_study(self, number: int) -> None:
        wanted = [study for study, count in self.world.studies.items() if count]
        study = wanted[number % len(wanted)]
        self.world.studies[study] -= 1
        study.cancel()

    @precondition(lambda self: len(self.world.sweeps) < 2)
    @rule(reader=reader)
    def sweeps(self, reader: int) -> None:
        grid = Sweep(EXAMPLE, {"learning_rate": tuple(0.01 * n for n in range(1, 12))}, steps=10)
        self.world.sweeps.append(self.world.service.sweep(grid, user=self.world.readers[reader].user))

    @precondition(lambda self: self.world.sweeps)
    @rule(number=number, what=st.sampled_from(("pause", "resume", "resume", "cancel")))
    def steers_a_sweep(self, number: int, what: str) -> None:
        getattr(self.world.sweeps[number % len(self.world.sweeps)], what)()

    @rule()
    def owner_reads(self) -> None:
        self.world.read()

    @rule()
    def process_is_given(self) -> None:
        self.world.give()

    @rule(number=number)
    def process_goes_on(self, number: int) -> None:
        self.world.turn(number)

    @rule(number=number)
    def owner_hears(self, number: int) -> None:
        self.world.hear(number)

    @precondition(lambda self: self.world.processes)
    @rule(number=number)
    def process_dies(self, number: int) -> None:
        self.world.kill(number)

    @rule()
    def time_passes(self) -> None:
        """Enough for a paused run to fall asleep."""
        self.world.owner.clock += 3

    @precondition(lambda self: self.world.owner.waiting)
    @rule()
    def timer_rings(self) -> None:
        for session, wish in zip(self.world.readers, self.wishes, strict=True):
            if session.shown and not session.connections:
                wish.away = session.shown.run
        self.world.ring()

    @rule()
    def everything_comes_to_rest(self) -> None:
        self.lawful = False
        self.world.settle()
        check(self.world, self.wishes)
        self.lawful = True

    def teardown(self) -> None:
        try:
            if self.lawful:
                self.everything_comes_to_rest()
                self.end(self.world)
        finally:
            self.world.close()


def _unpacked(snapshot: Snapshot) -> PackedRow:
    return PackedRow(snapshot.step, snapshot.epoch, "", b"")


def try_orders(schedules: int, first: int) -> None:
    """So many schedules of thirty steps, always the same ones for a ``first`` seed."""
    run_state_machine_as_test(
        seed(first)(AnyOrder),
        settings=settings(
            max_examples=schedules, stateful_step_count=30, derandomize=False, database=None, deadline=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), print_blob=False,
            report_multiple_bugs=False,
        ),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few may be unseen that readers push one another out; training and packing take no time."""
    monkeypatch.setattr(session_module, "row_maker", lambda experiment: _unpacked)
    monkeypatch.setattr(testing, "time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(sessions_module, "MOST_UNSEEN", MOST_UNSEEN)


def test_in_two_hundred_orders_every_reader_has_what_was_pressed():
    try_orders(200, first=0)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, 11))
def test_in_five_thousand_orders_every_reader_has_what_was_pressed(first: int):
    try_orders(500, first)
