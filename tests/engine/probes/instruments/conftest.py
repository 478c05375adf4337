"""What the tests of the instruments share: a small stack that has learned a little, and what it shows."""

import pytest
import torch

from bnviz.engine.probes.instruments import Context, Examples


def gathered(data, part):
    chosen = [getattr(each, part) for each in data]
    x = torch.stack([each.x(indices).T for each, indices in zip(data, chosen, strict=True)])
    return Examples(x, torch.stack([each.pool_y[indices] for each, indices in zip(data, chosen, strict=True)]))


@pytest.fixture
def context(trained):
    """``context(seeds, steps, **choices)``: all training examples (the first 64 are the probe), all test examples."""

    def make(*args, **choices):
        stack, data = trained(*args, **choices)
        train = gathered(data, "train")
        return Context(stack.at_rest(), Examples(*(part[..., :64] for part in train)), gathered(data, "test"), train)

    return make
