"""The map and the sweeps that their pages open with."""

from __future__ import annotations

from dataclasses import dataclass

from bnviz.axes import Axis
from bnviz.lessons.presets import twins
from bnviz.run import Run
from bnviz.sweeps import Map, Sweep

SPIRALS = Run(dataset="spirals", depth=6, width=16, activation="relu", init="he", batch_size=64)
MAP = Map(
    twins(SPIRALS, range(1)),
    Axis("learning_rate", 1e-3, 100.0, log=True),
    Axis("init_scale", 0.01, 100.0, log=True),
)
"""Learning rate across, initial scale up, 6 x 16 ReLU on spirals, plain beside BN."""


@dataclass(frozen=True)
class Preset:
    """A sweep worth training, and the question it answers."""

    title: str
    question: str
    sweep: Sweep


PRESETS = (
    Preset(
        "Learning rate", "Which rate is best, and how far up does each network follow?",
        Sweep(
            twins(Run(activation="relu", init="he")),
            {"learning_rate": (0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0)}, 300,
        ),
    ),
    Preset(
        "Depth", "How many layers does a sigmoid network stand?",
        Sweep(
            twins(Run(init="xavier", width=32, learning_rate=0.5), range(3)), {"depth": (1, 2, 3, 4, 6, 8, 12, 16)}, 300
        ),
    ),
    Preset(
        "Batch size", "How small may a mini-batch be?",
        Sweep(
            twins(Run(activation="relu", init="he", learning_rate=0.1), range(3)),
            {"batch_size": (1, 2, 4, 8, 16, 32, 64, 128)}, 300,
        ),
    ),
)  # fmt: skip
SWEEP = PRESETS[0].sweep
