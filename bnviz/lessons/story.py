"""Five scenes for whoever has heard of neural networks and not of batch normalization: a picture, a sentence, a hand on
one control. Plain data; every picture is a real run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bnviz.experiment import Experiment
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.presets import SUGGESTIONS
from bnviz.run import Run


@dataclass(frozen=True)
class Scene:
    """One picture: ``choices`` are what the control offers, words to the experiment that they show up to ``stop``.

    The first choice is the one that the scene opens with; where there is no other, there is no control. Where there is
    none at all the picture is the recorded map. ``below`` are further pictures.
    """

    title: str
    sentence: str
    control: str
    choices: Mapping[str, Experiment]
    chart: str
    stop: int
    below: tuple[str, ...] = ()


QUIET = Run(depth=5, width=64, activation="tanh", init="xavier", learning_rate=0.1, batch_size=64)
TURNED = SUGGESTIONS[0].experiment
"""The same network and its twin with BN, whose rate is multiplied by ten at step 150."""


def _alone(run: Run) -> Experiment:
    return Experiment(arms={"plain": run}, seeds=range(5))


def _trial(lesson: str, slug: str) -> Experiment:
    return next(trial.experiment for trial in LESSONS[lesson].trials if trial.slug == slug)


STORY: tuple[Scene, ...] = (
    Scene(
        "What a layer sees",
        "Every layer learns from what the layers below send it, and **that keeps moving** while they learn too.",
        "Hidden layers",
        {f"{depth}": _alone(QUIET.replace(depth=depth)) for depth in (5, 3, 8)}, "inputs_over_time", 150,
    ),
    Scene(
        "A bigger step",
        "Learn faster? Multiply the learning rate by ten at step 150, and **the river bursts its banks**.",
        "Learning rate from step 150 on",
        {"0.1": _alone(QUIET), "1": _alone(QUIET).replace(changes=TURNED.changes)}, "inputs_over_time", 300,
    ),
    Scene(
        "Normalize every mini-batch",
        "The same step, and a twin whose layers **normalize every mini-batch**: its river stays in its bed.",
        "Batch normalization",
        {"on": TURNED, "off": _alone(QUIET).replace(changes=TURNED.changes)}, "inputs_over_time", 300, ("inside",),
    ),
    Scene(
        "So it may take bigger steps",
        "Every point is a network: the rate grows to the right, the first weights upwards. **Who still learns?**",
        "", {}, "", 0,
    ),
    Scene(
        "But is that why?",
        "Noise thrown in behind BN puts several times its shift back, and this network **learns all the same**.",
        "", {"": _trial("reduced_shift", "noisy_sigmoid")}, "distribution_shift", 400,
    ),
)  # fmt: skip
