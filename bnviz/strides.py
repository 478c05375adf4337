"""How a picture becomes smaller from convolution to convolution: plain arithmetic, for the engine and for ``code``."""

from __future__ import annotations

import math

KERNEL = 3
SMALL = 4
"""Pictures of at most this side are not made smaller any more."""


def sides(pixels: int, depth: int) -> list[int]:
    """The side of the picture that each convolution receives and, last, of the one that the output layer receives.

    The first convolution keeps the size; each further one halves it (rounding
    up) while the side is more than 4. Digits: 8, 8, 4, 4; MNIST: 28, 28, 14, 7, 4.
    """
    found = [math.isqrt(pixels)] * 2
    for _ in range(depth - 1):
        found.append(-(-found[-1] // stride(found[-1], first=False)))
    return found


def stride(side: int, first: bool) -> int:
    """How many pixels a convolution moves on between two places: 2 to halve a picture, otherwise 1."""
    return 1 if first or side <= SMALL else 2


def strides(pixels: int, depth: int) -> list[int]:
    """The stride of every convolution. Digits: 1, 2, 1; MNIST: 1, 2, 2, 2."""
    return [stride(side, first=index == 0) for index, side in enumerate(sides(pixels, depth)[:-1])]
