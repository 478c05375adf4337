"""Lesson 12: what does not work: normalizing behind the gradient's back, and whitening in full."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment
from bnviz.lessons.judging import TENTH, by_answer, by_sign, exceeds, learns, logs, versus
from bnviz.lessons.lesson import UNDECIDED, Bench, Finding, Lesson, Question, StudyScene, Text, Trial
from bnviz.lessons.reading import between, diverged, over_time, row, rows, spread, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study

RELU = Run(depth=3, width=100, activation="relu", init="he", learning_rate=0.1, batch_size=64, affine=False)

EARLY, LATE = (150, 300), (600, 800)
"""What is compared: the mean over the first of these steps with the mean over the last."""


def behind_the_back(run: Run, seeds: range) -> Experiment:
    """BN beside the same numbers with a gradient that takes mean and variance for constants."""
    return Experiment(
        arms={"bn": run.replace(normalization="batch"), "detached": run.replace(normalization="detached")},
        seeds=seeds,
    )


def growing_bias(history: History) -> Finding:
    """Whether the biases grow while the loss does not fall."""
    bias, loss = ([over_time(history, "detached", quantity, *window) for window in (EARLY, LATE)]
                  for quantity in ("bias_norm", "train_loss"))  # fmt: skip
    bn = [over_time(history, "bn", "train_loss", *window) for window in (EARLY, LATE)]
    grows, falls = (exceeds(logs(first / last), np.log1p(TENTH), of=2)
                    for first, last in ((bias[1], bias[0]), (loss[0], loss[1])))  # fmt: skip
    gone = diverged(history, "detached")
    standing = by_answer(grows, "drift", "stands")
    outcome = by_answer(falls, "learns", standing)
    if gone:
        outcome = "infinite" if gone == len(history.experiment.seeds) else UNDECIDED
    windows = f"steps {EARLY[0]} to {EARLY[1]}", f"steps {LATE[0]} to {LATE[1]}"
    return Finding(
        outcome,
        f"Detached, from steps {EARLY[0]} to {EARLY[1]} to steps {LATE[0]} to {LATE[1]}: length of the biases "
        f"{between(bias[0])}, then {between(bias[1])}; loss {between(loss[0])}, then {between(loss[1])}. BN's loss: "
        f"{between(bn[0])}, then {between(bn[1])}. Networks that became infinite: {gone}.",
        (*(row(f"detached, biases, {window}", values) for window, values in zip(windows, bias, strict=True)),
         *(row(f"detached, loss, {window}", values) for window, values in zip(windows, loss, strict=True)),
         *(row(f"BN, loss, {window}", values) for window, values in zip(windows, bn, strict=True)),
         row("detached, accuracy", value(history, "detached", "test_accuracy", LATE[1]), True),
         row("BN, accuracy", value(history, "bn", "test_accuracy", LATE[1]), True)),
    )  # fmt: skip


def how_bad(history: History) -> Finding:
    """Whether the network still learns although its gradient leaves the statistics out."""
    bn, detached = (value(history, arm, "test_accuracy", 800) for arm in ("bn", "detached"))
    less = by_answer(learns(detached, of=2), "behind", "nothing")
    drift = [value(history, "detached", "bias_norm", step, 1) for step in (200, 800)]
    return Finding(
        by_sign(versus(bn, detached, of=2), less, "ahead", "same"),
        f"Test accuracy at step 800: {spread('bn', bn, True)}, {spread('detached', detached, True)}. Length of the "
        f"biases in layer 1: {between(drift[0])} at step 200, {between(drift[1])} at step 800.",
        rows(history, "test_accuracy", 800),
    )


LESSON = Lesson(
    slug="what_fails",
    title="What does not work",
    question="Why not normalize in a simpler way, or a more thorough one?",
    claim=(
        "The gradient has to know of the normalization, or descent undoes it while the parameters grow, and "
        "whitening is too expensive: two reasons that the 2015 paper gives for its own choice."
    ),
    scenes=(
        Text(
            "Take a layer that adds a bias b and then subtracts the mean: x = u + b, x̂ = x − mean(x). Whatever b "
            "is, the mean takes it away again. If the gradient takes the mean for a constant, it does not know that. "
            "It sees that a larger x̂ would be better and raises b; nothing changes, so it raises b again.",
            title="Outside the gradient",
        ),
        Bench(
            "exploding_bias",
            "One bias",
            "Four inputs, and targets that x̂ cannot reach by any b. Guess first: where is b after 250 steps at "
            "rate 0.1, and what has the loss become? The other line lets the gradient go through the mean.",
        ),
        Trial(
            slug="detached",
            title="The same in a network",
            words=(
                "Three ReLU layers on digits. Both arms compute the same numbers on the way forward: BN without gamma "
                "and beta, but with a bias in the detached one. Its gradient takes the mean and the variance for "
                "constants (*detached*)."
            ),
            question="From about step 200 to step 800, what happens in the detached network?",
            predictions={
                "learns": "The loss goes on falling", "drift": "The biases grow and the loss does not fall",
                "infinite": "The loss becomes infinite", "stands": "Loss and biases stay where they are",
            },
            expected="drift",
            experiment=behind_the_back(RELU, range(8)),
            steps=800,
            charts=("bias_norm", "loss", "accuracy", "weights"),
            check=growing_bias,
            why=(
                "Every step spends its length on directions that the normalization takes away: a bias that the mean "
                "removes, a length that the deviation removes. The weights grow with the biases. *Explodes* means "
                "growth without end here, not an infinite loss: the output is normalized, so it stays finite. The cure "
                "is to differentiate through the mean and the variance; dividing by the deviation as well, without "
                "that, only adds another length that grows."
            ),
        ),
        Trial(
            slug="detached_sigmoid",
            title="How bad is it?",
            words="The same with sigmoid units.",
            question="After 800 steps the detached network is",
            predictions={
                "nothing": "of no use: it has not learned", "behind": "useful, but behind BN",
                "same": "as good as BN, within a point", "ahead": "better than BN",
            },
            expected="behind",
            experiment=behind_the_back(RELU.replace(activation="sigmoid"), range(16)),
            steps=800,
            charts=("accuracy", "bias_norm", "loss"),
            check=how_bad,
            open=("learning_rate",),
            why=(
                "Sigmoid units pass smaller gradients, so the drift is slower, and a part of every gradient still does "
                "what it should. Normalizing outside the gradient does not break a network at once: it wastes steps."
            ),
        ),
        Text(
            "BN makes each feature's mean 0 and variance 1, and leaves features as correlated as they were. "
            "*Whitening* removes the correlations too: it multiplies by the inverse root of the covariance matrix of "
            "all features. Two things stand against it. The matrix has d x d numbers, and its root takes on the order "
            "of d³ operations in every step, and again on the way back. And a mini-batch of m examples gives a "
            "covariance of rank m − 1 at most: with no more examples than features it has no inverse.",
            title="More thorough: whitening",
        ),
        StudyScene(
            "What whitening costs, and when it is impossible",
            "One forward and backward pass through both, timed here and now, for layers of several widths and "
            "mini-batches from half as many examples as features to many times as many. Guess: from how many examples "
            "on does the covariance have full rank?",
            Study("whitening"),
        ),
    ),
    verdict=(
        "Subtracting a mean behind the gradient's back makes parameters grow without progress; the gradient has to go "
        "through the statistics. Whitening costs several times as much, more so in wide layers, and needs more "
        "examples than features. BN is what is left: each feature by itself, differentiated through."
    ),
    sources=(SOURCES["ioffe"],),
    quiz=(
        Question(
            "Why does b grow for ever when the gradient takes the mean for a constant?",
            ("The learning rate is too high", "Each step expects an improvement that the mean takes away again",
             "The loss falls, so it is worth it"),
            1,
            "x̂ does not depend on b, so the same gradient comes again at every step, at any rate.",
        ),
        Question(
            "And through the mean: what is the gradient in b?",
            ("The same", "Exactly 0", "Negative"),
            1,
            "The mean contains b, and what b adds to x it adds to the mean.",
        ),
        Question(
            "Predict: a detached network after many steps.",
            ("Its loss is infinite", "Its weights and biases grow, its loss does not get better", "It has caught up"),
            1,
            "The output is normalized, so it stays finite whatever the biases are.",
            "detached",
        ),
        Question(
            "A layer of 100 units and a mini-batch of 60. The covariance matrix has rank",
            ("100", "at most 59", "at most 60 · 100"),
            1,
            "60 examples less their mean span 59 directions at most, so it cannot be inverted.",
        ),
    ),
)  # fmt: skip
