"""Experiments with a name: what a page opens with, and what to try next."""

from __future__ import annotations

from dataclasses import dataclass

from bnviz.experiment import Experiment
from bnviz.run import Run


def twins(plain: Run, seeds: range = range(5)) -> Experiment:
    """A plain run beside the same run with batch normalization: a contrast in one field."""
    return Experiment(arms={"plain": plain, "bn": plain.replace(normalization="batch")}, seeds=seeds)


@dataclass(frozen=True)
class Suggestion:
    """An experiment worth running next, and the question it answers: at the step ``stop``, if it names one."""

    title: str
    question: str
    experiment: Experiment
    stop: int | None = None


PRESETS: dict[str, Experiment] = {"figure_1": twins(Run())}
"""``figure_1``: the first figure of Ioffe & Szegedy 2015 on handwritten digits, with the initial weights
N(0, 0.1^2) and the learning rate 0.5 that the paper does not print."""

SUGGESTIONS: tuple[Suggestion, ...] = (
    Suggestion(
        "Ten times the rate",
        "Five tanh layers, and after 150 steps a hand on the rate: 1 instead of 0.1. What is left of each twin at step "
        "300?",
        twins(
            Run(depth=5, width=64, activation="tanh", init="xavier", learning_rate=0.1, batch_size=64)
        ).replace(changes=[(150, 1.0)]),
        stop=300,
    ),
    Suggestion(
        "Go deep",
        "Ten sigmoid layers. Which twin learns at all, and where do the gradients of the other one end?",
        twins(Run(depth=10, width=64, init="xavier")),
    ),
    Suggestion(
        "Turn up the rate",
        "Five ReLU layers at learning rate 1. How many units of each twin are dead after a hundred steps?",
        twins(Run(depth=5, width=64, activation="relu", init="he", learning_rate=1.0)),
        stop=100,
    ),
    Suggestion(
        "Start badly",
        "Initial weights three times too large. Who survives the first steps?",
        twins(Run(depth=5, width=64, activation="relu", init="he", init_scale=3.0, learning_rate=0.1)),
    ),
    Suggestion(
        "See the boundary",
        "Three spirals in the plane, eight layers. Watch each twin draw its borders.",
        twins(Run(dataset="spirals", depth=8, width=16, activation="relu", init="he", learning_rate=0.1,
                  batch_size=64)),
    ),
)


def stop_of(experiment: Experiment) -> int | None:
    """The step at which a suggested experiment has answered its question, whatever its seeds; None for any other."""
    same = (each for each in SUGGESTIONS if each.experiment.replace(seeds=experiment.seeds) == experiment)
    return next((each.stop for each in same), None)
