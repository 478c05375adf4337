"""Lesson 9: whether batch normalization regularizes, beside dropout, weight decay and labels that are wrong."""

from __future__ import annotations

import numpy as np

from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import TWO_POINTS, ahead, by_answers, by_factor, by_sign, exceeds, versus, which
from bnviz.lessons.lesson import UNDECIDED, Finding, Lesson, Published, Question, Text, Trial
from bnviz.lessons.presets import twins
from bnviz.lessons.reading import accuracies, between, number, points, row, rows, spread, told, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History

RELU = Run(depth=3, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=64)
LITTLE = RELU.replace(samples=150, batch_size=120)
FOUR = RELU.replace(depth=4, normalization="batch")
WRONG = RELU.replace(samples=600, width=100, batch_size=40, label_noise=0.4)
DECAYING = RELU.replace(normalization="batch")
PULLED = RELU.replace(samples=600, weight_decay=0.02)
FALLING = RELU.replace(activation="sigmoid", init="xavier", learning_rate=0.5, half_life=600)

BY_HEART = 0.9
"""A network has learned wrong labels by heart when it repeats this share of them."""

RAISED = 0.2
"""A running variance counts as raised when it is this much more than what eval mode meets."""

MIDDLE = 2
"""The layer whose weights are followed."""


def little_data(history: History) -> Finding:
    """Whether BN over the whole training set does better on the test examples than no BN."""
    accuracy = accuracies(history, 300)
    plain = accuracy["plain"]
    return Finding(
        by_sign(versus(accuracy["bn"], plain), "better", "worse", "same"),
        f"Test accuracy after 300 steps: {told(accuracy)}. Against plain: BN {points(accuracy['bn'] - plain)}, with "
        f"ghost batches {points(accuracy['bn_ghost'] - plain)}, dropout {points(accuracy['dropout'] - plain)}.",
        rows(history, "test_accuracy", 300),
    )


def wrong_labels(history: History) -> Finding:
    """Whether BN keeps the network from learning wrong labels by heart.

    What it must have repeated of them at least: the share of training examples named as their labels say, less all
    that are labelled right. A label drawn at random is right once in as many times as there are classes.
    """
    known, right = ({arm: value(history, arm, quantity, 800) for arm in ("plain", "bn")}
                    for quantity in ("train_accuracy", "test_accuracy"))  # fmt: skip
    run = history.experiment.arms["bn"]
    wrong = run.label_noise * (1 - 1 / DATASETS[run.dataset].classes)
    repeated = {arm: np.clip((shares - (1 - wrong)) / wrong, 0, 1) for arm, shares in known.items()} if wrong else known
    by_heart, more = exceeds(repeated["bn"], BY_HEART, of=2), versus(known["plain"], known["bn"], of=2)
    outcome = by_sign(more, "kept", "as_many", "as_many")
    outcome = "learned" if by_heart else UNDECIDED if by_heart is None and outcome == "as_many" else outcome
    words = f"Of the {number(wrong, True)} wrong labels BN repeats {between(repeated['bn'], True)} at least."
    words = words if wrong else "No label is wrong here, so there is none to learn."
    return Finding(
        outcome if wrong else UNDECIDED,
        f"Training examples named as their labels say, right or wrong: {spread('plain', known['plain'], True)}, "
        f"{spread('bn', known['bn'], True)}. {words} "
        f"Test examples, whose labels are right: {spread('plain', right['plain'], True)}, "
        f"{spread('bn', right['bn'], True)}.",
        (*(row(f"{name}, training", known[arm], True) for arm, name in (("plain", "plain"), ("bn", "BN"))),
         *(row(f"{name}, test", right[arm], True) for arm, name in (("plain", "plain"), ("bn", "BN")))),
    )  # fmt: skip


def variance_shift(history: History) -> Finding:
    """How the running variances compare with those of eval mode, in the first layer and in the last."""
    first, last = (value(history, "bn_drop_50", "variance_ratio", 500, layer) for layer in (1, -1))
    calm = value(history, "bn", "variance_ratio", 500, -1)
    raised = (exceeds(ratio, 1 + RAISED, of=2) for ratio in (first, last))
    outcomes = {(False, False): "same", (True, True): "everywhere", (False, True): "deeper", (True, False): "first"}
    return Finding(
        by_answers(outcomes, *raised),
        f"Running variance as a multiple of what eval mode meets, with half of the outputs dropped: first layer "
        f"{between(first)}, last layer {between(last)}. Last layer without dropout: {between(calm)}.",
        rows(history, "variance_ratio", 500, -1),
    )


def cost_of_the_shift(history: History) -> Finding:
    """How much of what dropout costs comes back when the statistics are taken again in eval mode."""
    calm, told = value(history, "bn", "test_accuracy", 500), []
    table = [row("BN", calm, True)]
    for arm, run in history.experiment.arms.items():
        if run.dropout:
            running, again = (value(history, arm, name, 500) for name in ("test_accuracy", "accuracy_population"))
            told.append(f"{arm_label(arm)} {points(running - calm)}, with new statistics {points(again - calm)}.")
            table += [row(arm_label(arm), running, True), row(f"{arm_label(arm)}, new statistics", again, True)]
    dropped, fitting = (value(history, "bn_drop_50", name, 500) for name in ("test_accuracy", "accuracy_population"))
    part = by_sign(versus(fitting - dropped, calm - fitting, of=2), "shift", "dropout", UNDECIDED)
    return Finding(
        by_sign(versus(calm, dropped, of=2), part, "none", "none"),
        f"Test accuracy at step 500 against BN without dropout: {' '.join(told)} New statistics are taken with dropout "
        "off.",
        tuple(table),
    )


def effective_rate(history: History, arm: str, step: int) -> np.ndarray:
    """Learning rate over the squared length of the weights, one number a seed."""
    run = history.experiment.arms[arm]
    return np.asarray(run.learning_rate / np.square(value(history, arm, "weight_norm", step, MIDDLE)))


def decayed(history: History) -> Finding:
    """What weight decay does to the effective learning rate behind BN."""
    begun = effective_rate(history, "bn", 0)
    without, with_decay = (effective_rate(history, arm, 1000) / begun for arm in ("bn", "bn_decay"))
    accuracy = [value(history, arm, "test_accuracy", 1000) for arm in ("bn", "bn_decay")]
    return Finding(
        by_sign(by_factor(with_decay, without), "rises", "falls", "same"),
        f"Effective learning rate of layer {MIDDLE} at step 1,000, as a multiple of the first: without decay "
        f"{between(without)}, with decay {between(with_decay)}. Test accuracy: {spread('bn', accuracy[0], True)}, "
        f"{spread('bn_decay', accuracy[1], True)}.",
        (row("BN, effective rate, first is 1", without), row("BN decay, effective rate, first is 1", with_decay),
         row("BN, accuracy", accuracy[0], True), row("BN decay, accuracy", accuracy[1], True)),
    )  # fmt: skip


def less_decay(history: History) -> Finding:
    """Which of the two networks does better with a fifth of the weight decay."""
    accuracy = accuracies(history, 500)
    gains = {kind: accuracy[f"{kind}_fifth"] - accuracy[kind] for kind in ("plain", "bn")}
    return Finding(
        which(*(ahead(accuracy[f"{kind}_fifth"], accuracy[kind], of=2) for kind in gains)),
        f"Test accuracy at step 500: {told(accuracy)}. A fifth of the decay changes it by {points(gains['plain'])} "
        f"in the plain network and by {points(gains['bn'])} with BN. Up to one point more is none here.",
        rows(history, "test_accuracy", 500),
    )


def faster_decay(history: History) -> Finding:
    """Which of the two networks loses accuracy when the rate falls six times as fast."""
    accuracy = accuracies(history, 600)
    lost = {kind: accuracy[f"{kind}_faster"] - accuracy[kind] for kind in ("plain", "bn")}
    return Finding(
        which(*(ahead(accuracy[kind], accuracy[f"{kind}_faster"], TWO_POINTS, of=2) for kind in lost)),
        f"Test accuracy at step 600: {told(accuracy)}. Falling six times as fast changes it by "
        f"{points(lost['plain'])} in the plain network and by {points(lost['bn'])} with BN. Up to two points less are "
        "none here.",
        rows(history, "test_accuracy", 600),
    )


def both_kinds(run: Run, change: str, **changes: object) -> dict[str, Run]:
    """The run plain and with BN, each as it is and with these changes: ``plain, plain_fifth, bn, bn_fifth``."""
    kinds = {"plain": run, "bn": run.replace(normalization="batch")}
    return {f"{kind}{name}": each.replace(**new) for kind, each in kinds.items()
            for name, new in (("", {}), (f"_{change}", changes))}  # fmt: skip


def dropouts(*shares: float) -> dict[str, Run]:
    """BN in four layers with these shares of the outputs dropped, arms named ``bn_drop_50``."""
    return {f"bn_drop_{100 * share:.0f}" if share else "bn": FOUR.replace(dropout=share) for share in shares}


LESSON = Lesson(
    slug="regularization",
    title="Is it regularization?",
    question="Does batch normalization regularize?",
    claim=(
        "An example's output depends on its mates, which change at random, and the 2015 paper says that this "
        "regularizes, so that dropout can be removed or made weaker."
    ),
    scenes=(
        Trial(
            slug="little_data",
            title="Little data, and no noise",
            words=(
                "With 120 training examples, all of them in every step, BN has no changing mates: only the "
                "normalization is left. Beside it: ghost batches of 8 (Hoffer, Hubara & Soudry 2017), which bring the "
                "noise back, and dropout of 0.2."
            ),
            question="BN without noise against the plain network: what do the test examples say?",
            predictions={"better": "BN is better", "worse": "BN is worse", "same": "No difference of a point"},
            expected="worse",
            experiment=Experiment(
                arms={
                    "plain": LITTLE, "bn": LITTLE.replace(normalization="batch"),
                    "bn_ghost": LITTLE.replace(normalization="batch", ghost_size=8),
                    "dropout": LITTLE.replace(dropout=0.2),
                },
                seeds=range(20),
            ),
            steps=300,
            charts=("accuracy", "loss"),
            check=little_data,
            open=("activation",),
            why=(
                "What regularizes is the noise, not the normalization (Luo et al. 2019 take BN apart in the same way: "
                "normalization by the population, and a pull on gamma that the noise amounts to). Without noise BN "
                "fits 120 examples quickly and generalizes worse here. Ghost batches make up for it, and bring the "
                "network to about where it is without BN: the effect is real and weak."
            ),
        ),
        Trial(
            slug="wrong_labels",
            title="Labels that are wrong",
            words=(
                "480 training examples; 40% of them have a label drawn at random. A network that reaches 100% "
                "*training* accuracy has learned the wrong ones by heart. Mini-batches of 40."
            ),
            question="Does BN keep the network from learning wrong labels by heart?",
            predictions={
                "kept": "Yes, from some of them", "learned": "No, it learns nearly all of them",
                "as_many": "No, it learns no fewer than the plain one",
            },
            expected="learned",
            experiment=twins(WRONG, range(10)).replace(instruments=("memory",)),
            steps=800,
            charts=("train_accuracy", "accuracy", "loss"),
            check=wrong_labels,
            open=("label_noise", "batch_size"),
            why=(
                "BN makes it easier to fit the training data, wrong labels included, and it gets there sooner. The "
                "noise of mini-batches of 40 does not stand in the way. Look at the test accuracy over time: it is "
                "best before the wrong labels are learned, in both networks. That networks can fit random labels was "
                "the finding of Zhang et al. 2017."
            ),
            otherwise={
                "kept": (
                    "The more noise the mini-batches bring, the fewer steps are left for learning single labels: "
                    "the smaller the mini-batch, the less each example's x̂ can be relied on."
                ),
            },
        ),
        Text(
            "Dropout sets outputs to zero in training and scales the others up, so that the mean stays. The *variance* "
            "does not stay: it is larger in training than in eval mode. A BN layer above keeps running statistics of "
            "what it saw in training, and uses them in eval mode, where they no longer fit.",
            title="Dropout below BN",
        ),
        Trial(
            slug="variance_shift",
            title="Variances that no longer fit",
            words=(
                "Four layers with BN; behind each of them 0, 30 or 50% of the outputs are dropped. The chart shows the "
                "running variance over the variance that eval mode meets: 1 is a fit."
            ),
            question="With 50% dropped, where is the running variance too large by more than a fifth?",
            predictions={
                "same": "In no layer", "everywhere": "In the first layer and the last",
                "deeper": "Only farther up: in the last", "first": "Only far down: in the first",
            },
            expected="deeper",
            experiment=Experiment(arms=dropouts(0.0, 0.3, 0.5), seeds=range(5), instruments=("modes",)),
            steps=500,
            charts=("variance_ratio", "accuracy"),
            check=variance_shift,
            open=("activation",),
            why=(
                "No dropout stands below the first BN layer, so its statistics fit. Each layer above has seen the "
                "variance that the dropout right below it makes: Li et al. 2018 call this the variance shift. It does "
                "not add up by itself: with statistics that fit in the layers below, the four ratios are 1.0, 1.6, 1.3 "
                "and 1.3 on average over five seeds. What piles up, to 1.0, 1.6, 2.0 and 2.4, is eval mode's mismatch, "
                "which every layer hands on. Behind the last BN layer dropout shifts none: nothing above keeps "
                "statistics."
            ),
        ),
        Trial(
            slug="cost_of_the_shift",
            title="And what does it cost?",
            words=(
                "The same networks, and one with 70% dropped. To tell the shift from the dropout itself, the "
                "statistics are taken again from training examples with dropout off (thin lines), and the network is "
                "tested with those."
            ),
            question="Dropping 50% costs accuracy. Where does the larger part of it come from?",
            predictions={
                "shift": "From statistics that do not fit", "dropout": "From the dropout itself",
                "none": "It costs nothing",
            },
            expected="dropout",
            experiment=Experiment(arms=dropouts(0.0, 0.3, 0.5, 0.7), seeds=range(8), instruments=("modes",)),
            steps=500,
            charts=("population", "variance_ratio", "accuracy"),
            check=cost_of_the_shift,
            open=("activation",),
            why=(
                "The shift is there, and its effect on accuracy is weak here: logits that are scaled alike still name "
                "the same class. Most of the cost is that a small network with half of its units missing learns more "
                "slowly. With 70% dropped the mismatch multiplies from layer to layer, and statistics that fit give "
                "back less than half."
            ),
        ),
        Published(
            "Dropout and BN in a large network",
            ("DenseNet on CIFAR-100", "Test accuracy"),
            (("without dropout", "77.42%"), ("dropout 0.5 in each bottleneck", "68.55%")),
            SOURCES["li"],
            "From their first figure. It does not separate the shift from what dropout itself costs.",
        ),
        Text(
            "Weight decay pulls weights towards zero. Behind a weight that BN normalizes, that changes no output at "
            "all: BN((aW)u) = BN(Wu) (van Laarhoven 2017, Hoffer et al. 2018). What it changes is the gradient in the "
            "weights, which is 1/a as long for weights that are a times as long. A step of rate r turns weights of "
            "length |w| as a step of r / |w|² turns weights of length 1: that is the **effective learning rate**.",
            title="Weight decay does something else here",
        ),
        Trial(
            slug="decay",
            title="The effective learning rate",
            words="Three layers with BN, without weight decay and with 0.01, a thousand steps.",
            question="What becomes of the effective learning rate under weight decay, compared with none?",
            predictions={"rises": "It rises", "same": "It stays, within a tenth", "falls": "It falls"},
            expected="rises",
            experiment=Experiment(
                arms={"bn": DECAYING, "bn_decay": DECAYING.replace(weight_decay=0.01)}, seeds=range(5)
            ),
            steps=1000,
            charts=("weight_growth", "accuracy", "loss"),
            check=decayed,
            open=("learning_rate",),
            why=(
                "Shorter weights, the same outputs, longer gradients: decay works as a learning rate that grows. "
                "Without decay weights can only grow, because the gradient stands upright on them, and the effective "
                "rate creeps down. So decay behind BN is a setting of the rate more than a limit on what the network "
                "can say. (The output layer has no BN behind it; there decay is what it always was.)"
            ),
        ),
        Text(
            "With BN in place, the 2015 paper changes more of its recipe: it divides the weight decay by 5, and lets "
            "the rate fall 6 times as fast, because the network learns sooner (section 4.2.1). Its table shows these "
            "changes only together with a larger rate and without dropout. Here each is made alone.",
            title="The rest of the recipe",
        ),
        Trial(
            slug="less_decay",
            title="A fifth of the weight decay",
            words=(
                "Three ReLU layers on 480 training examples, weight decay 0.02, and a fifth of that (*fifth*), plain "
                "and with BN, twenty seeds each."
            ),
            question="Which of the two does better with a fifth of the weight decay, by more than a point?",
            predictions={
                "both": "Both", "plain": "The plain network", "bn": "The one with BN", "neither": "Neither",
            },
            expected="plain",
            experiment=Experiment(arms=both_kinds(PULLED, "fifth", weight_decay=0.004), seeds=range(20)),
            steps=500,
            charts=("accuracy", "loss", "weight_growth"),
            check=less_decay,
            open=("samples", "learning_rate"),
            why=(
                "This decay is too strong for the plain network. Behind BN short weights give the same outputs, and "
                "what is taken away is a part of the effective learning rate: the network ends about a point lower. By "
                "itself this line of the paper's list does not help here."
            ),
        ),
        Trial(
            slug="faster_decay",
            title="A rate that falls six times as fast",
            words=(
                "Three sigmoid layers. The learning rate falls by half every 600 steps, and every 100 (*faster*), "
                "plain and with BN."
            ),
            question="Which of the two loses more than two points when the rate falls six times as fast?",
            predictions={
                "both": "Both", "plain": "The plain network", "bn": "The one with BN", "neither": "Neither",
            },
            expected="plain",
            experiment=Experiment(arms=both_kinds(FALLING, "faster", half_life=100), seeds=range(10)),
            steps=600,
            charts=("accuracy", "loss"),
            check=faster_decay,
            open=("activation", "learning_rate"),
            why=(
                "After 600 steps the faster rate is a 64th of what it was. By then BN has learned what it can, and the "
                "plain network has hardly begun: the steps left to it are too short. What the paper says of the "
                "schedule holds here, and for its reason: the network learns sooner."
            ),
        ),
    ),
    verdict=(
        "Weakly, and only through its noise. Without changing mates BN generalizes worse than no BN on this little "
        "data; ghost batches make up for it. It does not keep a network from learning wrong labels. Dropout below BN "
        "makes running variances too large, which costs little at everyday shares. Weight decay behind BN sets the "
        "effective learning rate: to take most of it away helps the plain network here and not BN. A rate that falls "
        "faster costs the plain network what it has not yet learned, and BN next to nothing."
    ),
    sources=(SOURCES["ioffe"], SOURCES["zhang"], SOURCES["li"], SOURCES["laarhoven"], SOURCES["hoffer"],
             SOURCES["hoffer_longer"], SOURCES["luo"]),
    quiz=(
        Question(
            "Predict: 40% of the labels are drawn at random, and a network with BN trains for long. Its training "
            "accuracy?",
            ("About 60%: the right labels", "About 64%: the right ones and lucky guesses", "Nearly 100%"),
            2,
            "It learns the wrong labels by heart too, and sooner than the plain network.",
            "wrong_labels",
        ),
        Question(
            "Where does BN's regularizing effect come from?",
            ("From the unit variance", "From mates that change at random", "From gamma and beta"),
            1,
            "With all examples in every mini-batch nothing changes at random, and the effect is gone.",
            "little_data",
        ),
        Question(
            "Dropout stands below a BN layer. In eval mode its running variance is",
            ("too large", "too small", "just right"),
            0,
            "Dropout raises the variance in training, where the running statistics come from, and is off in eval mode.",
            "variance_shift",
        ),
        Question(
            "Weights in front of BN shrink to half their length. The effective learning rate becomes",
            ("half", "twice", "four times as large"),
            2,
            "It is the rate over the squared length of the weights.",
            "decay",
        ),
        Question(
            "A rate has a half-life of 100 steps. After 600 steps it is",
            ("a sixth of what it was", "a 64th of what it was", "zero"),
            1,
            "Six times halved: (1/2)⁶ = 1/64.",
            "faster_decay",
        ),
    ),
)  # fmt: skip
