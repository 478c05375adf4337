"""Experiments with a name: what a page opens with."""

from __future__ import annotations

from bnviz.experiment import Experiment, Run

_PLAIN = Run()

PRESETS: dict[str, Experiment] = {
    "figure_1": Experiment(arms={"plain": _PLAIN, "bn": _PLAIN.replace(normalization="batch")}),
}
"""``figure_1``: the first figure of Ioffe & Szegedy 2015 on handwritten digits, with the initial weights
N(0, 0.1^2) and the learning rate 0.5 that the paper does not print."""
