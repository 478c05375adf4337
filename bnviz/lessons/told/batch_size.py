"""Lesson 8: the size of the mini-batch, from one example to hundreds, and what else depends on who is in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.fields import InvalidChoice
from bnviz.lessons.judging import by_sign, exceeds, versus
from bnviz.lessons.lesson import UNDECIDED, Bench, Finding, Lesson, Published, Question, Text, Trial
from bnviz.lessons.reading import accuracies, between, points, rows, spread, told, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History

DIGITS = Run(depth=3, width=64, activation="relu", init="he", learning_rate=0.05, batch_size=256)
LITTLE = Run(
    samples=150, depth=3, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=120,
    normalization="batch",
)
SHUFFLED = Run(samples=600, depth=3, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=16)

MUCH = 0.1
"""A network that is this much behind the same network with large mini-batches has lost something that counts."""


def sizes(name: str, normalization: str, *batch_sizes: int) -> dict[str, Run]:
    """The network of this lesson with one normalization and mini-batches of these sizes, arms named ``bn_of_8``."""
    return {f"{name}_of_{size}": DIGITS.replace(normalization=normalization, batch_size=size) for size in batch_sizes}


def refusal(**choices: Any) -> str:
    """The sentence with which these choices are refused; empty if they can train."""
    try:
        Run(**choices)
    except InvalidChoice as error:
        return str(error)
    return ""


def behind(history: History, kind: str) -> dict[int, np.ndarray]:
    """By how much each smaller batch size leaves an arm's accuracy behind that of the largest, largest size first."""
    runs = {run.batch_size: arm for arm, run in history.experiment.arms.items() if arm.startswith(kind)}
    accuracy = {size: value(history, runs[size], "test_accuracy", 600) for size in sorted(runs, reverse=True)}
    full = next(iter(accuracy.values()))
    return {size: full - values for size, values in accuracy.items()}


def how_small(history: History) -> Finding:
    """Down to which size of mini-batch BN stays close to what it reaches with the largest."""
    largest, *smaller = behind(history, "bn").items()
    outcome = str(largest[0])
    for size, lost in smaller:
        far = exceeds(lost, MUCH, of=len(smaller))
        if far is not False:
            outcome = outcome if far else UNDECIDED
            break
        outcome = str(size)
    return Finding(
        outcome, f"Test accuracy after 600 steps, by batch size: {told(accuracies(history, 600))}.",
        rows(history, "test_accuracy", 600),
    )  # fmt: skip


def most_lost(history: History) -> Finding:
    """Which normalization loses most on the way from the largest mini-batches to two examples."""
    kinds = ("bn", "layer", "group")
    lost = {kind: behind(history, kind)[2] for kind in kinds}
    against = {kind: [versus(lost[kind], lost[other], of=3) for other in kinds if other != kind] for kind in kinds}
    most = [kind for kind, signs in against.items() if signs == [1, 1]]
    level = all(signs == [0, 0] for signs in against.values())
    losses = ", ".join(f"{arm_label(kind)} {between(100 * lost[kind])}" for kind in kinds)
    alone = ", ".join(spread(arm, value(history, arm, "test_accuracy", 600), True)
                      for arm, run in history.experiment.arms.items() if run.batch_size == 1)  # fmt: skip
    return Finding(
        most[0] if most else "same" if level else UNDECIDED,
        f"Points of test accuracy at step 600 that mini-batches of 2 have less than those of 64: {losses}. With one "
        f"example: {alone}.",
        rows(history, "test_accuracy", 600),
    )


def ghosts(history: History) -> Finding:
    """Whether statistics of eight examples do better on the test examples than those of the whole training set."""
    accuracy = accuracies(history, 250)
    whole, eight = accuracy["bn"], accuracy["bn_ghost_8"]
    return Finding(
        by_sign(versus(eight, whole), "ghost", "whole", "same"),
        f"Test accuracy after 250 steps: {told(accuracy)}. Ghost batches of 8 against the whole: "
        f"{points(eight - whole)}.",
        rows(history, "test_accuracy", 250),
    )


def shuffling(history: History) -> Finding:
    """Whether new mini-batches in every epoch raise the accuracy, and whose by more."""
    accuracy = accuracies(history, 600)
    gain = {arm: accuracy[arm] - accuracy[f"{arm}_fixed"] for arm in ("plain", "bn")}
    helps = {arm: versus(accuracy[arm], accuracy[f"{arm}_fixed"], of=2) for arm in gain}
    more = versus(gain["bn"], gain["plain"])
    if all(sign == 0 for sign in helps.values()):
        outcome = "none"
    elif more == 0:
        outcome = "both" if all(sign == 1 for sign in helps.values()) else UNDECIDED
    else:
        winner = {1: "bn", -1: "plain"}.get(more or 0, UNDECIDED)
        outcome = winner if helps.get(winner) == 1 else UNDECIDED
    return Finding(
        outcome,
        f"Shuffling changes the test accuracy at step 600 by {points(gain['plain'])} without BN and by "
        f"{points(gain['bn'])} with it.",
        rows(history, "test_accuracy", 600),
    )


LESSON = Lesson(
    slug="batch_size",
    title="Batch size",
    question="How many examples does batch normalization need?",
    claim=(
        "BN takes mean and variance from the mini-batch, so that few examples make them uncertain, while layer and "
        "group normalization take them from the units of a single example and do not care."
    ),
    scenes=(
        Text(
            "With **one** example the mean is the example itself: x − mean is 0 and the output is beta, whatever the "
            "network computed below. No gradient comes back either. (A convolution is better off: one example gives "
            "each feature map height times width values.) With **two**, the mean is half way between, both "
            "lie one deviation from it, and x̂ is 1 for the larger and −1 for the smaller: only the order is left. "
            "Lesson 2 has a mini-batch to try this on.\n\n"
            f"Ask this app for BN with one example, and it answers: *{refusal(normalization='batch', batch_size=1)}*",
            title="One example, two examples",
        ),
        Bench(
            "noise",
            "One example in changing company",
            "Follow one example, value x, through mini-batches whose other members change every time. Guess: how many "
            "mates does it take until x̂ (dots) comes close to x (dotted line)? The scatter is the noise that BN "
            "adds to training.",
        ),
        Trial(
            slug="how_small",
            title="Down to which size does it work?",
            words=(
                "Three ReLU layers on digits, 600 steps, with mini-batches of 2, 4, 8, 16 and 256 under BN, and the "
                "plain network with 1, 2 and 256. Smaller mini-batches also see fewer examples in 600 steps, so "
                "compare BN with plain at 2 and at 256."
            ),
            question="Down to which size does BN stay within ten points of what it reaches with 256?",
            predictions={
                "256": "Not even with 16", "16": "Down to 16", "8": "Down to 8", "4": "Down to 4", "2": "Down to 2",
            },
            expected="4",
            experiment=Experiment(
                arms=sizes("bn", "batch", 2, 4, 8, 16, 256) | sizes("plain", "none", 1, 2, 256), seeds=range(10)
            ),
            steps=600,
            charts=("accuracy", "loss"),
            check=how_small,
            open=("activation", "learning_rate"),
            why=(
                "The uncertainty of the mean falls as one over the root of m, so a handful of examples is already "
                "useful. Two are not: the network learns from signs and is then tested with fixed statistics, which "
                "keep the sizes. On large images the trouble begins earlier, as the table below says."
            ),
        ),
        Trial(
            slug="other_norms",
            title="Beside layer and group normalization",
            words=(
                "The same network with BN, layer normalization (all 64 units of an example; Ba, Kiros & Hinton 2016) "
                "and group normalization (4 groups of 16 units; Wu & He 2018), with mini-batches of 64, 2 and, where "
                "it exists, 1."
            ),
            question="Which loses most between mini-batches of 64 and of 2?",
            predictions={"bn": "BN", "layer": "Layer norm", "group": "Group norm", "same": "All three alike"},
            expected="bn",
            experiment=Experiment(
                arms=sizes("bn", "batch", 2, 64) | sizes("layer", "layer", 1, 2, 64)
                | sizes("group", "group", 1, 2, 64),
                seeds=range(8),
            ),
            steps=600,
            charts=("accuracy", "loss"),
            check=most_lost,
            open=("activation",),
            why=(
                "Layer and group norm look at one example at a time, so a mini-batch of one is nothing special for "
                "them. What they lose with 2, 8 and 14 points, is about what the plain network loses (10, between 256 "
                "and 2 in the trial above): gradients are noisy, and fewer examples are seen in as many steps."
            ),
        ),
        Published(
            "The same on ImageNet",
            ("Images per GPU", "32", "16", "8", "4", "2"),
            (
                ("Batch normalization", "23.6", "23.7", "24.8", "27.3", "34.7"),
                ("Group normalization", "24.1", "24.2", "24.0", "24.2", "24.1"),
            ),
            SOURCES["wu"],
            "ResNet-50, validation error in percent. With 32 images layer normalization has 25.3 and instance "
            "normalization 28.4: at a comfortable size BN is the best of the four. One number each, no error bars.",
        ),
        Bench(
            "ghosts",
            "Ghost batches, seen",
            "One mini-batch of 64 digits, and what a unit makes of each (dots), before BN. Divided into ghost batches "
            "(Hoffer, Hubara & Soudry 2017), every part is normalized by its own mean and deviation (blue) instead of "
            "those of all (green). Guess: with four times as many examples in a part, how much closer do the means "
            "come to each other?",
        ),
        Trial(
            slug="ghost_batches",
            title="Noise on purpose: ghost batches",
            words=(
                "Only 120 training examples, all of them in every step. BN over all of them has no noise at all. Ghost "
                "batches divide them: every 30, 8 or 4 examples share statistics, and the gradient is still that of "
                "all 120."
            ),
            question="Whose statistics do better on the test examples?",
            predictions={"whole": "Those of all 120", "ghost": "Those of 8", "same": "No difference of a point"},
            expected="ghost",
            experiment=Experiment(
                arms={"bn": LITTLE} | {f"bn_ghost_{size}": LITTLE.replace(ghost_size=size) for size in (30, 8, 4)},
                seeds=range(8),
            ),
            steps=250,
            charts=("accuracy", "loss"),
            check=ghosts,
            open=("learning_rate", "activation"),
            why=(
                "The mates of an example change from step to step, so its x̂ does too, and the network cannot rely "
                "on any exact value. That acts like noise on the inputs of every layer. Lesson 9 asks how much of a "
                "regularizer this is."
            ),
        ),
        Trial(
            slug="shuffling",
            title="The same mates in every epoch",
            words=(
                "480 training examples in mini-batches of 16. Two networks see new mini-batches in every epoch, two "
                "see the first epoch's for ever (*fixed*). Thirty-two seeds each."
            ),
            question="Who gains from shuffling?",
            predictions={
                "bn": "BN, more than the plain network", "plain": "The plain network, more than BN",
                "both": "Both about alike", "none": "Neither by a point",
            },
            expected="bn",
            experiment=Experiment(
                arms={
                    "plain": SHUFFLED, "bn": SHUFFLED.replace(normalization="batch"),
                    "plain_fixed": SHUFFLED.replace(shuffle=False),
                    "bn_fixed": SHUFFLED.replace(normalization="batch", shuffle=False),
                },
                seeds=range(32),
            ),
            steps=600,
            charts=("accuracy", "loss"),
            check=shuffling,
            open=("activation",),
            why=(
                "A plain network gains from shuffling too, by a little more than half a point: its gradients are "
                "summed over other examples each time. BN gains three times as much, for under BN an example comes "
                "with its mates. If they never change, its noise never changes either, and the network learns answers "
                "that hold in this company. The 2015 paper shuffled more thoroughly and gained about 1% in validation "
                "accuracy."
            ),
        ),
    ),
    verdict=(
        "One example tells a fully connected layer nothing, and two cost most of the accuracy; from a handful on BN "
        "works on this task, and needs more on harder ones. Layer and group normalization compute the same for any "
        "size, and lose with small mini-batches about what a plain network loses. The noise of small "
        "batches is a price and, with little data, a small gift, as long as the company changes."
    ),
    sources=(SOURCES["ioffe"], SOURCES["wu"], SOURCES["ba"], SOURCES["hoffer_longer"]),
    quiz=(
        Question(
            "A mini-batch of two goes through BN; for one unit the values are 3 and 3.2. What is x̂?",
            ("0 and 0.2", "−1 and 1", "−0.1 and 0.1"),
            1,
            "Both lie one deviation from their mean, however close they are (as long as the variance is large beside "
            "epsilon). Only the order is left.",
        ),
        Question(
            "Predict: layer normalization with mini-batches of one example.",
            ("It is refused, like BN", "It trains", "Its output is always beta"),
            1,
            "Its statistics come from the units of the example, so the size of the mini-batch does not enter.",
            "other_norms",
        ),
        Question(
            "Four times as many examples in a mini-batch: the noise of the batch mean becomes",
            ("a quarter", "a half", "as large as before"),
            1,
            "The standard deviation of a mean of m values is one over the root of m.",
        ),
        Question(
            "Predict: all training examples in one mini-batch, BN over all of them or over eight at a time. Who does "
            "better on the test examples?",
            ("All of them", "Eight at a time", "It makes no difference"),
            1,
            "With little data the changing statistics help: every step shows a slightly different picture of each "
            "example.",
            "ghost_batches",
        ),
    ),
)  # fmt: skip
