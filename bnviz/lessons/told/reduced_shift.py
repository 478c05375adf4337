"""Lesson 10: does less covariate shift explain BN? Both meters in three regimes, and shift made on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import POINT, TWO_POINTS, ahead, by_answer, by_factor, learns
from bnviz.lessons.lesson import UNDECIDED, Finding, Lesson, Question, StudyScene, Text, Trial
from bnviz.lessons.presets import PRESETS, twins
from bnviz.lessons.reading import between, number, over_time, row, spread, told, value
from bnviz.lessons.sources import SOURCES
from bnviz.lessons.told.covariate_shift import DEEP_RELU
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study
from bnviz.wording import sentences

ARMS = {"plain": "none", "bn": "batch", "noisy": "noisy"}

REGIMES = {
    "less_ahead": "Calmer, and ahead",
    "less_level": "Calmer, but no better",
    "more_ahead": "Wilder, yet ahead",
    "more_level": "Wilder, and no better",
    "same": "As calm, within a tenth",
}
"""How BN may be by some step beside its plain twin: a network is calm whose gradients shift little."""


def both_meters(last: int, margin: float = POINT) -> Callable[[History], Finding]:
    """The check that reads both meters up to step ``last``, and whether BN is ahead there by ``margin``."""

    def check(history: History) -> Finding:
        shift, inputs, right = (
            [over_time(history, arm, "gradient_shift", 0, last) for arm in ("plain", "bn")],
            [over_time(history, arm, "distribution_shift", 20, last) for arm in ("plain", "bn")],
            [value(history, arm, "test_accuracy", last) for arm in ("plain", "bn")],
        )
        sign, better = by_factor(shift[1], shift[0]), ahead(right[1], right[0], margin)
        outcome = f"{'more' if sign == 1 else 'less'}_{'ahead' if better else 'level'}"
        return Finding(
            "same" if sign == 0 else UNDECIDED if None in (sign, better) else outcome,
            sentences(
                f"Up to step {last:,}: gradient shift {_versus(shift)}; inputs moved, in deviations per 20 steps, "
                f"{_versus(inputs)}. Test accuracy at step {last:,}: {_versus(right, True)}.",
                "A lead of no more than a point counts as none." if margin == POINT
                else f"A lead of no more than {100 * margin:g} points counts as none.",
            ),
            (row("plain, gradient shift", shift[0]), row("BN, gradient shift", shift[1]),
             row("plain, shift of the inputs", inputs[0]), row("BN, shift of the inputs", inputs[1]),
             row("plain, accuracy", right[0], True), row("BN, accuracy", right[1], True)),
        )  # fmt: skip

    return check


def noise_costs(last: int, margin: float = POINT) -> Callable[[History], Finding]:
    """The check of what noise behind BN does: how much more the inputs move, and what that costs by step ``last``."""

    def check(history: History) -> Finding:
        right = {arm: value(history, arm, "test_accuracy", last) for arm in ARMS}
        moved = {arm: over_time(history, arm, "distribution_shift", 20, last) for arm in ARMS}
        cost, times = float((right["bn"] - right["noisy"]).mean()), moved["noisy"] / moved["bn"]
        costly, learned = ahead(right["bn"], right["noisy"], margin, of=2), learns(right["noisy"], of=2)
        outcome = by_answer(learned, "some", "all")
        words = told(right)
        return Finding(
            by_answer(costly, outcome, "nothing"),
            sentences(
                f"Up to step {last:,} the inputs moved {between(times)} times as far with the noise as with BN alone. "
                f"Test accuracy at step {last:,}: {words}.",
                f"Noisy BN lies {number(100 * cost)} points below BN on average." if cost > 0
                else f"Noisy BN lies {number(-100 * cost)} points above BN on average.",
            ),
            tuple(row(f"{arm_label(arm)}, shift of the inputs", values) for arm, values in moved.items())
            + tuple(row(f"{arm_label(arm)}, accuracy", values, True) for arm, values in right.items()),
        )

    return check


def with_noise(plain: Run, seeds: range = range(5)) -> Experiment:
    """Three arms: plain, BN, and BN with noise behind it."""
    return Experiment(arms={arm: plain.replace(normalization=kind) for arm, kind in ARMS.items()}, seeds=seeds)


def _versus(pair: Sequence[np.ndarray], percent: bool = False) -> str:
    return ", ".join(spread(arm, values, percent) for arm, values in zip(("plain", "bn"), pair, strict=True))


COSTS = {
    "nothing": "Nothing: it learns as much as BN alone",
    "some": "Something, but it still learns",
    "all": "Everything: it no longer learns",
}
"""What the noise may cost."""


LESSON = Lesson(
    slug="reduced_shift",
    title="Less covariate shift?",
    question="Does it work by reducing covariate shift?",
    claim=(
        "BN holds every layer's inputs in place, says the 2015 paper, so that no layer has to aim at a moving "
        "target, and therefore the network learns faster."
    ),
    scenes=(
        Text(
            "An explanation says more than that two things come together. If less shift is *why* BN helps, then less "
            "shift should help, more shift should hurt, and shift made on purpose should undo the good. Each of the "
            "three can be tried. There are two meters, as in the first lesson: *shift of the inputs* (how far the "
            "inputs of a layer moved in 20 steps, in their own deviations) and *shift of the gradients* (how much a "
            "layer's gradient changes when the layers below it take their step).",
            title="What an explanation would have to show",
        ),
        Trial(
            slug="hot",
            title="First regime: ReLU at a rate that is hot for the plain network",
            words=(
                "Five ReLU layers on digits at learning rate 0.1, with and without BN. Watch the loss and the shift "
                "side by side."
            ),
            question=(
                "Call a network calm when its gradients shift little. How is BN beside the plain network, by step 60?"
            ),
            predictions=REGIMES,
            expected="less_ahead",
            experiment=twins(DEEP_RELU, range(10)),
            steps=60,
            charts=("loss", "gradient_shift", "accuracy", "distribution_shift"),
            check=both_meters(60),
            open=("learning_rate",),
            why=(
                "As the explanation says: less shift on both meters, and a faster start. (Santurkar et al. 2018 found "
                "the second meter no lower with BN in a large convolutional network.)"
            ),
        ),
        Trial(
            slug="plateau",
            title="Second regime: sigmoid units on a plateau",
            words="Three layers of 100 sigmoid units at rate 0.5: the networks of the 2015 paper's first figure.",
            question="Calm is whose gradients shift little. How is BN beside the plain network, by step 400?",
            predictions=REGIMES,
            expected="more_ahead",
            experiment=PRESETS["figure_1"],
            steps=400,
            charts=("loss", "gradient_shift", "accuracy", "distribution_shift"),
            check=both_meters(400),
            why=(
                "The plain network stands on a plateau: nothing below moves much, so its gradients hardly turn. BN "
                "learns, and its gradients shift *because* it learns. Note that the two meters contradict each other. "
                "The plateaued network's inputs seem to move far only because the meter counts in their own "
                "deviations, which are tiny in its upper layers."
            ),
        ),
        Trial(
            slug="slow",
            title="Third regime: ReLU at a small rate",
            words="The five ReLU layers again, at learning rate 0.02. Both networks can take this rate.",
            question="Calm is whose gradients shift little. How is BN beside the plain network, by step 800?",
            predictions=REGIMES,
            expected="less_level",
            experiment=twins(DEEP_RELU.replace(learning_rate=0.02), range(20)),
            steps=800,
            charts=("loss", "gradient_shift", "accuracy", "distribution_shift"),
            check=both_meters(800, TWO_POINTS),
            why=(
                "In the first steps the gradients of both shift about equally. Over the whole run the plain network's "
                "shift about three times as much, and its inputs move about five times as far. BN is some points ahead "
                "for the first hundred steps; by step 800 the accuracies are together. Less shift, and no gain that "
                "lasts."
            ),
        ),
        Text(
            "Three regimes, three answers: less shift and a faster start, more shift and the better network, less "
            "shift and no gain that lasts. So shift and learning come apart in both directions. What is left to try is "
            "shift made on purpose.",
            title="So far",
        ),
        Trial(
            slug="noisy_sigmoid",
            title="Shift made on purpose",
            words=(
                "Santurkar et al. 2018 put noise behind BN. At every step each unit draws a new shift, between −0.5 "
                "and 0.5, and a new stretch, between 1 and 1.25, and each example a little of its own around them. So "
                "the next layer's inputs jump with every mini-batch. The noise is on in training only. Sigmoid units, "
                "as in the first figure."
            ),
            question="What does the noise cost, compared with BN?",
            predictions=COSTS,
            expected="nothing",
            experiment=with_noise(Run(), range(8)),
            steps=400,
            charts=("loss", "distribution_shift", "histograms"),
            check=noise_costs(400, TWO_POINTS),
            why=(
                "The distributions are several times less steady than BN's, by design, and the network learns as BN "
                "does, while the plain one is still near chance. What helps *here* is not that the inputs stay in "
                "place."
            ),
        ),
        Trial(
            slug="noisy_relu",
            title="The same noise in a ReLU network",
            words=(
                "Eight ReLU layers at learning rate 0.1, sixteen seeds. The plain network is a stronger rival here: it "
                "learns well at this rate."
            ),
            question="And what does the noise cost here, compared with BN?",
            predictions=COSTS,
            expected="some",
            experiment=with_noise(DEEP_RELU.replace(depth=8), range(16)),
            steps=200,
            charts=("loss", "distribution_shift", "accuracy", "gradient_shift"),
            check=noise_costs(200, TWO_POINTS),
            open=("learning_rate",),
            why=(
                "Here the noise takes all of BN's lead, and more: on twelve of the sixteen seeds noisy BN is below the "
                "*plain* network. Shift made on purpose undoes the good, as the first explanation says; this trial "
                "speaks for it. It does not bring back the plain network's troubles, though. Turn the rate up to 0.3: "
                "the plain network falls far behind, noisy BN two points."
            ),
        ),
        StudyScene(
            "A network that is only a product",
            "Twenty-five linear layers of ten units learn a linear map, by gradient descent on all examples at once: "
            "the purest test of Santurkar et al. 2018. Nothing bends, nothing saturates, and no mini-batch adds "
            "noise. They took a rate of 0.000001 and 10,000 steps; here are two larger rates and 600. Predict: whose "
            "gradients turn more when the layers below step, and who has the lower loss? A cosine of 1 means that a "
            "layer's gradient did not turn at all.",
            Study("deep_linear"),
        ),
        Text(
            "In the product of matrices it is BN whose gradients turn, at the larger rate by more than a right angle "
            "in layer 21, and BN whose loss falls further: more shift by the critics' meter, and better all the same.",
            title="What to see there",
        ),
    ),
    verdict=(
        "BN holds the inputs of its layers in place; that part of the claim is true. It does not follow that this is "
        "why it helps. A network can have less shift and gain nothing that lasts, or more shift and learn better. "
        "Shift made on purpose leaves BN's whole lead in the sigmoid network, which speaks against the explanation, "
        "and takes all of it in eight ReLU layers at a rate that suits plain ones, which speaks for it."
    ),
    sources=(SOURCES["ioffe"], SOURCES["santurkar"]),
    quiz=(
        Question(
            "Predict: BN in the sigmoid network of the first figure. What becomes of its gradient shift, compared "
            "with the plain twin?",
            ("It is smaller, and BN learns better", "It is larger, and BN learns better",
             "It is smaller, and BN learns worse"),
            1,
            "The plain network stands on a plateau, where nothing turns because nothing moves.",
            "plateau",
        ),
        Question(
            "Predict: noise behind BN makes the inputs of sigmoid layers jump at every step. What happens?",
            ("The network stays at chance", "It learns about as well as with BN alone", "It diverges"),
            1,
            "In this network distributions that jump with every mini-batch do not take BN's advantage away; in eight "
            "ReLU layers they do.",
            "noisy_sigmoid",
        ),
        Question(
            "Five ReLU layers at a small rate: BN's gradients shift less. How much better does it learn?",
            ("Clearly", "By less than two points, if at all", "It learns worse"),
            1,
            "At a rate that both can take, less shift gains nothing that lasts here.",
            "slow",
        ),
        Question(
            "What would show that less shift is the *reason* why BN helps?",
            ("That BN has less shift and learns faster", "That making shift on purpose takes its advantage away",
             "That the shift grows with depth"),
            1,
            "Two things may come together without one causing the other. Noisy BN is the experiment: sigmoid units "
            "keep the advantage, eight ReLU layers lose it.",
        ),
    ),
)  # fmt: skip
