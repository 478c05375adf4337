"""Whitening decorrelates, which batch normalization does not; and a small mini-batch has too small a rank."""

import pytest
import torch

from bnviz.engine.studies.whitening import ENOUGH, normalize, rank_and_condition, whiten, whitening


@pytest.fixture
def x():
    generator = torch.Generator().manual_seed(0)
    mix = torch.randn(6, 6, generator=generator)
    return 3 + torch.randn(200, 6, generator=generator) @ mix


def test_whitened_features_have_mean_0_and_no_covariance(x):
    white = whiten(x)
    root = torch.linalg.cholesky(torch.cov(x.T, correction=0) + ENOUGH * torch.eye(6))
    expected = torch.linalg.solve(root, (x - x.mean(0)).T).T
    assert torch.allclose(white, expected, atol=1e-3)
    assert white.mean(0).abs().max() < 1e-4
    assert torch.allclose(torch.cov(white.T, correction=0), torch.eye(6), atol=0.05)


def test_batch_normalized_features_stay_correlated(x):
    assert torch.allclose(torch.corrcoef(normalize(x).T), torch.corrcoef(x.T), atol=1e-3)


@pytest.mark.parametrize(("examples", "rank"), [(60, 59), (100, 99), (101, 100), (400, 100)])
def test_the_rank_of_100_features_is_one_less_than_the_examples(examples, rank):
    x = torch.randn(examples, 100, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    found, condition = rank_and_condition(x)
    assert found == rank
    assert (condition == torch.inf) == (rank < 100)


def test_the_condition_is_the_largest_eigenvalue_over_the_smallest(x):
    values = torch.linalg.eigvalsh(torch.cov(x.double().T, correction=0))
    assert rank_and_condition(x.double())[1] == pytest.approx(float(values[-1] / values[0]))


def test_every_number_of_features_is_timed_with_every_number_of_examples():
    *_, table = whitening(widths=(4, 10), shares=(0.5, 2.0), repeats=1)
    assert list(zip(table.columns["d"], table.columns["m"], strict=True)) == [(4, 2), (4, 8), (10, 5), (10, 20)]
    assert table.columns["ratio"] == [w / b for w, b in zip(table.columns["whitening_ms"], table.columns["bn_ms"],
                                                           strict=True)]
