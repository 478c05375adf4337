"""Benches: interactive demonstrations whose arithmetic needs no training, by the names that lessons know them by."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.ui.benches import (
    bias,
    exploding_bias,
    noise,
    one_unit,
    pictures,
    product,
    recovery,
    scale,
    shapes,
    size,
    transform,
)

BENCHES: dict[str, Callable[[], None]] = {
    "transform": transform.show,
    "recovery": recovery.show,
    "bias": bias.show,
    "scale": scale.show,
    "shapes": shapes.show,
    "size": size.show,
    "pictures": pictures.show,
    "one_unit": one_unit.show,
    "noise": noise.show,
    "exploding_bias": exploding_bias.show,
    "product": product.show,
}
"""Name of a bench to what draws it."""
