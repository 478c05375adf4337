"""Lesson 6: before or after the nonlinearity, with or without gamma and beta. It depends, and this shows on what."""

from __future__ import annotations

from collections.abc import Callable

from bnviz.experiment import Experiment, arm_label, five_arms
from bnviz.lessons.judging import LEARNS, TWO_POINTS, ahead, by_answer, by_sign, learns, versus
from bnviz.lessons.lesson import UNDECIDED, Finding, Lesson, Published, Question, StudyScene, Text, Trial
from bnviz.lessons.reading import accuracies, between, number, points, rows, told
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study
from bnviz.wording import word

RELU = Run(depth=3, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=64)
BENT = Run(
    dataset="spirals", depth=2, width=32, activation="sigmoid", init="xavier", learning_rate=1.0, batch_size=64
)


def gamma_and_beta(step: int) -> Callable[[History], Finding]:
    """Whether BN before the nonlinearity needs gamma and beta."""

    def check(history: History) -> Finding:
        accuracy = accuracies(history, step)
        with_them, without = accuracy["bn_before_affine"], accuracy["bn_before"]
        return Finding(
            by_sign(versus(with_them, without), "needed", "harm", "same"),
            f"Test accuracy at step {step:,}: {told(accuracy)}. Gamma and beta before the nonlinearity change it by "
            f"{points(with_them - without)}.",
            rows(history, "test_accuracy", step),
        )

    return check


def other_way_round(history: History) -> Finding:
    """Whether gamma and beta behind the nonlinearity are worth what they are worth before it."""
    accuracy = accuracies(history, 2000)
    without, inside, behind = (accuracy[arm] for arm in ("bn_before", "bn_before_affine", "bn_around"))
    nearer = by_sign(versus(behind - without, inside - behind, of=2), "inside", "without", UNDECIDED)
    return Finding(
        by_answer(ahead(inside, without, TWO_POINTS, of=2), nearer, "same"),
        f"Test accuracy at step 2,000: {told(accuracy)}. Gamma and beta before the nonlinearity change it by "
        f"{points(inside - without)}, behind it by {points(behind - without)}.",
        rows(history, "test_accuracy", 2000),
    )


def before_or_after(step: int) -> Callable[[History], Finding]:
    """Which placement does better, with gamma and beta or without taken together."""

    def check(history: History) -> Finding:
        accuracy = accuracies(history, step)
        before = (accuracy["bn_before"] + accuracy["bn_before_affine"]) / 2
        after = (accuracy["bn_after"] + accuracy["bn_after_affine"]) / 2
        return Finding(
            by_sign(versus(before, after), "before", "after", "same"),
            f"Test accuracy at step {step:,}: before {between(before, True)}, after {between(after, True)}, a paired "
            f"difference of {points(before - after)}. Plain: {between(accuracy['plain'], True)}.",
            rows(history, "test_accuracy", step),
        )

    return check


def deep_sigmoid(history: History) -> Finding:
    """Which placements rescue a deep sigmoid network: they learn where it does not."""
    accuracy = accuracies(history, 600)
    normalized = {arm: learns(values, of=5) for arm, values in accuracy.items() if arm != "plain"}
    plain = learns(accuracy["plain"], of=5)
    rescued = [arm for arm, learned in normalized.items() if learned and plain is False]
    open_still = plain is None or None in normalized.values()
    outcome = "all" if len(rescued) == len(normalized) else "some" if rescued else "none"
    return Finding(
        UNDECIDED if open_still else outcome,
        f"Test accuracy at step 600: {told(accuracy)}. Rescued, so that they have more than {number(LEARNS, True)}: "
        f"{', '.join(map(arm_label, rescued)) or word('none')}.",
        rows(history, "test_accuracy", 600),
    )


LESSON = Lesson(
    slug="placement",
    title="Before or after",
    question="Before or after the nonlinearity, with or without gamma and beta?",
    claim=(
        "The paper normalizes before the nonlinearity, with gamma and beta so that nothing is lost; a well-known "
        "benchmark found normalization after it better, and gamma and beta useless."
    ),
    scenes=(
        Trial(
            slug="bend",
            title="Where gamma and beta decide",
            words=(
                "Three spirals in the plane, two layers of 32 sigmoid units: a task that needs curved borders. Without "
                "gamma and beta, BN before a sigmoid leaves every unit's input at variance 1, where a sigmoid is "
                "nearly "
                "a straight line."
            ),
            question="What do gamma and beta before the sigmoid do to the accuracy here?",
            predictions={"needed": "They raise it", "same": "Nothing that counts", "harm": "They lower it"},
            expected="needed",
            experiment=Experiment(arms=five_arms(BENT), seeds=range(5)),
            steps=2000,
            charts=("accuracy", "loss", "decision"),
            check=gamma_and_beta(2000),
            open=("activation", "learning_rate"),
            why=(
                "A sigmoid network bends its borders with inputs that reach the sigmoid's knees. BN before it pins the "
                "inputs to variance 1; gamma stretches them again where that helps. After the sigmoid there is nothing "
                "to pin: the next layer's weights can scale as they like."
            ),
        ),
        Trial(
            slug="digits",
            title="Where they do not",
            words="The same five arms on digits with ReLU, ten seeds each.",
            question="And here: what do gamma and beta before the nonlinearity do?",
            predictions={"needed": "They raise the accuracy", "same": "Nothing that counts", "harm": "They lower it"},
            expected="same",
            experiment=Experiment(arms=five_arms(RELU), seeds=range(10)),
            steps=800,
            charts=("accuracy", "loss", "gradients", "saturation"),
            check=gamma_and_beta(800),
            open=("activation", "dataset"),
            why=(
                "A ReLU bends at zero whatever the scale of its input, so fixing the scale costs nothing, and this "
                "task "
                "hardly needs the bend. On digits even sigmoid units do well without gamma and beta: try it."
            ),
        ),
        StudyScene(
            "Is Wu + b more Gaussian than u?",
            "The paper's reason for *before*: what comes out of a nonlinearity, u, can have any shape, so that holding "
            "its mean and variance says little, while Wu + b is a sum of many terms, rather symmetric, *more "
            "Gaussian*, and there mean and variance say nearly all. Guess with which nonlinearities that is so, before "
            "and after training.",
            Study("gaussianity"),
        ),
        Trial(
            slug="order",
            title="Before or after, on digits",
            words="The same networks once more, twenty seeds each. Now compare the placements.",
            question="Which placement is better, or are they level within a point?",
            predictions={"before": "Before", "after": "After", "same": "Neither"},
            expected="same",
            experiment=Experiment(arms=five_arms(RELU), seeds=range(20)),
            steps=800,
            charts=("accuracy", "loss"),
            check=before_or_after(800),
            open=("activation", "dataset", "depth"),
            why=(
                "With twenty seeds the two placements are within a fraction of a point of each other. A single run of "
                "each would have named a winner: the spread between seeds is larger than the difference."
            ),
        ),
        Trial(
            slug="little_data",
            title="Before or after, with little data",
            words="Only 200 examples of the digits, 160 of them for training, ReLU, ten seeds.",
            question="Which placement is better now, or are they level within a point?",
            predictions={"before": "Before", "after": "After", "same": "Neither"},
            expected="before",
            experiment=Experiment(arms=five_arms(RELU.replace(samples=200)), seeds=range(10)),
            steps=800,
            charts=("accuracy", "loss"),
            check=before_or_after(800),
            open=("activation", "samples"),
            why=(
                "Why, this page cannot say: mini-batches have 64 examples as before, so that the statistics are no "
                "less certain. Here the paper's order does better than the other, and the plain network is ahead of "
                "both on average. In the benchmark below the other order is ahead, on other data and another network."
            ),
        ),
        Trial(
            slug="deep",
            title="What all four agree on",
            words="Eight sigmoid layers on digits: plain, and the four ways to place BN.",
            question="Which of the four rescue the network from chance?",
            predictions={"all": "All four", "some": "Only some", "none": "None of them"},
            expected="all",
            experiment=Experiment(
                arms=five_arms(RELU.replace(depth=8, activation="sigmoid", init="xavier", learning_rate=0.5)),
                seeds=range(5),
            ),
            steps=600,
            charts=("accuracy", "gradients"),
            check=deep_sigmoid,
            open=("depth",),
            why=(
                "Next to having BN at all, where it stands is a detail: on this network every placement turns chance "
                "into a working classifier."
            ),
        ),
        Text(
            "Some who retell the paper write $r\\,g(\\mathrm{BN}(x)) + b$, with gamma and beta (there r and b) behind "
            "the nonlinearity g. The paper has them inside: $g(\\gamma \\hat{x} + \\beta)$. That is another network. "
            "What stands behind g, the next layer's weights W can do alone, ${W (r\\,g + b) = (W r)\\,g + W b}$: the "
            "same functions, in other coordinates. And the input of g keeps variance 1, whatever r and b are.",
            title="The formula the other way round",
        ),
        Trial(
            slug="other_way",
            title="Gamma and beta behind the sigmoid",
            words=(
                "The spirals of the first trial again: BN without gamma and beta (*BN before*), with them as in the "
                "paper (*BN before affine*), and the other way round, mean and variance before the sigmoid, gamma and "
                "beta behind it (*BN around*)."
            ),
            question="With gamma and beta behind the sigmoid, whose accuracy does the network come nearer to?",
            predictions={
                "inside": "That of the paper’s order", "without": "That without gamma and beta",
                "same": "These two do not differ",
            },
            expected="without",
            experiment=Experiment(
                arms={
                    "bn_before": BENT.replace(normalization="batch", affine=False),
                    "bn_before_affine": BENT.replace(normalization="batch"),
                    "bn_around": BENT.replace(normalization="batch", placement="around"),
                },
                seeds=range(5),
            ),
            steps=2000,
            charts=("accuracy", "loss", "decision"),
            check=other_way_round,
            open=("activation", "learning_rate"),
            why=(
                "A sigmoid whose input has variance 1 is nearly a straight line, and a straight line that is stretched "
                "and moved afterwards is one still. Only before the sigmoid can gamma reach its knees."
            ),
            otherwise={
                "same": (
                    "Where the nonlinearity bends at any scale of its input, as a ReLU does, gamma has little to do "
                    "on either side of it."
                ),
            },
        ),
        StudyScene(
            "All five arms, three activations, three tasks",
            "Every combination is trained on five seeds. Look for a placement that is on top in every group.",
            Study("placement"),
        ),
        Published(
            "The benchmark: CaffeNet on ImageNet, 128 pixels",
            ("BN", "Accuracy", "Log loss"),
            (
                (word("none"), "0.471", "2.36"),
                (word("before"), "0.474", "2.35"),
                ("before, with gamma and beta (the paper's)", "0.478", "2.33"),
                (word("after"), "0.499", "2.21"),
                ("after, with gamma and beta", "0.493", "2.24"),
            ),
            SOURCES["mishkin"],
            "One run each, no error bars. Gamma and beta help in the row *before* and cost a little in the row "
            "*after*.",
        ),
        Published(
            "The same benchmark: GoogLeNet",
            ("BN", "Accuracy", "Log loss"),
            (
                (word("none"), "0.619", "1.61"),
                ("before, with gamma and beta", "0.603", "1.68"),
                (word("after"), "0.596", "1.70"),
            ),
            SOURCES["mishkin"],
            "LSUV initial weights; one run each. Here *before* is ahead of *after*, and plain ahead of both.",
        ),
    ),
    verdict=(
        "It depends. Gamma and beta decide where the task needs the bend of a sigmoid, if they stand before it, and "
        "hardly matter for ReLU on digits. Neither order wins everywhere: differences are small, change sign between "
        "tasks, and vanish in the spread over seeds more often than not. That Wu + b is nearer to a Gaussian than u "
        "holds in trained networks with every nonlinearity tried, most with ReLU and its kin; it does not make "
        "*before* the better place."
    ),
    sources=(SOURCES["ioffe"], SOURCES["mishkin"]),
    quiz=(
        Question(
            "Predict: BN before sigmoid units without gamma and beta, on spirals.",
            ("It learns the spirals as well as with them", "It stays far below", "It diverges"),
            1,
            "Inputs of variance 1 reach only the nearly straight part of a sigmoid; the borders cannot bend enough.",
            "bend",
        ),
        Question(
            "Gamma and beta behind the nonlinearity instead of before it: which functions does that add?",
            ("Those with steeper sigmoids", "None that the next layer could not make without them", "Linear ones only"),
            1,
            "Scale and shift of a unit's output are one with the next layer's weights and bias.",
            "other_way",
        ),
        Question(
            "A benchmark finds 0.499 after and 0.474 before, one run each. What do you conclude?",
            ("After is better", "After did better in these two runs", "Before is broken"),
            1,
            "One run has no error bar, and on the other network of the same benchmark the order is reversed.",
            "order",
        ),
        Question(
            "How many gammas and betas does a BN layer of 100 units have?",
            ("One of each", "100 of each", "One of each for every example"),
            1,
            "One pair for every unit; in a convolution one pair for every feature map.",
        ),
        Question(
            "Why is the bias of a linear layer dropped in front of BN?",
            ("It would slow the training", "The mean subtracts it again, and beta does its work", "To save memory"),
            1,
            "What is added to every example of a unit is subtracted with the mean. After the nonlinearity it is not.",
        ),
    ),
)  # fmt: skip
