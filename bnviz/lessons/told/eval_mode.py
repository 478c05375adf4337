"""Lesson 7: train mode and eval mode. Whose statistics normalize, and what goes wrong with each."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import by_answers, by_sign, exceeds, versus
from bnviz.lessons.lesson import UNDECIDED, Bench, Finding, Lesson, Question, Text, Trial
from bnviz.lessons.reading import between, row, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History

BN = Run(
    depth=3, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=64, normalization="batch"
)
MODES = ("modes",)
LAG, CHANGED, ROUNDING = 0.015, 0.01, 1e-3
"""Running statistics lag where they cost more than a point and a half of accuracy; batch mates matter where they change
more than one answer in a hundred; a logit that changes by less than the last has been rounded."""


def warm_up(history: History) -> Finding:
    """Which momenta leave the running statistics behind the population's at step 100."""
    lag = {}
    for arm in history.experiment.arms:
        population, running = (value(history, arm, name, 100) for name in ("accuracy_population", "test_accuracy"))
        lag[arm] = population - running
    behind = [exceeds(values, LAG, of=3) for values in lag.values()]
    outcomes = {(False, False, False): "none", (False, False, True): "slowest", (False, True, True): "slow",
                (True, True, True): "all"}  # fmt: skip
    words = "; ".join(
        f"momentum {history.experiment.arms[arm].bn_momentum:g}: {between(values, True)}" for arm, values in lag.items()
    )
    return Finding(
        by_answers(outcomes, *behind, other="other"),
        f"Accuracy lost at step 100 by running instead of population statistics: {words}.",
        tuple(row(arm_label(arm), values, True) for arm, values in lag.items()),
    )


def first_steps(history: History) -> Finding:
    """How much of the network's accuracy eval mode shows after ten steps, and after a hundred."""
    early, late = (
        [value(history, "bn", name, step) for name in ("accuracy_population", "test_accuracy")] for step in (10, 100)
    )
    behind = (exceeds(population - running, LAG, of=2) for population, running in (early, late))
    outcomes = {(True, False): "early", (True, True): "both", (False, True): "late", (False, False): "never"}
    return Finding(
        by_answers(outcomes, *behind),
        f"At step {history.at(10).step} eval mode gets {between(early[1], True)} right, the same weights with "
        "population statistics "
        f"{between(early[0], True)}. At step 100: {between(late[1], True)} and {between(late[0], True)}.",
        (row("step 10, running", early[1], True), row("step 10, population", early[0], True),
         row("step 100, running", late[1], True), row("step 100, population", late[0], True)),
    )  # fmt: skip


def mates(history: History) -> Finding:
    """How many test examples are named otherwise because of their seven batch mates."""
    changed = {arm: value(history, arm, "mates_disagree", 300) for arm in history.experiment.arms}
    bn, plain = changed["bn"], changed["plain"]
    matter = (exceeds(values, CHANGED, of=2) for values in (plain, bn))
    outcomes = {(False, True): "some", (False, False): "none", (True, False): "plain", (True, True): "plain"}
    return Finding(
        by_answers(outcomes, *matter),
        f"Test examples named otherwise among seven others than in eval mode: plain {between(plain, True)}, BN "
        f"{between(bn, True)}. Test accuracy by eights: BN "
        f"{between(value(history, 'bn', 'accuracy_small_batch', 300), True)}, "
        f"in eval mode {between(value(history, 'bn', 'test_accuracy', 300), True)}.",
        tuple(row(arm_label(arm), values, True) for arm, values in changed.items()),
    )


def folding(history: History) -> Finding:
    """Whether folding BN into the linear layers changes what the network says, on any seed at any step."""
    error = np.asarray(history.series("bn", "fold_error"), dtype=float).max(0)
    changed = bool((error >= ROUNDING).any())
    return Finding(
        "changed" if changed else "same" if np.isfinite(error).all() else UNDECIDED,
        f"Largest change of any logit of any test example, at any step looked at: {between(error)}.",
        (row("largest change of a logit", error),),
    )


def contrast(history: History) -> Finding:
    """Who suffers from test pictures of half the contrast, and whether their own statistics repair it."""
    read = {
        "plain, as trained": value(history, "plain", "test_accuracy", 600),
        "plain, half contrast": value(history, "plain", "accuracy_contrast", 600),
        "BN, as trained": value(history, "bn", "test_accuracy", 600),
        "BN, half contrast": value(history, "bn", "accuracy_contrast", 600),
        "BN, half contrast, own statistics": value(history, "bn", "accuracy_contrast_batch", 600),
        "BN, brighter": value(history, "bn", "accuracy_brightness", 600),
        "BN, brighter, own statistics": value(history, "bn", "accuracy_brightness_batch", 600),
    }
    hurt = {name: read[f"{name}, as trained"] - read[f"{name}, half contrast"] for name in ("plain", "BN")}
    repaired = versus(read["BN, half contrast, own statistics"], read["BN, half contrast"])
    by_bn = by_sign(repaired, "bn", "lasting", "lasting")
    return Finding(
        by_sign(versus(hurt["BN"], hurt["plain"]), by_bn, "plain", "neither"),
        f"Half contrast costs the plain network {between(100 * hurt['plain'])} points and BN with running statistics "
        f"{between(100 * hurt['BN'])}. BN names {between(read['BN, half contrast'], True)} right, with the test "
        f"pictures' own statistics {between(read['BN, half contrast, own statistics'], True)}.",
        tuple(row(label, values, True) for label, values in read.items()),
    )


LESSON = Lesson(
    slug="eval_mode",
    title="Train and eval mode",
    question="Whose mean and variance does a network use when it is asked?",
    claim=(
        "In training BN normalizes with the mini-batch, and in use, says the 2015 paper, with averages collected on "
        "the way, so that an answer depends on the example alone."
    ),
    scenes=(
        Text(
            "Three statistics can stand in the formula:\n\n"
            "- **Batch**: mean and variance of the examples that are asked together (train mode).\n"
            "- **Running**: a moving average over the mini-batches of the training; momentum is the weight of the "
            "newest "
            "(eval mode).\n"
            "- **Population**: computed afresh from the training examples with the weights as they are now.\n\n"
            "The running ones stand in for the population. Do they?"
        ),
        Trial(
            slug="first_steps",
            title="The first steps of an eval-mode curve",
            words="Three ReLU layers with BN, momentum 0.1. At every picture the same weights are tested twice.",
            question="When does eval mode show less than the network can do, by more than a point and a half?",
            predictions={
                "early": "At step 10 only", "late": "At step 100 only", "both": "At step 10 and at step 100",
                "never": "Never",
            },
            expected="early",
            experiment=Experiment(arms={"bn": BN}, seeds=range(10), instruments=MODES),
            steps=100,
            charts=("population", "loss"),
            check=first_steps,
            open=("bn_momentum",),
            why=(
                "The running statistics start at mean 0 and variance 1, which belong to no network. With momentum 0.1 "
                "they need some tens of steps to arrive. A test curve of the first fifty steps of a BN network "
                "measures this arrival as well as the network."
            ),
            otherwise={
                "both": (
                    "With a small momentum the running statistics are still on their way after a hundred steps: "
                    "a momentum of 0.01 leaves more than a third of their beginning in them."
                ),
                "never": (
                    "With a large momentum the running statistics have forgotten their beginning after ten "
                    "steps."
                ),
            },
        ),
        Bench(
            "company",
            "The company",
            "One test digit, and a network that has learned. In train mode it is asked among others, and the mean and "
            "variance of all of them normalize it. Digit and weights stay; only the others change. Guess: in "
            "mini-batches of which size does the answer stand still?",
        ),
        Trial(
            slug="mates",
            title="Answers that depend on the company",
            words="Twins, tested in train mode by eights: each test example is normalized among seven others.",
            question="Are there examples that are named otherwise because of their batch mates?",
            predictions={
                "some": "Yes, with BN more than one in a hundred", "none": "Hardly any", "plain": "Yes, without BN too",
            },
            expected="some",
            experiment=Experiment(
                arms={"plain": BN.replace(normalization="none"), "bn": BN}, seeds=range(10), instruments=MODES
            ),
            steps=300,
            charts=("mates", "statistics"),
            check=mates,
            open=("activation",),
            why=(
                "In train mode every example moves the mean and variance of all the others. For training that is noise "
                "that averages out; for an answer it is a fault. That is why eval mode uses fixed statistics, and why "
                "the plain network shows nothing here."
            ),
        ),
        Trial(
            slug="warm_up",
            title="Momentum",
            words="The same network with momentum 0.1, 0.01 and 0.001 in its running statistics.",
            question="Which of them still lag at step 100, by more than a point and a half of accuracy?",
            predictions={
                "none": "None", "slowest": "Only 0.001", "slow": "0.01 and 0.001", "all": "All three",
                "other": "Another choice of them",
            },
            expected="slow",
            experiment=Experiment(
                arms={
                    "bn": BN,
                    "bn_slow": BN.replace(bn_momentum=0.01),
                    "bn_slowest": BN.replace(bn_momentum=0.001),
                },
                seeds=range(16),
                instruments=MODES,
            ),
            steps=100,
            charts=("population", "accuracy"),
            check=warm_up,
            why=(
                "A moving average with momentum 0.01 still remembers its start after a hundred steps: 0.99 to the "
                "power "
                "of 100 is more than a third. The weights are the same in all three; only the statistics differ."
            ),
        ),
        Trial(
            slug="folding",
            title="BN for nothing",
            words=(
                "With fixed statistics BN is one multiplication and one addition for each unit, which the linear layer "
                "in front of it can take over: W becomes gamma / sqrt(var + eps) W. Every picture of this run folds "
                "the "
                "network and compares."
            ),
            question="What happens to the network's answers when BN is folded away?",
            predictions={"same": "They stay, up to rounding", "changed": "They change a little"},
            expected="same",
            experiment=Experiment(arms={"bn": BN}, seeds=range(10), instruments=MODES),
            steps=300,
            charts=("accuracy", "statistics"),
            check=folding,
            open=("placement", "affine"),
            why=(
                "It is the same linear map, written once instead of twice; what differs is rounding. So a trained BN "
                "network costs no more to use than a plain one."
            ),
        ),
        Trial(
            slug="contrast",
            title="Pictures from another camera",
            words=(
                "The training pictures are as before; the test pictures have half the contrast, or are brighter. BN is "
                "asked with its running statistics, and with statistics taken anew from the test pictures."
            ),
            question="Who is hurt more by half the contrast, the plain network or BN with running statistics?",
            predictions={
                "bn": "BN, and the pictures' own statistics repair it", "lasting": "BN, and nothing repairs it",
                "plain": "The plain network", "neither": "Both alike",
            },
            expected="bn",
            experiment=Experiment(
                arms={"plain": BN.replace(normalization="none"), "bn": BN}, seeds=range(10), instruments=MODES
            ),
            steps=600,
            charts=("altered_inputs", "statistics"),
            check=contrast,
            open=("activation", "depth"),
            why=(
                "Running statistics belong to the training pictures. Half the contrast is half the deviation: units "
                "arrive shrunk and shifted. Normalized by their own statistics the pictures are the same as before, "
                "since BN cancels scale and shift. So BN helps with a changed camera only when its statistics are "
                "estimated again, and is more brittle until then."
            ),
        ),
    ),
    verdict=(
        "Running statistics are an average that lags. They make answers independent of the company and let BN vanish "
        "into the linear layers; they also belong to the training data, and mislead when the test data are of another "
        "kind."
    ),
    sources=(SOURCES["ioffe"],),
    quiz=(
        Question(
            "A BN network's test accuracy is hardly above chance at step 3 although its training loss falls. Why?",
            ("It overfits", "The running statistics have not arrived yet", "BN is broken"),
            1,
            "They start at mean 0 and variance 1 and move a tenth of the way with every step.",
            "first_steps",
        ),
        Question(
            "Which variance does PyTorch keep for eval mode?",
            ("The biased one, divided by m", "The unbiased one, divided by m − 1", "None"),
            1,
            "Normalization in training uses the biased one, the running average the unbiased one.",
        ),
        Question(
            "Predict: momentum 0.001, one hundred steps. How good is eval mode?",
            ("As good as with 0.1", "Clearly worse than the network is", "Better, since it averages more"),
            1,
            "After a hundred steps nine tenths of the running statistics are still their start.",
            "warm_up",
        ),
        Question(
            "A camera halves the contrast of all pictures. What repairs a BN network without training?",
            ("Nothing", "Estimating mean and variance again on the new pictures", "A smaller learning rate"),
            1,
            "BN cancels scale and shift of what it normalizes, if the statistics are those of the pictures asked.",
            "contrast",
        ),
    ),
)  # fmt: skip
