"""Toy data in the plane: one signature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.datasets import DATASETS
from bnviz.engine.datasets import maker
from bnviz.engine.toys import EXTENT, make_circles, make_gaussians, make_moons, make_spirals, make_xor
from bnviz.quantities import DECISION_EXTENT

TOYS = [word for word, row in DATASETS.items() if row.plane]
every_toy = pytest.mark.parametrize("word", TOYS)


def made(word, samples=300, noise=0.0, seed=0):
    return maker(word)(samples, noise, np.random.default_rng(seed))


@every_toy
def test_a_toy_set_is_points_in_the_plane_with_their_classes(word):
    x, y = made(word)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((300, 2), np.float32, (300,), np.int64)
    assert sorted(set(y.tolist())) == list(range(DATASETS[word].classes))


@given(
    word=st.sampled_from(TOYS), samples=st.integers(50, 400), noise=st.floats(0, 2), seed=st.integers(0, 2**31)
)
def test_every_point_lies_where_a_decision_map_is_drawn(word, samples, noise, seed):
    assert np.abs(made(word, samples, noise, seed)[0]).max() <= EXTENT == DECISION_EXTENT


@every_toy
def test_the_classes_are_equally_large(word):
    counts = np.bincount(made(word, samples=50)[1])
    assert counts.max() - counts.min() <= 1


@every_toy
def test_the_examples_come_in_no_order(word):
    y = made(word)[1]
    assert len(set(y[:20].tolist())) == DATASETS[word].classes


@every_toy
def test_one_generator_state_makes_one_data_set(word):
    (x, y), (again_x, again_y) = made(word, noise=0.1, seed=4), made(word, noise=0.1, seed=4)
    assert np.array_equal(x, again_x) and np.array_equal(y, again_y)
    assert not np.array_equal(x, made(word, noise=0.1, seed=5)[0])


def test_without_noise_each_circle_has_one_radius():
    x, y = make_circles(100, 0.0, np.random.default_rng(0))
    assert np.linalg.norm(x, axis=1) == pytest.approx(np.where(y == 0, 1.1, 0.5))


def test_without_noise_the_gaussians_are_their_four_centres():
    x, y = make_gaussians(100, 0.0, np.random.default_rng(0))
    angle = np.pi / 4 + np.pi / 2 * y
    assert x == pytest.approx(0.8 * np.stack([np.cos(angle), np.sin(angle)], axis=1), abs=1e-6)


def test_xor_is_one_where_exactly_one_coordinate_is_positive():
    x, y = make_xor(200, 0.0, np.random.default_rng(0))
    assert np.array_equal(y, (x > 0).sum(axis=1) == 1)


def test_the_spirals_are_one_arm_turned_by_thirds():
    x, y = make_spirals(300, 0.0, np.random.default_rng(0))
    turned_back = np.arctan2(x[:, 1], x[:, 0]) - 2 * np.pi * y / 3 - 3.7 * np.linalg.norm(x, axis=1)
    assert np.exp(1j * turned_back) == pytest.approx(np.ones(300), abs=1e-5)


def test_each_moon_lies_on_its_own_half_circle():
    x, y = make_moons(200, 0.0, np.random.default_rng(0))
    middle = 0.9 * np.stack([y - 0.5, 0.5 * y - 0.25], axis=1)
    assert np.linalg.norm(x - middle, axis=1) == pytest.approx(np.full(200, 0.9))
    assert np.array_equal(x[:, 1] >= middle[:, 1] - 1e-6, y == 0)


def test_noise_is_a_standard_deviation_in_the_units_of_the_drawing():
    still, moved = made("circles", 2000, 0.0, 1)[0], made("circles", 2000, 0.05, 1)[0]
    assert (moved - still).std() == pytest.approx(0.05, rel=0.05)
