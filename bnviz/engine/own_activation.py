"""An activation of one's own: from a function to the word that a ``Run`` has for it, and what is asked of it before.

What it is made of is measured once, on a grid of numbers: whether it can be trained with, where it is flat, and by
how much it shrinks a signal.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.trying import EQUAL, check_function, gradient, refused, result, tried
from bnviz.flat import measured
from bnviz.own_functions import OwnActivation, made, short

REACH, FINENESS = 8.0, 256
"""The grid: numbers up to so far from 0, so many between two whole ones."""


class ActivationWord(str):
    """The word of an activation of one's own. ``gain`` is what weights are multiplied by to undo how it shrinks."""

    gain: float


def activation_from(function: Callable[[Tensor], Tensor], name: str = "own") -> ActivationWord:
    """The word of an activation of your own: ``Run(activation=activation_from(lambda x: x.clamp(-1, 1), "hard"))``.

    ``function`` takes a tensor of any shape, float32 or float64, and gives one of the same shape: of each number by
    itself, with a slope that autograd finds. In a training step it is called twice a layer, on a row of all its
    numbers. ``name`` (24 letters, digits and -) is what captions call it.

    Initial weights are drawn as for any activation. The word's ``gain``, ``1 / sqrt(mean f(z)^2)`` over standard normal
    z (1.414 for ReLU, 1 for a line), is the ``init_scale`` with which ``init="lecun"`` keeps the size of signals.
    It lives in this process: no link and no script holds it, and to go on from a saved history it is made again.

    Raises:
        InvalidChoice: on numbers from -8 to 8 it raised, gave another shape or type, numbers or slopes that are not
            finite, or no slope at all; or it wrote over its input, mixed numbers, or drew any.
    """
    own = short(name)
    check_function(own, function, "a tensor: try torch.relu", "a function without any")
    places = torch.linspace(-REACH, REACH, int(2 * REACH * FINENESS) + 1, dtype=torch.float64)
    outputs = tried(own, function, places)
    _check_finite(own, "gave", places, outputs)
    half = len(places) // 2
    if not torch.allclose(result(own, function, places.flip(0)[:half]), outputs.flip(0)[:half], EQUAL, EQUAL):
        raise refused(
            own, "gave other numbers for the same ones in other company",
            "a function of each number by itself that draws none (what mixes examples or units is a normalization)",
        )  # fmt: skip
    slopes = gradient(own, function, places, torch.ones_like(places))
    _check_finite(own, "has the slope", places, slopes)
    x, y = places.numpy(), outputs.numpy()
    part = OwnActivation(function, x, y, measured(x, slopes.numpy()))
    word = ActivationWord(made("activation", own, y, part))
    word.gain = _gain(x, y)
    return word


def _check_finite(name: str, what: str, places: Tensor, values: Tensor) -> None:
    """Raises InvalidChoice, with the place, for a value that is not finite."""
    if not values.isfinite().all():
        place = int((~values.isfinite()).int().argmax())
        raise refused(
            name, f"{what} {values[place]:g} at {places[place]:g}",
            f"a finite number and slope everywhere from {-REACH:g} to {REACH:g}: try to clamp what it divides by, or "
            "takes a root or logarithm of",
        )  # fmt: skip


def _gain(x: np.ndarray, y: np.ndarray) -> float:
    """``1 / sqrt(mean y^2)`` over standard normal x; 1 of a function that is 0 nearly everywhere."""
    weights = np.exp(-(x**2) / 2)
    square = float((weights * y**2).sum() / weights.sum())
    return float(1 / np.sqrt(square)) if square > 1e-8 else 1.0
