"""A loop of inputs on its way through the layers of untouched networks: how each of them stretches what it gets."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.datasets import Data, load
from bnviz.engine.network import forward
from bnviz.engine.stack import Stack
from bnviz.engine.trace import Running
from bnviz.run import Run

HALF, DOUBLE = 0.5, 2.0
SEEDS = range(5)
POINTS = 96
RADIUS = 1.5
"""Half as far from the digit in the middle as another digit is, on average."""

FINEST = 127
"""Points are kept to so many parts of the farthest."""


def loop(run: Run) -> dict[str, np.ndarray]:
    """A circle of inputs around one digit, in the plane that two more digits lie in, behind every layer.

    The arms are the plain network with initial weights half as large, as they
    are, and twice as large, and the network with BN.

    ``length`` is that of the loop through all its points, with all units,
    over that of the circle: ``(arms, seeds, layers + 1)``, the circle itself
    first. ``points`` and ``size`` draw it for the first seed: its shadow on
    the plane in which it is widest, ``(arms, layers + 1, points, 2)`` in 127
    parts of ``size``, which counts in radii of the circle. The plane is turned
    so that the shadow moves as little as it can from layer to layer. Behind BN
    all training examples give the statistics.
    """
    arms = [run.replace(init_scale=scale) for scale in (HALF, 1.0, DOUBLE)] + [run.replace(normalization="batch")]
    ropes, shadows = [], []
    for seed in SEEDS:
        data = load(run, seed)
        circle = circle_of(data)
        carried = [[circle, *behind(arm, seed, data, circle)] for arm in arms]
        ropes.append([[length(each) / length(circle) for each in way] for way in carried])
        if seed == SEEDS[0]:
            shadows = [[shadow / RADIUS for shadow in aligned([flat(each) for each in way])] for way in carried]
    drawn = np.array(shadows)
    size = np.abs(drawn).max((2, 3))
    return {
        "length": np.array(ropes, dtype=np.float32).swapaxes(0, 1),
        "points": (FINEST * drawn / size[..., None, None]).round().astype(np.int8),
        "size": size.astype(np.float32),
    }


def circle_of(data: Data) -> Tensor:
    """A circle around the first training example, in the plane through two more, ``(features, points)``."""
    three = data.x(data.train[:3]).T
    middle = three[:, :1]
    plane: Tensor = torch.linalg.qr(three[:, 1:] - middle).Q
    angles = torch.arange(POINTS) * (2 * math.pi / POINTS)
    return middle + RADIUS * plane @ torch.stack([angles.cos(), angles.sin()])


def behind(run: Run, seed: int, data: Data, x: Tensor) -> list[Tensor]:
    """What every hidden layer of the untouched network makes of these, ``(units, points)`` each."""
    layers = Stack([run], [seed], [data]).at_rest().layers
    with torch.inference_mode():
        everything = forward(run, layers, data.x(data.train).T[None]).layers if run.uses_batch else ()
        running = [Running(each.batch_mean, each.batch_var) for each in everything
                   if each.batch_mean is not None and each.batch_var is not None]  # fmt: skip
        return [layer.output[0] for layer in forward(run, layers, x[None], running).layers]


def length(loop: Tensor) -> float:
    """The way from each point to the next and back to the first."""
    return float((loop - loop.roll(1, 1)).double().norm(dim=0).sum())


def flat(loop: Tensor) -> np.ndarray:
    """The loop's shadow on the plane in which it is widest, around its middle, ``(points, 2)``."""
    left, widths, _ = torch.linalg.svd((loop - loop.mean(1, keepdim=True)).double().T, full_matrices=False)
    return np.asarray((left[:, :2] * widths[:2]).numpy())


def aligned(shadows: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Each turned, or turned over, so that its points lie as near as can be to those of the one before."""
    turned = [shadows[0]]
    for shadow in shadows[1:]:
        left, _, right = np.linalg.svd(shadow.T @ turned[-1])
        turned.append(shadow @ left @ right)
    return turned
