"""Three questions to an experiment, each answered by changing one cell of its notebook: computed from its choices."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.reading import sentence_start
from bnviz.run import FIELDS, Run, worded
from bnviz.wording import plural, sentences

MANY = 3
TOLD = 2
"""So many choices that arms differ in are named."""


def questions(experiment: Experiment) -> list[str]:
    """The first three that this experiment allows to ask."""
    asked = (ask(experiment) for ask in (difference, bias, rate, statistics, depth, saturation, seeds))
    return [words for words in asked if words][:MANY]


def difference(experiment: Experiment) -> str:
    """What the first two arms differ in."""
    if len(experiment.arms) == 1:
        return ""
    (one, first), (other, second) = list(experiment.arms.items())[:2]
    apart = [name for name in FIELDS if getattr(first, name) != getattr(second, name)]
    if not apart:
        return ""
    words = [f"{FIELDS[name].label.lower()} ({_of(first, name)} and {_of(second, name)})" for name in apart[:TOLD]]
    more = [f"{len(apart) - TOLD} more"] if len(apart) > TOLD else []
    return (
        f"{sentence_start(arm_label(one))} and {arm_label(other)} differ in {', '.join(words + more)}. Which of them "
        "comes first to half of its first loss, and how many steps earlier? `curves` holds every loss."
    )


def bias(experiment: Experiment) -> str:
    """Why a bias in front of batch normalization makes no difference."""
    name = _first(experiment, lambda run: not run.has_bias and run.network != "rnn")
    return name and (
        f"The hidden layers of {arm_label(name)} have no bias. Give them one: leave `bias=False` out. Its losses stay "
        "the same but for rounding: why?"
    )


def rate(experiment: Experiment) -> str:
    """Who bears a larger learning rate."""
    rates = {run.learning_rate for run in experiment.arms.values()}
    return sentences(
        f"The learning rate is {rates.pop():g}." if len(rates) == 1 else "The learning rates differ.",
        "Multiply `lr` by ten where an optimizer is made, and draw the curve again.",
        "Whose loss still falls, and at thirty times the rate?" if len(experiment.arms) > 1
        else "Does the loss still fall, and at thirty times the rate?",
    )  # fmt: skip


def statistics(experiment: Experiment) -> str:
    """What small mini-batches do to batch statistics."""
    name = _first(experiment, lambda run: run.uses_batch and not run.ghost_size and run.batch_size > 8)
    return name and (
        f"{sentence_start(arm_label(name))} takes mean and variance over {experiment.arms[name].batch_size} examples. "
        "Set `BATCH = 4`: what becomes of its curve, and of its test accuracy, for which running statistics are used?"
    )


def depth(experiment: Experiment) -> str:
    """How deep a network may be."""
    run = next(iter(experiment.arms.values()))
    return sentences(
        plural(run.depth, "The network has {count} hidden layer.", "The network has {count} hidden layers."),
        f"Give it {min(4 * run.depth, 20)}: how large is the first gradient of the lowest layer's weights now, and how "
        "large was it before?",
    )


def saturation(experiment: Experiment) -> str:
    """How many outputs are flat."""
    run = next(iter(experiment.arms.values()))
    other = "nn.Tanh()" if run.activation == "relu" else "nn.ReLU()"
    return (
        f"The nonlinearity is {worded('activation', run.activation)}. Put another in its place, such as `{other}`: "
        "what else must change so that the loss falls as fast?"
    )


def seeds(experiment: Experiment) -> str:
    """What is chance."""
    return "Set `SEED` to three other numbers. Which of your findings hold for all of them?"


def _first(experiment: Experiment, holds: Callable[[Run], bool]) -> str:
    """The first arm of which something holds; empty where it does of none."""
    return next((arm for arm, run in experiment.arms.items() if holds(run)), "")


def _of(run: Run, name: str) -> str:
    return worded(name, getattr(run, name))
