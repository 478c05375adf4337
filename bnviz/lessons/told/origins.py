"""Lesson 14: what was known before batch normalization: normalized inputs, mini-batches, flat sigmoids and what helped
against them; and a reading of what gamma and beta are for."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import TWO_POINTS, ahead, by_answer, by_answers
from bnviz.lessons.lesson import Bench, Finding, Lesson, Question, Text, Trial
from bnviz.lessons.reading import accuracies, by_kind, points, row, rows, told
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.wording import written

INPUTS = Run(depth=1, width=64, activation="tanh", init="lecun", batch_size=64)
KINDS = {"raw": "digits", "normalized": "digits_normalized", "whitened": "digits_whitened"}
RATES = {"": 0.5, "_x2": 1.0, "_x4": 2.0}
FEW = Run(samples=320, depth=2, width=64, activation="tanh", init="lecun", learning_rate=0.1)
"""256 examples to train on: as many as a mini-batch can hold them all."""
WAYS = {"whole": 256, "mini": 32, "one": 1}
PLAIN = Run(depth=4, width=64, init="xavier", learning_rate=0.5, batch_size=64)
DEEP = PLAIN.replace(depth=6, learning_rate=0.1)
REMEDIES: dict[str, dict[str, object]] = {
    "relu": {"activation": "relu"}, "low_rate": {"learning_rate": 0.01}, "dropout": {"dropout": 0.2},
}  # fmt: skip


def prepared(history: History) -> Finding:
    """Whether normalized inputs, and whitened ones, are ahead of the pixels as they are, each at its best rate."""
    accuracy = accuracies(history, 30)
    best = {kind: np.max(values, axis=0) for kind, values in by_kind(accuracy).items()}
    leads = [ahead(best[kind], best["raw"], TWO_POINTS, of=2) for kind in ("normalized", "whitened")]
    names = {(True, True): "both", (True, False): "normalized", (False, True): "whitened", (False, False): "neither"}
    return Finding(
        by_answers(names, *leads),
        f"Test accuracy at step 30, each seed at the best of its rates: {told(best)}. Normalized is "
        f"{points(best['normalized'] - best['raw'])} above the pixels as they are, whitened "
        f"{points(best['whitened'] - best['raw'])}. Up to two points more are none here.",
        rows(history, "test_accuracy", 30),
    )


def ways(history: History) -> Finding:
    """Which of the smaller mini-batches keep up with the whole set, in as many steps."""
    accuracy = accuracies(history, 300)
    keeps = [None if (behind := ahead(accuracy["whole"], accuracy[arm], TWO_POINTS, of=2)) is None else not behind
             for arm in ("mini", "one")]  # fmt: skip
    names = {(True, True): "both", (True, False): "mini", (False, True): "one", (False, False): "neither"}
    seen = ", ".join(f"{arm} {written(300 * run.batch_size, ',')}" for arm, run in history.experiment.arms.items())
    return Finding(
        by_answers(names, *keeps),
        f"Test accuracy after 300 steps: {told(accuracy)}. Examples looked at until then: {seen}. Up to two points "
        "less are none here.",
        rows(history, "test_accuracy", 300),
    )


def remedied(history: History) -> Finding:
    """Which of the older remedies put the network ahead of the plain one, and how much of BN's lead they have."""
    accuracy = accuracies(history, 300)
    lead = accuracy["bn"] - accuracy["plain"]
    helps = [ahead(accuracy[arm], accuracy["plain"], TWO_POINTS, of=3) for arm in REMEDIES]
    names = {(True, False, False): "relu", (True, True, False): "relu_low_rate", (True,) * 3: "all",
             (False,) * 3: "none"}  # fmt: skip
    ahead_of_plain = ", ".join(f"{arm_label(arm)} {points(accuracy[arm] - accuracy['plain'])}" for arm in REMEDIES)
    return Finding(
        by_answers(names, *helps, other="others"),
        f"Test accuracy at step 300: {told(accuracy)}. Above the plain network: {ahead_of_plain}; BN {points(lead)}. "
        "Up to two points are none here.",
        rows(history, "test_accuracy", 300),
    )


def without_gamma_and_beta(history: History) -> Finding:
    """How much of BN's lead over the plain network is left when nothing can set a layer's statistics any more."""
    accuracy = accuracies(history, 300)
    lead, left = (accuracy[arm] - accuracy["plain"] for arm in ("bn", "bn_fixed"))
    leads, still = (ahead(accuracy[arm], accuracy["plain"], TWO_POINTS, of=3) for arm in ("bn", "bn_fixed"))
    less = ahead(accuracy["bn"], accuracy["bn_fixed"], TWO_POINTS, of=3)
    kept = by_answers({(True, True): "some", (True, False): "all"}, still, less, other="none")
    outcome = by_answer(leads, kept, "no_lead")
    return Finding(
        outcome,
        f"Test accuracy at step 300: {told(accuracy)}. BN’s lead over the plain network is {points(lead)}, and "
        f"{points(left)} without gamma and beta. Up to two points are none here.",
        (*rows(history, "test_accuracy", 300), row("BN fixed − plain", left, True)),
    )


LESSON = Lesson(
    slug="origins",
    title="What was known before",
    question="What was known before batch normalization, and what does the textbook say it adds?",
    claim=(
        "Networks learn faster when their inputs have mean 0, equal variances and no correlations (LeCun et al. "
        "1998), and the 2015 paper carries that advice into every layer."
    ),
    scenes=(
        Text(
            "Gradient descent takes one step length for all weights. Where the inputs of a layer share a large mean, "
            "or differ in size, or go up and down together, the loss is steep in some directions of the weights and "
            "flat in others: the steep ones limit the rate, and the flat ones then learn slowly. Hence the advice to "
            "subtract the mean, divide by the deviation and remove the correlations, done once, to the data.",
            title="Prepare the inputs",
        ),
        Trial(
            slug="inputs",
            title="LeCun’s advice, live",
            words=(
                "Digits as pixels from 0 to 1 (*raw*), each pixel with mean 0 and variance 1 (*normalized*), and "
                "without correlations (*whitened*). One layer of 64 tanh units, no BN. Larger inputs act like a larger "
                "rate: each kind runs at several, each seed counts at its best."
            ),
            question="After 30 steps, which is more than two points ahead of the raw pixels?",
            predictions={
                "both": "Normalized and whitened", "normalized": "Normalized only", "whitened": "Whitened only",
                "neither": "Neither",
            },
            expected="both",
            experiment=Experiment(
                arms={
                    f"{kind}{times}": INPUTS.replace(dataset=dataset, learning_rate=rate)
                    for kind, dataset in KINDS.items()
                    for times, rate in RATES.items()
                    if (kind, times) != ("whitened", "_x4")
                },
                seeds=range(10),
            ),
            steps=30,
            charts=("accuracy", "loss"),
            check=prepared,
            open=("activation", "batch_size"),
            why=(
                "All three have the same pictures, and at its best rate each learns, but the prepared inputs sooner. "
                "At four times the base rate, the raw pixels do not train at all, the normalized ones do: that is the "
                "steep direction of their common mean. Compare the curves of whitened and normalized before you say "
                "that whitening is worth its price: here the verdict does not say that it adds anything."
            ),
        ),
        Text(
            "A gradient is a mean over examples: over all of them (the whole set), over some (a mini-batch), or of a "
            "single one. More examples make a better estimate and a longer wait for it. BN needs the middle way: its "
            "mean and variance are estimates too, and of one example there is no variance.",
            title="Three ways of gradient descent",
        ),
        Trial(
            slug="ways",
            title="All, some, or one",
            words=(
                "256 digits to train on, two layers of 64 tanh units, no BN, the same rate for all. Every step looks "
                "at all 256 (*whole*), at 32 (*mini*), or at *one*."
            ),
            question="After as many steps, which keeps up with the whole set, within two points?",
            predictions={
                "both": "Both others", "mini": "The mini-batch only", "one": "The single example only",
                "neither": "Neither",
            },
            expected="mini",
            experiment=Experiment(
                arms={arm: FEW.replace(batch_size=size) for arm, size in WAYS.items()}, seeds=range(10)
            ),
            steps=300,
            charts=("accuracy", "loss", "gradients"),
            check=ways,
            open=("learning_rate",),
            why=(
                "A mean over 32 examples points nearly where the mean over all of them does, for an eighth of the "
                "arithmetic. A single example's gradient is so noisy that steps of this length partly undo each "
                "other; at smaller rates it falls behind by less. Per example looked at it is ahead: the whole set has "
                "looked at 256 when it takes its first step, and is still at chance then."
            ),
        ),
        Bench(
            "slope",
            "Where a sigmoid is flat",
            "The slope of the sigmoid is 1/4 at 0 and vanishes with |x|. A gradient on its way down is multiplied by "
            "the slope of every layer it passes. Guess: of a gradient that passes five layers at x = 2, how much is "
            "left?",
        ),
        Text(
            "Against sigmoids that are flat there were remedies before BN, which the 2015 paper names: ReLU, whose "
            "slope is 1 or 0; a careful start, which the lesson on covariate shift tries; and small steps. Dropout was "
            "used beside them, against learning by heart.",
            title="What helped before",
        ),
        Trial(
            slug="remedies",
            title="The older remedies",
            words=(
                "Six layers of 64 sigmoid units at rate 0.1: plain, with ReLU instead of the sigmoid (*relu*), with a "
                "tenth of the rate (*low rate*), with a fifth of the outputs dropped (*dropout*), and with BN. All "
                "begin with the same weights."
            ),
            question="Which of the three older remedies puts the network more than two points ahead of the plain one?",
            predictions={
                "relu": "ReLU only", "relu_low_rate": "ReLU and the low rate", "all": "All three", "none": "None",
                "others": "Others",
            },
            expected="relu",
            experiment=Experiment(
                arms={
                    "plain": DEEP, **{arm: DEEP.replace(**change) for arm, change in REMEDIES.items()},
                    "bn": DEEP.replace(normalization="batch"),
                },
                seeds=range(10),
            ),
            steps=300,
            charts=("accuracy", "loss", "gradients"),
            check=remedied,
            open=("depth", "init"),
            why=(
                "In the plain network hardly any gradient comes down to the lower layers: see the chart. ReLU lets it "
                "through, and has nearly all of BN's lead. A low rate is a remedy against steps that are too long, "
                "and dropout against learning by heart; neither brings a gradient back. BN leaves the sigmoids as they "
                "are."
            ),
        ),
        Text(
            "In a plain network the mean and the deviation of what a layer passes on follow from all weights below it, "
            "together. With BN they are beta and |gamma|, two numbers that gradient descent can set at once: "
            "$y = \\gamma \\hat{x} + \\beta$ has mean beta and deviation |gamma| over the mini-batch, whatever the "
            "weights are (as long as epsilon is small). Section 8.7.1 of Goodfellow, Bengio & Courville 2016 takes "
            "this for what makes it easier to learn: the same functions, in other coordinates. If it is gamma and "
            "beta that do it, BN without them should lose its lead.",
            title="What gamma and beta alone set",
        ),
        Bench(
            "velocity",
            "A gradient is a velocity",
            "Take an output for a position and the length of a step for a time. The gradient is the velocity now: it "
            "says where the output will be if nothing changes the velocity on the way. The terms of higher order are "
            "the acceleration. Here the output is a product of l weights, and all of them move at once. Guess: for "
            "how long can the velocity be trusted with 2 layers, with 10? And with BN, where only gamma counts?",
        ),
        Text(
            "In gamma and beta the output is a straight line, so that their velocity is right however long the step; "
            "in the weights the time has to become shorter with every layer. That is the picture, and it is exact in "
            "this toy. Whether it is what helps a real network is another question."
        ),
        Trial(
            slug="coordinates",
            title="The lead without gamma and beta",
            words=(
                "Four layers of 64 sigmoid units: plain, with BN, and with BN that has no gamma and no beta, so that "
                "every layer's statistics are pinned to 0 and 1 (*BN fixed*)."
            ),
            question="How much of BN’s lead over the plain network is left without gamma and beta?",
            predictions={
                "all": "All of it, within two points", "some": "A part", "none": "Nothing",
                "no_lead": "There is no lead",
            },
            expected="all",
            experiment=Experiment(
                arms={
                    "plain": PLAIN, "bn": PLAIN.replace(normalization="batch"),
                    "bn_fixed": PLAIN.replace(normalization="batch", affine=False),
                },
                seeds=range(10),
            ),
            steps=300,
            charts=("accuracy", "loss", "gradients"),
            check=without_gamma_and_beta,
            open=("activation", "learning_rate"),
            why=(
                "Here learning is fast because the weights below can no longer set the statistics, not because gamma "
                "and beta can: nothing sets them in the third network, and it learns as fast. What gamma and beta add "
                "is what the layer can express, which counts where borders must bend (lesson 6)."
            ),
        ),
    ),
    verdict=(
        "Prepared inputs learn sooner at the best of their rates, with or without whitening. A mini-batch keeps up "
        "with the whole set for a part of the arithmetic, a single example does not at the same rate. A sigmoid's "
        "slope takes at least three quarters of a gradient in every layer; of the older remedies ReLU helps a deep "
        "network against that, a lower rate and dropout do not. And BN's lead does not hang on gamma and beta where it "
        "was tried without them."
    ),
    sources=(SOURCES["lecun"], SOURCES["goodfellow"], SOURCES["ioffe"]),
    quiz=(
        Question(
            "Predict: raw and normalized pixels at a rate that is twice too large for the raw ones.",
            ("Both fail", "The raw ones fail, the normalized ones may train", "Only the normalized ones fail"),
            1,
            "The common mean of raw pixels makes one direction steep, and that one limits the rate.",
            "inputs",
        ),
        Question(
            "Mini-batches of 32 instead of all 256 examples: the arithmetic of a step becomes",
            ("an eighth", "half", "the same"),
            0,
            "Every example costs one pass forward and one back.",
            "ways",
        ),
        Question(
            "Over a mini-batch, the output of BN with gamma = −2 and beta = 3 has",
            ("mean 3 and deviation 2", "mean 0 and deviation 1", "mean 3 and deviation −2"),
            0,
            "Mean beta and deviation |gamma|, whatever the weights below are.",
        ),
        Question(
            "At most how much of a gradient is left after five sigmoids, weights aside?",
            ("1/4", "1/20", "about a thousandth"),
            2,
            "At most 1/4 in each layer, and (1/4)⁵ = 1/1,024.",
        ),
        Question(
            "Six sigmoid layers stay at chance because their gradients vanish. Which of these helps?",
            ("A tenth of the learning rate", "Dropout", "ReLU units"),
            2,
            "Shorter steps and fewer units bring no gradient back; a slope of 1 does.",
            "remedies",
        ),
    ),
    minutes=12,
)  # fmt: skip
