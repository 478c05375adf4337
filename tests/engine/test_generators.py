"""Randomness comes from the seed and the purpose, and from nothing else."""

import numpy as np
import pytest
import torch

from bnviz.engine.generators import numpy_generator, torch_generator
from bnviz.streams import STREAMS

DRAWS = {
    "numpy": lambda seed, stream: numpy_generator(seed, stream).standard_normal(4).tolist(),
    "torch": lambda seed, stream: torch.randn(4, generator=torch_generator(seed, stream)).tolist(),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_equal_seed_and_stream_draw_equal_numbers(draw):
    assert draw(3, "data") == draw(3, "data")


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_every_seed_and_every_stream_draws_its_own_numbers(draw):
    drawn = [tuple(draw(seed, stream)) for seed in (0, 1) for stream in STREAMS]
    assert len(set(drawn)) == len(drawn)


def test_every_step_draws_its_own_numbers():
    drawn = [torch.randn(4, generator=torch_generator(3, "probe", step)).tolist() for step in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_global_generators_are_left_alone(draw):
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()
    draw(0, "weights")
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]
