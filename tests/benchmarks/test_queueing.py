"""The simulation agrees with what queueing theory knows in closed form, and with days that can be told by hand."""

import math

import numpy as np
import pytest

from benchmarks.queueing import Replica, waits

DRAWS = 12
ARRIVALS, WARM_UP = 3000, 500


def presses(*rows):
    return np.array(rows, dtype=float)


def mean_over_draws(replica, arrivals_a_second, work_of, seen):
    """The mean of ``seen`` over draws of a day with Poisson arrivals, each press another learner; and its error."""
    means = []
    for seed in range(DRAWS):
        random = np.random.default_rng(seed)
        think = random.exponential(1 / arrivals_a_second, (ARRIVALS, 1)).cumsum(0)
        means.append(seen(waits(replica, think, work_of(random, (ARRIVALS, 1))))[WARM_UP:].mean())
    return np.mean(means), np.std(means, ddof=1) / math.sqrt(DRAWS)


def erlang_c(servers, load):
    """The probability that one who comes has to wait in M/M/c (Erlang 1917)."""
    below = sum(load**k / math.factorial(k) for k in range(servers))
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (below + last)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (4, 3.0), (16, 13.0)])
def test_with_a_core_for_every_place_the_mean_wait_is_erlangs(servers, load):
    expected = erlang_c(servers, load) / (servers - load)
    mean, error = mean_over_draws(
        Replica(servers, servers), load, lambda random, shape: random.exponential(1, shape), lambda day: day.in_line
    )
    assert abs(mean - expected) < 3.5 * error < expected


@pytest.mark.parametrize("work_of", [
    lambda random, shape: random.exponential(1, shape),
    lambda random, shape: np.ones(shape),
    lambda random, shape: np.where(random.random(shape) < 0.9, 1 / 3, 7.0),
], ids=["exponential", "constant", "mixed"])  # fmt: skip
def test_with_a_place_for_everybody_a_shared_core_serves_all_distributions_of_work_alike(work_of):
    mean, error = mean_over_draws(Replica(1, ARRIVALS), 0.6, work_of, lambda day: day.to_verdict)
    assert abs(mean - 1 / (1 - 0.6)) < 3.5 * error < 1


def test_two_runs_on_one_core_take_twice_as_long():
    day = waits(Replica(cores=1, places=2), presses([0], [0]), presses([10], [10]))
    assert day.to_verdict.tolist() == [[20], [20]] and day.in_line.tolist() == [[0], [0]]


def test_a_short_run_beside_a_long_one_leaves_it_the_core():
    day = waits(Replica(cores=1, places=2), presses([0], [0]), presses([10], [2]))
    assert day.to_verdict.tolist() == [[12], [4]]


def test_who_finds_no_place_waits_for_one():
    day = waits(Replica(cores=1, places=1), presses([0], [1]), presses([10], [2]))
    assert day.in_line.tolist() == [[0], [9]] and day.to_verdict.tolist() == [[10], [11]]


def test_a_place_is_held_for_a_while_after_a_short_run():
    day = waits(Replica(cores=1, places=1, rest=20), presses([0], [1]), presses([5], [5]))
    assert day.in_line.tolist() == [[0], [19]]


def test_the_next_run_of_the_same_learner_takes_the_held_place():
    day = waits(Replica(cores=1, places=1, rest=20), presses([0, 3]), presses([5, 5]))
    assert day.in_line.tolist() == [[0, 0]]


def test_a_press_that_finds_the_line_full_is_refused_and_the_learner_presses_again():
    day = waits(Replica(cores=1, places=1, most_waiting=0), presses([0, 99], [1, 20]), presses([10, 1], [1, 1]))
    assert np.isnan(day.in_line[1, 0]) and day.in_line[1, 1] == 0 and day.refused == 0.25


def test_a_day_repeated_with_the_same_numbers_is_the_same_day():
    random = np.random.default_rng(0)
    think, work = random.exponential(5, (20, 4)), random.exponential(3, (20, 4))
    first, second = (waits(Replica(2, 4), think, work).to_verdict for _ in range(2))
    assert np.array_equal(first, second)
