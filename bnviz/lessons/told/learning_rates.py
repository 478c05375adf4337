"""Lesson 4: larger learning rates, the paper's table in small, and what BN does not do at the same rate."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import LEARNS, TWO_POINTS, by_sign, farther, logs, place, versus
from bnviz.lessons.learning import farthest, kinds_learn
from bnviz.lessons.lesson import UNDECIDED, Bench, Finding, Lesson, Published, Question, StudyScene, Text, Trial
from bnviz.lessons.reading import between, first_step_at, number, row, rows, spread, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study
from bnviz.wording import sentences, word, written

DEEP = Run(depth=8, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=64)
BASE = Run(depth=6, width=64, activation="relu", init="he", learning_rate=0.02, batch_size=64)
FACTORS = (1, 3, 10, 30)
HALF = 0.5
"""Steps are fewer from half as many on, and more from twice as many."""


def ladder(run: Run, factors: tuple[int, ...] = FACTORS) -> dict[str, Run]:
    """The run with and without BN at multiples of its learning rate, arms named ``plain``, ``bn_x10`` and so on."""
    return {
        f"{name}_x{factor}" if factor > 1 else name: run.replace(
            normalization=normalization, learning_rate=factor * run.learning_rate
        )
        for name, normalization in (("plain", "none"), ("bn", "batch"))
        for factor in factors
    }


SIX_RATES = Experiment(arms=ladder(BASE, (1, 5, 30)), seeds=range(10))
"""Plain and BN at the base rate, five and thirty times as much: the paper's table in small."""


def widest_range(history: History) -> Finding:
    """The largest rate at which each kind still learns."""
    reached = farthest(history, "learning_rate", 400)
    told = ", ".join(
        f"{arm_label(kind)} {written(certain, 'g')}" if certain else f"{arm_label(kind)} none of these rates"
        for kind, (certain, _) in reached.items()
    )
    return Finding(
        farther(reached["plain"], reached["bn"]),
        f"Largest rate at which a network learns for certain, with more than {number(LEARNS, True)} right after 400 "
        f"steps: {told}.",
        rows(history, "test_accuracy", 400),
    )


def same_rate(history: History) -> Finding:
    """Whether BN ends better at the plain network's own small rate."""
    plain, bn = (value(history, arm, "test_accuracy", 1000) for arm in ("plain", "bn"))
    return Finding(
        by_sign(versus(bn, plain, TWO_POINTS), "bn", "plain", "same"),
        f"Test accuracy after 1,000 steps at rate {history.experiment.arms['bn'].learning_rate:g}: "
        f"{spread('plain', plain, True)}, {spread('bn', bn, True)}. Networks within two points of each other are level "
        "here.",
        rows(history, "test_accuracy", 1000),
    )


def best_accuracy(history: History, arm: str) -> np.ndarray:
    """The best test accuracy of each seed over the whole run."""
    return np.asarray(np.nan_to_num(history.series(arm, "test_accuracy").astype(float)).max(0))


def steps_to_the_base(history: History) -> Finding:
    """How many steps each arm needs to the base's best accuracy, seed by seed: our version of the paper's table."""
    level, end = best_accuracy(history, "plain"), float(history.steps[-1])
    needed = {arm: first_step_at(history, arm, level) for arm in history.experiment.arms}
    base, fast = (np.maximum(np.nan_to_num(needed[arm], nan=end), 1) for arm in ("plain", "bn_x30"))
    found = place(logs(fast / base), np.log(HALF), -np.log(HALF))
    never = int(np.isnan(needed["bn_x30"]).sum())
    words = [f"{arm_label(arm)} {between(taken)}" if np.isfinite(taken).any() else f"{arm_label(arm)} never"
             for arm, taken in needed.items()]  # fmt: skip
    there, times = len(fast) - never, between(fast / base)
    return Finding(
        "never" if never == len(fast) else UNDECIDED if found is None else ("faster", "same", "slower")[found],
        sentences(
            f"Steps to the best accuracy of each seed's base, {between(level, True)}: {', '.join(words)}.",
            f"Of BN x30, {there} of {len(fast)} seeds get there; it needs {times} times the base's steps, if it got "
            "there in the very last one where it did not." if never
            else f"Of BN x30, {there} of {len(fast)} seeds get there; it needs {times} times the base's steps.",
        ),
        tuple(row(f"{arm_label(arm)}, steps", taken) for arm, taken in needed.items())
        + tuple(row(f"{arm_label(arm)}, best accuracy", best_accuracy(history, arm), True) for arm in needed),
    )


LESSON = Lesson(
    slug="learning_rates",
    title="Higher learning rates",
    question="Why may a network with batch normalization take larger steps?",
    claim=(
        "BN lets a network train at learning rates many times higher, and so reach the same accuracy in far fewer "
        "steps."
    ),
    scenes=(
        Trial(
            slug="ladder",
            title="How far can the rate be turned up?",
            words=(
                "Eight ReLU layers on digits, He's initial weights, at the learning rates 0.1, 0.3, 1 and 3 (x1, x3, "
                "x10, "
                "x30), plain and with BN: forty networks at once."
            ),
            question="Which kind trains at the larger rates?",
            predictions={"bn": "BN", "plain": "Plain", "same": "Both go equally far"},
            expected="bn",
            experiment=Experiment(arms=ladder(DEEP), seeds=range(5)),
            steps=400,
            charts=("accuracy", "loss", "saturation"),
            check=widest_range,
            open=("depth", "activation"),
            why=(
                "A step that is too long makes weights grow; larger weights make larger signals and larger gradients, "
                "layer by layer, until the loss is infinite or most units are dead. With BN the output does not depend "
                "on the size of a layer's weights, and the gradient becomes *smaller* as they grow. So too long a step "
                "corrects itself."
            ),
        ),
        Trial(
            slug="same_rate",
            title="And at the same rate?",
            words="Six ReLU layers at the rate 0.02, which suits the plain network. The only difference is BN.",
            question="Who has learned more after 1,000 steps?",
            predictions={"bn": "BN", "plain": "Plain", "same": "No difference of two points"},
            expected="same",
            experiment=Experiment(arms={"plain": BASE, "bn": BASE.replace(normalization="batch")}, seeds=range(20)),
            steps=1000,
            charts=("accuracy", "loss", "gradients"),
            check=same_rate,
            open=("learning_rate", "depth"),
            why=(
                "At a rate that suits the plain network, BN is some points ahead around step 100 and needs about as "
                "many steps to 90% (206 against 226, well within the spread). At a rate that is hot for plain "
                "(lesson 10), or where plain sigmoid layers are stuck (lesson 5), it is far ahead at the same rate. "
                "Where both learn well, the speed-up comes from the rate that BN lets you use. Bjorck et al. 2018 say "
                "the same of large networks."
            ),
        ),
        Trial(
            slug="table",
            title="The paper's table, in small",
            words=(
                "The same network plain and with BN at the base rate, at five times and at thirty times the rate: as "
                "in "
                "the paper's comparison of Inception with BN-Baseline, BN-x5 and BN-x30."
            ),
            question="How many steps does BN x30 need to the best accuracy of the plain base?",
            predictions={
                "faster": "Less than half as many", "same": "About as many", "slower": "More than twice as many",
                "never": "It never gets there",
            },
            expected="faster",
            experiment=SIX_RATES,
            steps=1000,
            charts=("accuracy", "loss"),
            check=steps_to_the_base,
            why=(
                "As in the paper, BN at thirty times the rate needs a small part of the steps, and the plain network "
                "breaks down there. At the base rate BN gains nothing that these seeds show; in the paper it needs 2.3 "
                "times fewer steps. Theirs is ImageNet, and x5 and x30 there change more than BN and the rate."
            ),
        ),
        Published(
            "What the paper printed",
            ("Model", "Initial rate", "Steps to 72.2%", "Best accuracy"),
            (
                ("Inception", "0.0015", "31.0 million", "72.2%"),
                ("BN-Baseline", "0.0015", "13.3 million", "72.7%"),
                ("BN-x5", "0.0075", "2.1 million", "73.0%"),
                ("BN-x30", "0.045", "2.7 million", "74.8%"),
                ("BN-x5-Sigmoid", "0.0075", word("never"), "69.8%"),
            ),
            SOURCES["ioffe"],
            "Top-1 validation accuracy on ImageNet, one crop. BN-x5 and BN-x30 also remove dropout and local response "
            "normalization, divide the weight decay by five, decay the rate six times faster, shuffle better and "
            "distort the pictures' colours less: the factor 14 between the first and third line is not BN alone, the "
            "2.3 between the first two is. Plain Inception at five times the rate diverged; with sigmoid units it "
            "stayed at chance.",
        ),
        Trial(
            slug="sigmoid",
            title="Sigmoid units in six layers",
            words=(
                "The same table with sigmoid units, from Xavier's weights: plain at the rate 0.1, BN at 0.1 and "
                "0.6."
            ),
            question="Who learns in 1,000 steps?",
            predictions={"bn": "Only BN", "both": "All of them", "plain": "Only plain", "neither": "Neither"},
            expected="bn",
            experiment=Experiment(
                arms={
                    "plain": BASE.replace(activation="sigmoid", init="xavier", learning_rate=0.1),
                    "bn_x5": BASE.replace(
                        activation="sigmoid", init="xavier", normalization="batch", learning_rate=0.1
                    ),
                    "bn_x30": BASE.replace(
                        activation="sigmoid", init="xavier", normalization="batch", learning_rate=0.6
                    ),
                },
                seeds=range(5),
            ),
            steps=1000,
            charts=("accuracy", "gradients", "saturation"),
            check=kinds_learn(1000),
            why=(
                "From Xavier's weights the plain network's gradients vanish through six sigmoid layers; from four "
                "times as large ones, at rate 0.5, it reaches 96% in as many steps (lesson 1 shows eight layers). BN "
                "keeps every unit's inputs where the sigmoid has a slope, whatever the weights. In the paper BN made "
                "Inception with sigmoid units trainable too, at 69.8%, which is less than with ReLU."
            ),
        ),
        Bench(
            "border", "The border",
            "A network a pixel, six ReLU layers on spirals: learning rate across, initial scale up, the colour is what "
            "each one knows after 200 steps. BN trains over a far wider range of both. The border between what trains "
            "and what does not is no smooth line: magnified, it shows ever finer folds (Sohl-Dickstein 2024). Drag a "
            "rectangle over it to train that part anew on the map, which draws it for choices of your own, too.",
        ),
        Text(
            "The paper's best number, 4.82% test error (top 5), belongs to an ensemble of six BN networks. Averaging "
            "the answers of several networks is another means than BN; here is ours.",
            title="An ensemble",
        ),
        StudyScene(
            "Six networks, one answer",
            "Six networks with BN learn the same digits from different initial weights; their probabilities are "
            "averaged.",
            Study("ensemble"),
        ),
    ),
    verdict=(
        "Eight ReLU layers with BN learn at all four rates tried, up to 3; plain ones learn at 0.1, learn badly at "
        "0.3, and diverge or die from 1 on. At a rate that suits both, six ReLU layers need about as many steps with "
        "BN as without; where the rate is hot for plain, or plain is stuck, BN is ahead at the same rate, and in the "
        "paper it is 2.3 times as fast. The rest of the speed comes from the rate."
    ),
    sources=(SOURCES["ioffe"], SOURCES["bjorck"], SOURCES["sohl_dickstein"]),
    quiz=(
        Question(
            "BN and plain train at the same small rate. Who learns faster in a network of six ReLU layers?",
            ("BN, clearly", "About the same", "The plain network diverges"),
            1,
            "Both can take this rate; the speed-up comes from the higher one that BN allows.",
            "same_rate",
        ),
        Question(
            "Where does the paper's factor 14 come from?",
            ("BN alone", "BN, five times the rate, and several other changes", "A larger network"),
            1,
            "BN alone gave 2.3; BN-x5 also removes dropout and local response normalization, and more.",
        ),
        Question(
            "Predict: eight plain ReLU layers at learning rate 1.",
            ("They train", "They diverge or die", "They train slowly"),
            1,
            "At ten times the rate at which it learns well, the plain network's weights and signals grow until nothing "
            "is left.",
            "ladder",
        ),
        Question(
            "With BN, a layer's weights become twice as large. What happens to the gradient in them?",
            ("It doubles", "It halves", "It stays"),
            1,
            "The output is the same, and the gradient in a W scales with 1/a: a long step corrects itself.",
        ),
    ),
)  # fmt: skip
