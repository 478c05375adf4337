"""One test digit in a hundred real mini-batches: what a trained network says of it there, and in eval mode."""

from __future__ import annotations

from typing import Any

import numpy as np

from bnviz.close_ups import close_up
from bnviz.lessons.reading import number
from bnviz.live.component import film
from bnviz.ui.benches.pieces import packed
from bnviz.wording import listed, written

KEY = "bench.company"
SIZES = (2, 8, 64)
TITLES = ("a steady one", "in the middle", "a shaky one")
SIDE, INK, WHOLE = 8, 16, 65535
"""Pixels of a picture's side, the darkest of them, and what a certainty is sent as."""


def show() -> None:
    """The digit, its company and ten bars that flicker, beside ten that stand still."""
    film("company", KEY, drawn())


def drawn() -> dict[str, Any]:
    """What the page's script draws, with what was found in words."""
    seen = close_up("company")
    probabilities = seen["probabilities"].astype(float)
    digits = zip(TITLES, seen["digits"], seen["alone"].astype(float), seen["places"], probabilities, strict=True)
    return {
        "pictures": packed(seen["pictures"]), "side": SIDE, "ink": INK, "sizes": [*SIZES],
        "companies": probabilities.shape[2], "mates": [packed(seen[f"mates_{size}"]) for size in SIZES],
        "probabilities": packed((WHOLE * probabilities).round().astype(np.uint16)),
        "asked": [
            {"at": int(at), "title": title, "label": int(seen["labels"][at]), "alone": alone.round(4).tolist(),
             "sentences": [found(int(seen["labels"][at]), alone, said), _where(int(place), seen)]}
            for title, at, alone, place, said in digits
        ],
    }  # fmt: skip


def found(label: int, alone: np.ndarray, said: np.ndarray) -> str:
    """How often the answer is another than in eval mode, and how the right class's probability scatters, for each size.

    ``alone`` is ``(classes,)``, ``said`` ``(sizes, companies, classes)``.
    """
    changed = (said.argmax(2) != alone.argmax()).sum(1)
    deviations = listed(written(each, ".2f") for each in said[..., label].std(1))
    answers = [f"{count} of {said.shape[1]} mini-batches of {size}" for size, count in zip(SIZES, changed, strict=True)]
    return (
        f"Named otherwise than in eval mode: in {listed(answers)}. The probability of the right class, {label}, has a "
        f"deviation of {deviations}; eval mode says {number(alone[label], True)} every time."
    )


def _where(place: int, seen: Any) -> str:
    """Whose digit this is, and how all the others fare."""
    shares = [f"{number(share, True)} in mini-batches of {size}"
              for size, share in zip(SIZES, seen["changed"], strict=True)]  # fmt: skip
    return (
        "Recorded: BN, three ReLU layers, 300 steps, seed 0. This is no. "
        f"{place} of {len(seen['labels'])} test digits, from the one whose answer seven others change least often. Of "
        f"the answers to all of them, other company changes {listed(shares)}."
    )
