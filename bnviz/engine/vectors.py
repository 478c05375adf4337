"""What lets a run compute to the same bits wherever it stands among others: whole vectors, and rows by fours.

A processor computes a curved function on whole vectors of numbers, and what is
left over at the very end of a tensor one by one, by a formula that rounds
otherwise. And a matrix product takes another way through its sums where a
matrix begins between two 16-byte boundaries, as every second run's does when
its size is odd. So the numbers of all runs together are filled up to whole
vectors, and the columns of a matrix, one an example, to fours. What stands in
the room is computed too, and read by nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

VECTOR = 64
"""A multiple of what any processor computes at once: two vectors of 512 bits are 32 numbers."""
FOUR = 4
"""Numbers of float32 from one 16-byte boundary to the next."""


def roomy(*shape: int) -> Tensor:
    """Zeros of this shape, with room behind them up to a whole vector."""
    numbers = math.prod(shape)
    return torch.zeros(numbers + -numbers % VECTOR)[:numbers].view(shape)


def whole(tensor: Tensor) -> Tensor:
    """The numbers of a ``roomy`` tensor and the room behind them, in one row that is a multiple of whole vectors."""
    numbers = tensor.numel()
    return tensor.as_strided((numbers + -numbers % VECTOR,), (1,))


def in_whole_vectors(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The same elementwise function, computed on whole vectors whatever the shape."""

    def of_any_shape(x: Tensor) -> Tensor:
        row, left_over = x.reshape(-1), x.numel() % VECTOR  # in one row the gradient is one too
        if left_over:
            return function(F.pad(row, (0, VECTOR - left_over)))[: len(row)].view(x.shape)
        return function(row).view(x.shape)

    return of_any_shape


def by_fours(x: Tensor) -> Tensor:
    """The same columns, with as many zero ones behind them as make fours: ``(..., 5)`` becomes ``(..., 8)``."""
    return F.pad(x, (0, -x.shape[-1] % FOUR)) if x.shape[-1] % FOUR else x


def product(weight: Tensor, x: Tensor, bias: Tensor | None = None) -> Tensor:
    """``weight @ x + bias`` of every run: ``(runs, out, in)``, ``(runs, in, columns)`` to ``(runs, out, columns)``."""
    filled = by_fours(x)
    y = torch.bmm(weight, filled) if bias is None else torch.baddbmm(bias, weight, filled)
    return y if filled is x else y[..., : x.shape[-1]]


def outer_product(y: Tensor, x: Tensor) -> Tensor:
    """``y @ x'`` of every run: ``(runs, out, columns)`` and ``(runs, in, columns)`` to ``(runs, out, in)``."""
    return torch.bmm(by_fours(y), by_fours(x).transpose(1, 2))
