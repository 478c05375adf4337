"""A deep linear network with and without batch normalization: more shift of the gradients, and a lower loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from bnviz.engine.generators import torch_generator
from bnviz.engine.normalizations import fused
from bnviz.study import STUDIES
from bnviz.table import Table, Value

READINGS = 30
"""The gradients are compared at so many evenly spaced steps, and at the first and the last."""


def deep_linear(
    rates: Sequence[float], steps: int, seeds: int, depth: int, width: int, examples: int, layers: Sequence[int]
) -> Iterator[Table]:
    """Learn ``y = A x`` with a product of ``depth`` square matrices, by gradient descent on all examples at once.

    The loss is the mean over the examples of ``||f(x) - A x||^2``; x, A and the
    initial weights are Gaussian, the weights with variance 1 / width. Batch
    normalization follows every layer but the last. Layer i's gradient G is
    compared with G', its gradient once the layers below have taken their step:
    ``shift = ||G - G'|| / ||G||``.

    Source: Santurkar et al. 2018, section 2.2 and appendix A.1 (there 10,000 steps at rate 1e-6).
    """
    runs = [(rate, seed) for rate in rates for seed in range(seeds)]
    rate = torch.tensor([each for each, _ in runs]).view(-1, 1, 1)
    drawn = [_draw(seed, depth, width, examples) for _, seed in runs]
    x, target = torch.stack([each[0] for each in drawn]), torch.stack([each[1] for each in drawn])
    every, rows = max(1, steps // READINGS), list[list[Value]]()
    networks = {arm: list(torch.stack([each[2] for each in drawn], 1)) for arm in ("plain", "bn")}
    for step in range(steps + 1):
        read = step % every == 0 or step == steps
        for arm, weights in networks.items():
            losses, gradients = _gradients(arm, weights, x, target)
            moved = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
            if read:
                found = _shifts(arm, weights, moved, gradients, x, target, layers)
                rows += [
                    [arm, *run, step, layer, float(losses[place]), float(shift[place]), float(cosine[place])]
                    for place, run in enumerate(runs)
                    for layer, (shift, cosine) in found.items()
                ]
            networks[arm] = moved
        if read:
            yield Table.of(STUDIES["deep_linear"].columns, rows, (step + 1) / (steps + 1))


def _draw(seed: int, depth: int, width: int, examples: int) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, targets and initial weights of one seed."""
    data, start = torch_generator(seed, "data"), torch_generator(seed, "weights")
    x, target_map = torch.randn(width, examples, generator=data), torch.randn(width, width, generator=data)
    return x, target_map @ x, torch.randn(depth, width, width, generator=start) / width**0.5


def _hidden(arm: str, weight: Tensor, x: Tensor) -> Tensor:
    """One hidden layer of every run: ``(runs, width, examples)`` to the same."""
    y = torch.bmm(weight, x)
    return fused(y).x_hat if arm == "bn" else y


def _losses(arm: str, weights: Sequence[Tensor], x: Tensor, target: Tensor) -> Tensor:
    for weight in weights[:-1]:
        x = _hidden(arm, weight, x)
    return (torch.bmm(weights[-1], x) - target).square().sum(1).mean(1)


def _gradients(arm: str, weights: Sequence[Tensor], x: Tensor, target: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Every run's loss, and its gradient in each layer's weights."""
    leaves = [weight.detach().requires_grad_() for weight in weights]
    losses = _losses(arm, leaves, x, target)
    return losses.detach(), torch.autograd.grad(losses.sum(), leaves)


def _shifts(
    arm: str, weights: Sequence[Tensor], moved: Sequence[Tensor], gradients: Sequence[Tensor],
    x: Tensor, target: Tensor, layers: Sequence[int],
) -> dict[int, tuple[Tensor, Tensor]]:  # fmt: skip
    """Each watched layer's shift and cosine, ``(runs,)``: the layers below have moved, it and those above have not."""
    found = {}
    for index, weight in enumerate(weights):
        if index + 1 in layers:
            own = weight.detach().requires_grad_()
            (after,) = torch.autograd.grad(_losses(arm, [own, *weights[index + 1 :]], x, target).sum(), own)
            old, new = gradients[index].flatten(1), after.flatten(1)
            length = old.norm(dim=1)
            found[index + 1] = (old - new).norm(dim=1) / length, (old * new).sum(1) / (length * new.norm(dim=1))
        x = _hidden(arm, moved[index], x)
    return found
