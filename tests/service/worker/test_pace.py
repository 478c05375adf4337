from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.service.worker.pace import CHUNK_SECONDS, CREDIT, LADDER, NEWS, PER_SECOND, SHARE, SLACK, Pace, every_for


def play(pace: Pace, step_seconds: float, snapshot_seconds: float, pictures: int, step: int = 0) -> list[int]:
    """The steps shown when every step and every picture takes exactly so long."""
    shown = []
    for _ in range(pictures):
        target = pace.next_snapshot(step)
        while step < target:
            steps = min(pace.chunk(), target - step)
            pace.trained(steps, steps * step_seconds)
            step += steps
        pace.snapshot_taken(snapshot_seconds)
        shown.append(step)
    return shown


def test_the_first_steps_are_shown_however_fast_the_rest_goes():
    assert play(Pace(), 0.001, 0.0, 8) == [1, 2, 5, 10, 20, 50, 80, 160]


def test_a_slow_network_shows_every_step():
    assert play(Pace(), 0.3, 0.01, 4) == [1, 2, 3, 4]


def test_at_a_chosen_speed_the_multiples_are_shown():
    assert play(Pace(speed=20), 0.001, 0.0, 3, step=5) == [20, 40, 60]


def test_a_remembered_spacing_gives_the_same_steps_again():
    first = Pace()
    play(first, 0.0021, 0.004, 20)
    again = play(Pace(every=first.every), 0.0023, 0.004, 20)
    assert again == play(Pace(every=first.every), 0.0019, 0.004, 20)


@given(st.floats(1e-5, 0.04), st.floats(0.0, 0.01))
def test_full_speed_gives_about_twelve_pictures_a_second(step_seconds: float, snapshot_seconds: float):
    rate = 1 / (every_for(step_seconds, snapshot_seconds) * step_seconds + snapshot_seconds)
    assert rate >= PER_SECOND
    if PER_SECOND * step_seconds < 0.1:
        assert rate <= SLACK * PER_SECOND


@given(st.floats(1e-4, 0.01), st.floats(0.05, 5.0))
def test_training_keeps_most_of_the_time_when_pictures_are_slow(step_seconds: float, snapshot_seconds: float):
    training = every_for(step_seconds, snapshot_seconds) * step_seconds
    assert training >= 1.5 * snapshot_seconds


@given(st.floats(1e-5, 0.02), st.floats(0.001, 0.1))
def test_thrift_gives_a_picture_a_tenth_of_the_time_unless_that_is_too_little_news(step: float, picture: float):
    every = every_for(step, picture, thrifty=True)
    wider = LADDER[LADDER.index(every) + 1] * step + picture
    assert picture <= SHARE * (every * step + picture) * 1.000001 or 1 / wider < NEWS


@given(st.floats(1e-5, 0.02), st.floats(0.001, 0.08))
def test_thrift_leaves_a_reader_enough_news(step: float, picture: float):
    every = every_for(step, picture, thrifty=True)
    assert every == 1 or 1 / (every * step + picture) >= min(NEWS, 1 / (3 * picture)) * 0.999999


def test_thrift_begins_when_pictures_have_taken_the_credit_of_the_beginning():
    pace, step, took = Pace(), 0, [0.0]
    while pace.every is None or pace.every < 150:
        shown = play(pace, 0.001, 0.025, 1, step)[-1]
        step, took = shown, [*took, took[-1] + (1 - SHARE) * 0.025 - SHARE * 0.001 * (shown - step)]
    assert CREDIT <= took[-1] < CREDIT + 0.3


def test_the_spacing_follows_a_machine_that_became_busier():
    pace = Pace()
    quiet = play(pace, 0.001, 0.0, 30)
    busy = play(pace, 0.004, 0.0, 60, step=quiet[-1])
    assert (pace.every, busy[-1] - busy[-2]) == (20, 20)


def test_a_run_whose_core_is_taken_follows_at_once():
    pace = Pace()
    quiet = play(pace, 0.001, 0.0, 30)
    play(pace, 0.02, 0.0, 2, step=quiet[-1])
    assert pace.every == 4


@pytest.mark.parametrize("hiccup", [2, 5, 40])
def test_one_step_that_took_long_is_soon_forgotten(hiccup: int):
    pace, step = Pace(), 0
    while step < 60:
        target = pace.next_snapshot(step)
        pace.trained(target - step, 0.001 * (target - step) + (1.0 if step < hiccup <= target else 0.0))
        pace.snapshot_taken(0.0)
        step = target
    assert pace.every == 80


def test_one_slow_picture_does_not_change_the_spacing():
    pace = Pace(every=80)
    play(pace, 0.001, 0.0, 10)
    pace.snapshot_taken(0.5)
    assert pace.every == 80


@given(st.floats(1e-5, 0.01))
def test_a_command_waits_for_one_chunk_at_most(step_seconds: float):
    pace = Pace()
    play(pace, step_seconds, 0.0, 5)
    assert pace.chunk() * step_seconds <= CHUNK_SECONDS * 1.001


def test_the_ladder_climbs_in_small_steps():
    assert all(low < high <= 2 * low for low, high in itertools.pairwise(LADDER))
    assert all(high / low < 1.34 for low, high in itertools.pairwise(LADDER[7:]))


def test_the_first_steps_also_set_things_up_and_do_not_count():
    pace = Pace()
    pace.trained(1, 5.0)
    assert pace.step_seconds is None and pace.chunk() == 1
    pace.trained(2, 0.02)
    assert pace.step_seconds == 0.01
