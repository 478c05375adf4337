"""One example in mini-batches with other examples: what its normalized value depends on. Numpy only.

Knows no network and no chart; the arithmetic is that of ``arithmetic.transform``.
"""

from __future__ import annotations

import numpy as np

from bnviz.lessons.arithmetic.mini_batch import transform


def among_mates(value: float, size: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """x-hat of one example of this value, each time in a mini-batch with ``size - 1`` others, ``(draws,)``.

    The others come from a normal distribution of mean 0 and variance 1, so
    that in a very large mini-batch x-hat is the value itself. Alone it is 0;
    with one mate it is 1 or -1, whichever of the two is larger.

    Raises:
        ValueError: a mini-batch of no example.
    """
    if size < 1:
        raise ValueError(f"size was {size}; allowed is 1 or more: the example itself is one.")
    batches = generator.standard_normal((size, draws))
    batches[0] = value
    return np.asarray(transform(batches).normalized[0])
