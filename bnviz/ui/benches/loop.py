"""A loop of inputs on its way through thirty layers, plain from three initial scales and with BN."""

from __future__ import annotations

from typing import Any

import numpy as np

from bnviz.close_ups import close_up
from bnviz.lessons.reading import between
from bnviz.live.component import film
from bnviz.ui.benches.pieces import packed

KEY = "bench.loop"
ARMS = (("plain, He’s × ½", "plain"), ("plain, He’s", "plain"),
        ("plain, He’s × 2", "plain"), ("BN, He’s", "bn"))  # fmt: skip
FINEST = 127
"""The farthest point of a shadow is so many parts away."""


def show() -> None:
    """Four squares, and a film of the layers."""
    film("loop", KEY, drawn())


def drawn() -> dict[str, Any]:
    """What the page's script draws, with how much a layer stretches in words."""
    seen = close_up("loop")
    lengths, sizes = seen["length"].astype(float), seen["size"].astype(float)
    return {
        "carried": [
            {"title": title, "role": role, "size": size.tolist(), "length": length[0].tolist()}
            for (title, role), size, length in zip(ARMS, sizes, lengths, strict=True)
        ],
        "points": packed(seen["points"]), "finest": FINEST, "count": seen["points"].shape[2],
        "sentences": [
            found(lengths),
            "Recorded: thirty ReLU layers of 64, before the first step. The circle lies around one digit, half as far "
            "from it as another digit is, in the plane of two more. Drawn is the shadow of the loop on the plane where "
            "it is widest, of seed 0; its length is measured with all 64 units, behind BN with the statistics of all "
            "training examples.",
        ],
    }  # fmt: skip


def found(lengths: np.ndarray) -> str:
    """How much longer a layer makes the loop, from the second layer on: ``(arms, seeds, layers + 1)`` in words."""
    layers = lengths.shape[2] - 2
    each = (lengths[..., -1] / lengths[..., 1]) ** (1 / layers)
    told = "; ".join(f"{title}: {between(stretch)}" for (title, _), stretch in zip(ARMS, each, strict=True))
    return f"A layer makes the loop so many times as long, on average over the {layers} above the first. {told}."
