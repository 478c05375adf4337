"""Benches: interactive demonstrations that train nothing while they are shown, by the names that lessons use."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.ui.benches import (
    bias,
    border,
    company,
    equal_loss,
    exploding_bias,
    ghosts,
    loop,
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
    bias, border, company, equal_loss, exploding_bias, ghosts, loop, moments, noise, one_unit, pictures, product,
    recovery, scale, shapes, size, slope, transform, velocity,
)  # fmt: skip

BENCHES: dict[str, Callable[[], None]] = {module.__name__.rpartition(".")[2]: module.show for module in _MODULES}
"""Name of a bench, which is that of its module, to what draws it."""
