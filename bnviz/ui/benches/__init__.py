"""Benches: interactive demonstrations whose arithmetic needs no training, by the names that lessons know them by."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.ui.benches import (
    bias,
    exploding_bias,
    moments,
    noise,
    one_unit,
    pictures,
    product,
    recovery,
    scale,
    shapes,
    size,
    slope,
    transform,
    velocity,
)

_MODULES = (
    bias, exploding_bias, moments, noise, one_unit, pictures, product, recovery, scale, shapes, size, slope, transform,
    velocity,
)  # fmt: skip

BENCHES: dict[str, Callable[[], None]] = {module.__name__.rpartition(".")[2]: module.show for module in _MODULES}
"""Name of a bench, which is that of its module, to what draws it."""
