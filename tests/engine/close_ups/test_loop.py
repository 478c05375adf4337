"""A loop is as long as its sides, its shadow keeps a flat loop as it is, and layers stretch it as their weights say."""

import math

import numpy as np
import pytest
import torch

from bnviz.close_ups import CLOSE_UPS
from bnviz.engine.close_ups.loop import POINTS, RADIUS, aligned, behind, circle_of, flat, length
from bnviz.engine.datasets import load

RUN = CLOSE_UPS["loop"].replace(depth=4)
SQUARE = torch.tensor([[0.0, 2.0, 2.0, 0.0], [0.0, 0.0, 2.0, 2.0]])
TURN = np.array([[0.6, -0.8], [0.8, 0.6]])


@pytest.fixture(scope="module")
def data():
    return load(RUN, 0)


def test_a_loop_is_as_long_as_its_sides_the_last_of_which_leads_back():
    assert length(SQUARE) == 8


def test_the_shadow_of_a_loop_in_a_plane_is_as_long_as_the_loop():
    tilted = torch.tensor([[1.0, 0.0], [0.0, 0.6], [0.0, 0.8]]) @ torch.diag(torch.tensor([2.0, 1.0])) @ SQUARE
    assert length(torch.from_numpy(flat(tilted)).T) == pytest.approx(12)


def test_a_shadow_is_turned_back_to_the_one_before():
    first = np.array([[3.0, 0.0], [0.0, 1.0], [-3.0, -1.0]])
    np.testing.assert_allclose(aligned([first, first @ TURN])[1], first, atol=1e-12)


def test_the_circle_lies_around_a_training_example_at_one_distance(data):
    circle = circle_of(data)
    torch.testing.assert_close(circle.mean(1), data.x(data.train[:1])[0])
    assert length(circle) == pytest.approx(RADIUS * 2 * POINTS * math.sin(math.pi / POINTS), rel=1e-4)


def test_weights_half_as_large_halve_the_loop_in_every_layer(data):
    circle = circle_of(data)
    whole, half = (behind(RUN.replace(init_scale=scale), 0, data, circle) for scale in (1.0, 0.5))
    factors = [length(small) / length(large) for small, large in zip(half, whole, strict=True)]
    assert factors == pytest.approx([0.5, 0.25, 0.125, 0.0625], rel=1e-4)


def test_behind_bn_the_size_of_the_weights_is_gone(data):
    circle, bn = circle_of(data), RUN.replace(normalization="batch")
    once, twice = (behind(bn.replace(init_scale=scale), 0, data, circle)[-1] for scale in (1.0, 2.0))
    torch.testing.assert_close(once, twice, rtol=1e-3, atol=1e-3)
