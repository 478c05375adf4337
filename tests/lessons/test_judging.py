"""The rule: intervals hit as often as they say, statements need the whole interval, and silence is no statement."""

import numpy as np
import pytest
from scipy import stats

from bnviz.lessons import judging
from bnviz.lessons.judging import RATE, ahead, by_factor, exceeds, farther, interval, place, reaches, versus, which
from bnviz.lessons.lesson import UNDECIDED

SEEDS = np.arange(5.0)
NOBODY = np.zeros(5)


def spread_out(mean, error, count=5):
    """Values with this mean and this standard error."""
    values = np.arange(count) - (count - 1) / 2
    return mean + values / values.std(ddof=1) * error * count**0.5


@pytest.mark.parametrize("of", [1, 3])
@pytest.mark.parametrize("count", [2, 5, 16])
def test_an_interval_is_student_s(count, of):
    values = spread_out(3.0, 0.5, count)
    reference = stats.ttest_1samp(values, 0.0).confidence_interval(1 - RATE / of)
    assert interval(values, of) == pytest.approx((reference.low, reference.high), rel=1e-4)


def test_with_two_seeds_it_is_cauchy_s():
    """Of one degree of freedom the quantile is a tangent: at 1 and 3, mean 2 and standard error 1."""
    low, high = interval(np.array([1.0, 3.0]))
    assert (high - low) / 2 == pytest.approx(np.tan(np.pi * (0.5 - RATE / 2)), rel=1e-5)


def test_an_interval_misses_the_truth_as_often_as_it_says(monkeypatch):
    monkeypatch.setattr(judging, "RATE", 0.05)
    draws = np.random.default_rng(0).standard_normal((4000, 5))
    missed = np.mean([not low <= 0 <= high for low, high in map(interval, draws)])
    assert missed == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("margin", [0.0, 0.01])
def test_a_thousand_experiments_in_which_nothing_differs(margin):
    chance = np.random.default_rng(1)
    pairs = chance.normal(0.95, 0.01, (1000, 2, 5))
    claimed = sum(versus(first, second, margin) in (1, -1) for first, second in pairs)
    assert claimed <= 20 and RATE <= 0.05


def test_arms_a_margin_apart_are_called_level_no_more_often_than_named():
    chance = np.random.default_rng(2)
    pairs = chance.normal([[0.96], [0.95]], 0.003, (1000, 2, 5))
    assert sum(versus(first, second, 0.01) == 0 for first, second in pairs) <= 20


@pytest.mark.parametrize(
    ("mean", "error", "sign"),
    [(0.1, 0.01, 1), (-0.1, 0.01, -1), (0.0, 0.001, 0), (0.004, 0.001, 0), (0.02, 0.01, None), (0.0, 0.01, None)],
)
def test_a_difference_is_beyond_nothing_or_within_the_margin_or_not_known(mean, error, sign):
    assert versus(spread_out(mean, error), NOBODY, 0.01) == sign
    assert versus(NOBODY, spread_out(mean, error), 0.01) == (sign and -sign)


def test_one_seed_decides_nothing_and_neither_do_seeds_without_a_number():
    assert versus(np.array([5.0]), np.array([0.0])) is None
    assert versus(np.array([5.0, 5.0, np.nan]), np.zeros(3)) is None
    assert exceeds(np.array([np.inf, 1.0]), 0.0) is None


def test_equal_arms_are_level():
    assert versus(SEEDS, SEEDS) == by_factor(SEEDS + 1, SEEDS + 1) == 0


@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
@pytest.mark.parametrize("share", [0.1, 0.9, 0.98])
def test_shares_of_a_few_hundred_examples_differ_by_chance_no_more_often_than_named(seeds, share):
    """Counted in whole examples, differences are equal now and then; that must not look like certainty."""
    right = np.random.default_rng(seeds).binomial(360, share, (1000, 2, seeds)) / 360
    assert sum(versus(first, second, 0.0) is not None for first, second in right) <= 15


def test_a_mean_lies_between_two_cuts_or_astride_of_one():
    assert [place(spread_out(mean, 0.01), 1.0, 2.0) for mean in (0.5, 1.5, 2.5, 1.0)] == [0, 1, 2, None]


def test_ahead_is_no_for_who_is_behind_or_level():
    assert [ahead(spread_out(mean, 0.001), NOBODY, 0.01) for mean in (0.1, 0.0, -0.1)] == [True, False, False]
    assert ahead(spread_out(0.01, 0.01), NOBODY, 0.01) is None


def test_ratios_are_compared_as_ratios():
    assert by_factor(SEEDS + 1, 2 * (SEEDS + 1)) == -1
    assert by_factor(SEEDS + 1, 1.05 * (SEEDS + 1)) == 0


def test_comparisons_that_share_a_verdict_share_its_rate():
    tight, loose = interval(SEEDS), interval(SEEDS, of=3)
    assert loose[0] < tight[0] and tight[1] < loose[1]


def test_what_is_not_known_of_one_leaves_a_question_of_two_open():
    assert [which(True, False), which(False, False), which(None, True)] == ["plain", "neither", UNDECIDED]


@pytest.mark.parametrize(
    ("plain", "bn", "outcome"),
    [([True, False], [True, True], "bn"), ([True, True], [True, False], "plain"), ([True, True], [True, True], "same"),
     ([True, None], [True, True], UNDECIDED), ([None, False], [True, True], "bn")],
)  # fmt: skip
def test_who_reaches_farther_is_known_where_the_unknown_does_not_matter(plain, bn, outcome):
    rates = (0.1, 0.3)
    assert farther(*(reaches(zip(rates, found, strict=True)) for found in (plain, bn))) == outcome
