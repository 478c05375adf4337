"""Close-ups are there, and are as whole as what is drawn of them needs."""

import numpy as np
import pytest

from bnviz.close_ups import CLOSE_UPS, close_up, path_of
from bnviz.engine.close_ups import LOOKED_AT


@pytest.mark.parametrize("name", CLOSE_UPS)
def test_a_close_up_is_kept_in_little_room(name):
    assert path_of(name).stat().st_size < 50e3


def test_every_close_up_has_a_network_that_is_looked_at():
    assert set(CLOSE_UPS) == set(LOOKED_AT)


def test_the_loop_behind_layers_of_half_the_weights_is_half_as_long_each_time():
    half, plain, double, _ = close_up("loop")["length"].astype(float)
    layers = np.arange(half.shape[1])
    np.testing.assert_allclose(half / plain, np.broadcast_to(0.5**layers, half.shape), rtol=1e-3)
    np.testing.assert_allclose(double / plain, np.broadcast_to(2.0**layers, half.shape), rtol=1e-3)


def test_the_company_is_a_hundred_mini_batches_of_each_size_and_what_is_said_are_probabilities():
    seen = close_up("company")
    assert [seen[f"mates_{size}"].shape for size in (2, 8, 64)] == [(100, 1), (100, 7), (100, 63)]
    np.testing.assert_allclose(seen["probabilities"].astype(float).sum(3), 1, atol=2e-3)
