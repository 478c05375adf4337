"""Lesson 3: the first figure of the 2015 paper, live on digits and recorded on MNIST."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bnviz.lessons.judging import POINT, at_chance, by_answer, by_factor, by_sign, versus
from bnviz.lessons.lesson import Finding, Lesson, Question, Text, Trial
from bnviz.lessons.presets import PRESETS, twins
from bnviz.lessons.reading import between, compare, number, row, rows, spread, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.wording import sentences

MNIST_RUN = Run(dataset="mnist_binary", init_scale=0.05, learning_rate=0.1)
FIVE_POINTS = 0.05
"""What counts at the end of the long run, of which BN was eighty points ahead at its beginning."""

SETTLED = 0.1
"""Bands are compared from the first tenth of the run on: there BN has learned, and plain is about to begin."""


def final_accuracy(step: int, margin: float = POINT) -> Callable[[History], Finding]:
    """The check of who names more test examples right at this step, or whether both are level within ``margin``."""

    def check(history: History) -> Finding:
        finding = compare(history, "bn", "plain", "test_accuracy", step=step, margin=margin,
                          outcomes=("bn", "plain", "same"))  # fmt: skip
        run = history.experiment.arms["plain"]
        words = f"Initial weights N(0, {run.initial_scale:g}²), learning rate {run.learning_rate:g}, {step:,} steps."
        return Finding(finding.outcome, sentences(finding.sentence, words), finding.rows)

    return check


def band_changes(history: History, arm: str) -> np.ndarray:
    """How much the last layer's bands change, ``(seeds,)``: widest over narrowest, of the median watched unit.

    The band of a unit is what lies between its 15th and 85th percentile.
    """
    late = history.steps >= SETTLED * history.steps[-1]
    low, high = (
        np.asarray(history.series(arm, f"unit_p{part}"), dtype=float)[late, :, -1] for part in ("15", "85")
    )
    width = high - low
    return np.asarray(np.nanmedian(width.max(0) / np.maximum(width.min(0), 1e-12), axis=-1))


def steadiness(history: History) -> Finding:
    """Whose bands keep their width."""
    plain, bn = band_changes(history, "plain"), band_changes(history, "bn")
    return Finding(
        by_sign(by_factor(plain, bn), "bn", "plain", "same"),
        f"After the first tenth of the run the widest band of a unit is {between(plain)} times its narrowest in the "
        f"plain network, {between(bn)} times with BN.",
        (row("plain, widest / narrowest", plain), row("BN, widest / narrowest", bn)),
    )


def small_start(history: History) -> Finding:
    """Whether the plain network has left chance by step 2,000, and how it compares with BN."""
    plain, bn = (value(history, arm, "test_accuracy", 2000) for arm in ("plain", "bn"))
    later = by_answer(at_chance(plain), "plateau", "slow")
    return Finding(
        by_sign(versus(plain, bn), "ahead", later, "same"),
        f"At step 2,000: {spread('plain', plain, True)}, {spread('bn', bn, True)}. Chance is {number(0.1, True)}.",
        rows(history, "test_accuracy", 2000),
    )


LESSON = Lesson(
    slug="first_figure",
    title="The 2015 experiment",
    question="Does the first figure of the paper hold up?",
    claim=(
        "With BN a network of three layers of 100 sigmoid units learns handwritten digits faster and ends higher, "
        "and the inputs of its last layer keep a steady distribution while those of the plain network move."
    ),
    scenes=(
        Text(
            "The paper trains on MNIST for 50,000 steps with mini-batches of 60 and shows (a) the test accuracy and "
            "(b, c) the 15th, 50th and 85th percentile of what one typical unit of the last hidden layer receives. It "
            "prints neither the learning rate nor the size of the initial weights. You will see how much hangs on both."
        ),
        Trial(
            slug="digits",
            title="Figure 1a, on small digits",
            words=(
                "The same network on 8 x 8 digits, with initial weights N(0, 0.1²) and learning rate 0.5, ten seeds "
                "each."
            ),
            question="Who is ahead after 3,000 steps?",
            predictions={"bn": "BN", "plain": "The plain network", "same": "Neither, within a point"},
            expected="bn",
            experiment=twins(Run(), range(10)),
            steps=3000,
            charts=("accuracy", "loss"),
            check=final_accuracy(3000),
            why=(
                "The plain network stays near chance for some hundred steps: its gradients arrive small at the lower "
                "layers. BN leaves the plateau at once. At the end the gap is a few points, with these initial weights "
                "and this rate."
            ),
        ),
        Trial(
            slug="bands",
            title="Figure 1b and c: the bands",
            words=(
                "The same networks, five seeds, as a recorded run; *play* trains it anew. The chart follows one unit; "
                "choose others. The verdict looks at all watched units of the last hidden layer."
            ),
            question="Whose band, between the 15th and the 85th percentile, keeps its width?",
            predictions={"bn": "BN's", "plain": "The plain network's", "same": "Both alike"},
            expected="bn",
            experiment=PRESETS["figure_1"],
            steps=3000,
            charts=("percentiles", "histograms", "distribution_shift"),
            check=steadiness,
            recorded=True,
            why=(
                "In the plain network the band opens up as the unit finds out what to look for. With BN it stays, "
                "which is partly by construction: the input is gamma times something of unit variance, plus beta. The "
                "window decides the number. It opens at step 300, when BN has learned and plain has yet to begin, and "
                "plain's widest band is 67 times its narrowest. From step 600 on it is 2.7 times, from 900 on 1.6, and "
                "from 2,700 on 1.04, as with BN. Look at the median too: BN's jitters around a stable place, the plain "
                "one's wanders off."
            ),
        ),
        Trial(
            slug="smaller_start",
            title="The gap depends on the start",
            words="Initial weights ten times smaller: N(0, 0.01²). Nothing else is changed.",
            question="What does the plain network do in 2,000 steps?",
            predictions={
                "same": "As well as BN", "slow": "It learns, later than BN", "plateau": "It stays at chance",
                "ahead": "Better than BN",
            },
            expected="plateau",
            experiment=twins(Run(init_scale=0.01)),
            steps=2000,
            charts=("accuracy", "gradients", "percentiles"),
            check=small_start,
            open=("init_scale", "learning_rate"),
            why=(
                "With smaller weights every layer passes less on, up and down, and the plateau grows longer than the "
                "run. So the size of the gap in the figure is a function of a number that the paper does not print. "
                "BN divides by the deviation and does not care. Try 0.05, 0.1 and 0.3."
            ),
            otherwise={
                "same": (
                    "With weights of this size and this rate the plain network gets off its plateau early enough "
                    "to catch up."
                ),
                "slow": (
                    "The signal gets through, up and down, but weakly: the plain network's plateau is shorter "
                    "than the run, and longer than BN's."
                ),
            },
        ),
        Trial(
            slug="mnist",
            title="The whole run: 50,000 steps of MNIST",
            words=(
                "MNIST with pixels made black or white, as in the paper; N(0, 0.05²), learning rate 0.1, mini-batches "
                "of 60. It takes minutes, so what you see is a recorded run; with MNIST at hand, *play* trains it."
            ),
            question="BN is far ahead for the first thousands of steps. What is left after 50,000?",
            predictions={
                "bn": "A lead that may be more than five points", "plain": "The plain network is ahead by then",
                "same": "Less than five points, either way",
            },
            expected="same",
            experiment=twins(MNIST_RUN),
            steps=50_000,
            charts=("accuracy", "percentiles", "loss"),
            check=final_accuracy(50_000, FIVE_POINTS),
            recorded=True,
            why=(
                "Given time, the plain sigmoid network leaves its plateau and learns what BN learned long before. The "
                "figure is about the first part. What is left at the end is a point or two, and five seeds, each "
                "tested on 512 pictures of its own, cannot tell that from nothing."
            ),
        ),
    ),
    verdict=(
        "The figure reproduces: BN starts to learn at once, and its bands keep their width, while those of the plain "
        "network open when it leaves its plateau and are as steady once it has learned. On the small digits BN "
        "ends ahead; after 50,000 steps of MNIST little of the lead is left. How far ahead it is depends on the "
        "initial weights and the rate, which is why this page names both."
    ),
    sources=(SOURCES["ioffe"],),
    quiz=(
        Question(
            "In a chart of the 15th, 50th and 85th percentile, which line is on top?",
            ("The 15th", "The 50th", "The 85th"),
            2,
            "85% of the values lie below the 85th percentile. (A popular summary of the paper has it the wrong way "
            "round.)",
        ),
        Question(
            "Predict: the initial weights are made ten times smaller. What becomes of BN's lead over 2,000 steps?",
            ("It shrinks", "It stays", "It grows, since the plain network stays at chance"),
            2,
            "The plain network's plateau lasts longer than the run; BN divides by the deviation and does not notice.",
            "smaller_start",
        ),
        Question(
            "Why is a steady band after BN only half a finding?",
            ("The band is measured on the training data", "After BN, mean and variance are fixed by construction up to "
             "gamma and beta", "The percentiles are wrong"),
            1,
            "What BN normalizes cannot drift except through gamma and beta; so steadiness alone explains nothing yet.",
            "bands",
        ),
    ),
)  # fmt: skip
