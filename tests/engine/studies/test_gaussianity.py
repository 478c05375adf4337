"""The distance from a Gaussian is the closed form's, and behind a ReLU it is large, in front of the next one small."""

from math import log, pi, sqrt
from statistics import NormalDist

import pytest
import torch

from bnviz.engine.studies import measure
from bnviz.engine.studies.gaussianity import distance, skew, standardized
from bnviz.study import Study

COUNT = 20_000
SHARES = (torch.arange(COUNT, dtype=torch.float64) + 0.5) / COUNT
GAUSSIAN = torch.special.ndtri(SHARES)
PHI = NormalDist().cdf
REACH = sqrt(-2 * log(sqrt(2 * pi) / (2 * sqrt(3))))
"""Where a Gaussian is as dense as the uniform distribution of its mean and variance: there they part most."""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (GAUSSIAN, 0.0),
        (7 - 3 * GAUSSIAN, 0.0),
        (SHARES, PHI(REACH) - (1 + REACH / sqrt(3)) / 2),
        (SHARES.round(), PHI(1) - 1 / 2),
        (GAUSSIAN.relu(), 1 / 2 - PHI(-1 / sqrt(pi - 1))),
        (-SHARES.log(), PHI(-1)),
    ],
    ids=["Gaussian", "another Gaussian", "uniform", "two values", "behind a ReLU", "exponential"],
)
def test_the_distance_from_a_gaussian_is_that_of_the_closed_form(values, expected):
    assert float(distance(standardized(values))) == pytest.approx(expected, abs=1e-3)


def test_the_skew_has_no_sign():
    exponential = -SHARES.log()
    assert float(skew(standardized(exponential))) == pytest.approx(2, rel=0.01)
    assert skew(standardized(-exponential)) == pytest.approx(skew(standardized(exponential)))


def test_a_unit_that_never_changes_has_no_distance():
    assert distance(standardized(torch.ones(2, 5))).isnan().all()


@pytest.fixture(scope="module")
def found():
    *_, table = measure(Study("gaussianity", steps=1, seeds=2))

    def of(activation, signal):
        return table.where(activation=activation, signal=signal, step=0).numbers("distance")

    return of


def test_behind_a_relu_units_are_as_far_as_half_a_gaussian_and_nearer_in_front_of_the_next_one(found):
    assert found("relu", "u") == pytest.approx([1 / 2 - PHI(-1 / sqrt(pi - 1))] * 2, abs=0.1)
    assert max(found("relu", "Wu + b")) < min(found("relu", "u")) / 2


def test_a_leaky_relu_is_nearly_a_relu(found):
    assert found("leaky_relu", "u") == pytest.approx(found("relu", "u"), abs=0.05)
