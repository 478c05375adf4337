"""The modules of the normalizations that PyTorch does not have; what they learn is tested with the road by autograd."""

import pytest
import torch

from bnviz.engine import to_module
from bnviz.engine.norm_modules import BatchVariant, Noise, variance
from bnviz.run import Run

RUN = Run(depth=1, width=8, groups=2, samples=200)


def kinds(**choices):
    return [type(layer).__name__ for layer in to_module(RUN.replace(**choices), 0)]


def test_group_norm_is_pytorchs_own():
    assert kinds(normalization="group") == ["Linear", "GroupNorm", "Sigmoid", "Linear"]


def test_ghost_batches_take_the_variant():
    assert kinds(normalization="batch") == ["Linear", "BatchNorm1d", "Sigmoid", "Linear"]
    assert kinds(normalization="batch", ghost_size=30) == ["Linear", "BatchVariant", "Sigmoid", "Linear"]


@pytest.mark.parametrize("affine", [True, False])
def test_the_variant_by_the_variance_is_pytorchs_batch_norm_in_both_modes(affine):
    ours = BatchVariant(3, variance, None, False, eps=1e-3, momentum=0.2, affine=affine)
    theirs, x = torch.nn.BatchNorm1d(3, 1e-3, 0.2, affine), torch.arange(12.0).view(4, 3).square()
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x))


def test_noise_moves_units_in_train_mode_only():
    y = torch.ones(500, 300)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        noisy = Noise()(y)
    assert noisy.mean().item() == pytest.approx(1.125, abs=0.05)
    assert noisy.mean(0).std().item() == pytest.approx((1 / 12 + 0.25**2 / 12) ** 0.5, rel=0.15)
    assert noisy.std(0).mean().item() == pytest.approx((0.2**2 / 12 + 0.1**2) ** 0.5, rel=0.05)
    assert Noise().eval()(y) is y
