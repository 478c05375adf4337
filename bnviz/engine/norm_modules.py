"""The batch-based normalizations that PyTorch does not have, as modules on ``(batch, features)``, for ``to_module``."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from bnviz.run import Run


class BatchVariant(nn.BatchNorm1d):
    """``gamma * (x - mean) / sqrt(square + eps) + beta`` with the mean and a squared scale of each ghost batch.

    ``square(centred)`` takes ``(ghosts, examples, features)`` to ``(ghosts, 1,
    features)``. ``ghost_size`` examples that follow each other share
    statistics; None means all. With ``detached`` the gradient takes them for
    constants. Eval mode is that of ``nn.BatchNorm1d``: ``running_var`` holds
    the square.
    """

    def __init__(
        self, width: int, square: Callable[[Tensor], Tensor], ghost_size: int | None, detached: bool,
        eps: float, momentum: float, affine: bool,
    ) -> None:
        super().__init__(width, eps, momentum, affine)
        self.square, self.ghost_size, self.detached, self.weighs_new = square, ghost_size, detached, momentum

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        ghosts = x.view(-1, self.ghost_size or len(x), self.num_features)
        source = ghosts.detach() if self.detached else ghosts
        mean = source.mean(1, keepdim=True)
        square = self.square(source - mean)
        self._take_in(mean, square, ghosts.shape[1])
        x_hat = ((ghosts - mean) / torch.sqrt(square + self.eps)).view_as(x)
        return x_hat * self.weight + self.bias if self.affine else x_hat

    def _take_in(self, mean: Tensor, square: Tensor, examples: int) -> None:
        with torch.no_grad():
            self.get_buffer("running_mean").lerp_(mean.mean((0, 1)), self.weighs_new)
            self.get_buffer("running_var").lerp_(square.mean((0, 1)) * examples / (examples - 1), self.weighs_new)


class Noise(nn.Module):
    """Another shift and stretch of every unit at every step, train mode only; drawn from the global generator.

    Source: Santurkar et al. 2018, section 2.2 and appendix A.
    """

    def forward(self, y: Tensor) -> Tensor:
        if not self.training:
            return y
        unit = torch.rand(2, 1, y.shape[1])
        shift = unit[0] - 0.5 + 0.2 * (torch.rand_like(y) - 0.5)
        stretch = 1 + 0.25 * unit[1] + 0.1 * torch.randn_like(y)
        return stretch * y + shift


def variance(centred: Tensor) -> Tensor:
    return (centred**2).mean(1, keepdim=True)


def mean_distance_squared(centred: Tensor) -> Tensor:
    return math.pi / 2 * centred.abs().mean(1, keepdim=True) ** 2


def largest_distance_squared(centred: Tensor) -> Tensor:
    return centred.abs().max(1, keepdim=True).values ** 2 / (2 * math.log(centred.shape[1]))


SQUARES: dict[str, Callable[[Tensor], Tensor]] = {"l1": mean_distance_squared, "linf": largest_distance_squared}


def batch_variant(run: Run) -> nn.Module:
    """The module of any normalization that uses the batch; PyTorch's own for batch normalization itself."""
    if run.normalization == "batch" and run.ghost_size is None:
        return nn.BatchNorm1d(run.width, run.eps, run.bn_momentum, run.affine)
    normalize = BatchVariant(
        run.width, SQUARES.get(run.normalization, variance), run.ghost_size, run.normalization == "detached",
        run.eps, run.bn_momentum, run.affine,
    )
    return nn.Sequential(normalize, Noise()) if run.normalization == "noisy" else normalize
