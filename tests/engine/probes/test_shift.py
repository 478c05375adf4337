"""Distribution shift: how far, in deviations, and against what was seen about 20 steps ago."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from bnviz.engine.probes.shift import ShiftMemory, moved

GOLDEN = np.array([[[0.0, 2.0, 4.0, 6.0]]], np.float32)


def test_a_shifted_unit_moved_by_the_shift_over_its_deviation():
    assert moved(GOLDEN, GOLDEN + 5).tolist() == [pytest.approx(5 / 5**0.5)]


def test_a_stretched_unit_moved_by_the_mean_of_the_ways():
    assert moved(GOLDEN, 2 * GOLDEN).tolist() == [pytest.approx(3 / 5**0.5)]


@given(st.integers(0, 99))
def test_the_distance_is_scipys_wasserstein_distance(seed):
    before, now = np.sort(np.random.default_rng(seed).standard_normal((2, 1, 1, 50)))
    expected = wasserstein_distance(before[0, 0], now[0, 0]) / before.std()
    assert moved(before, now).tolist() == [pytest.approx(expected)]


def test_the_layers_value_is_its_median_units():
    before = np.repeat(GOLDEN, 3, axis=1)
    now = before + np.array([1.0, 2.0, 100.0])[:, None]
    assert moved(before, now).tolist() == [pytest.approx(2 / 5**0.5)]


@pytest.mark.parametrize("scale", [0.0, 1e-9, 1e-4])
def test_a_unit_that_hardly_differs_between_examples_is_measured_in_thousandths(scale):
    assert moved(scale * GOLDEN, scale * GOLDEN + 0.5).tolist() == [pytest.approx(500, rel=1e-4)]


def test_a_constant_unit_that_stays_has_not_moved():
    assert moved(0 * GOLDEN, 0 * GOLDEN).tolist() == [0]


def watch(every, until, memory=None):
    """Read a unit that moves by one a step at every so many steps, looking where the memory asks; the last reading."""
    memory, step = memory or ShiftMemory(), 0
    reading = memory.read(0, GOLDEN)
    while step < until:
        for stop in memory.stops(step, step + every):
            memory.remember(stop, GOLDEN + stop)
        step += every
        reading = memory.read(step, GOLDEN + step)
    return reading.item() * 5**0.5


def test_the_untouched_network_has_not_moved_anywhere():
    assert np.isnan(ShiftMemory().read(0, GOLDEN)).all()


@pytest.mark.parametrize("every", [1, 2, 4, 5, 10, 20, 25, 50, 100, 500])
def test_readings_compare_with_20_steps_before_however_far_they_are_apart(every):
    assert watch(every, 1000) == pytest.approx(20)


@given(st.integers(1, 300))
def test_no_reading_compares_with_less_than_16_or_more_than_24_steps_before(every):
    assert 16 <= watch(every, 3 * every + 60) <= 24


def chunked(every, chunk, pictures):
    """The same when training is cut into chunks that know nothing of the next picture."""
    memory, step = ShiftMemory(), 0
    memory.read(0, GOLDEN)
    for picture in range(every, every * pictures + 1, every):
        while step < picture:
            end = min(step + chunk, picture)
            for stop in memory.stops(step, end):
                memory.remember(stop, GOLDEN + stop)
            step = end
        reading = memory.read(step, GOLDEN + step)
    return reading.item() * 5**0.5


@pytest.mark.parametrize("every", [12, 15, 30, 80, 100, 400])
@pytest.mark.parametrize("chunk", [1, 7, 12, 60])
def test_chunks_of_training_do_not_hide_the_past(every, chunk):
    assert 16 <= chunked(every, chunk, pictures=5) <= 24


def test_a_look_20_steps_ago_that_nobody_took_is_no_reading():
    memory = ShiftMemory()
    memory.read(0, GOLDEN)
    assert np.isnan(memory.read(40, GOLDEN)).all()


def test_reading_twice_at_one_step_reads_the_same():
    memory = ShiftMemory()
    memory.read(0, GOLDEN)
    assert memory.read(20, GOLDEN + 1) == memory.read(20, GOLDEN + 1)


@given(st.integers(0, 500), st.integers(1, 300))
def test_lookouts_lie_among_the_steps_to_come(begin, steps):
    memory = ShiftMemory()
    memory.read(begin, GOLDEN)
    assert all(begin <= stop < begin + steps for stop in memory.stops(begin, begin + steps))


def test_the_memory_is_bounded():
    memory = ShiftMemory()
    for step in range(1000):
        memory.read(step, GOLDEN)
    assert len(memory._kept) <= 8
