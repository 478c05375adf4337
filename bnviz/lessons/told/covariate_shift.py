"""Lesson 1: what internal covariate shift is, measured with two meters, and what the old remedies cure."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import by_answers, by_sign, exceeds, versus, which
from bnviz.lessons.learning import kinds_learn, plain_or
from bnviz.lessons.lesson import UNDECIDED, Finding, Lesson, Question, Text, Trial
from bnviz.lessons.presets import PRESETS, twins
from bnviz.lessons.reading import between, diverged, mean_over_layers, over_time, row, spread, value
from bnviz.lessons.returns import came_back, most_dead
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.wording import sentences

SIGMOID = Run(depth=8, width=64, init="xavier", learning_rate=0.5, batch_size=64)
DEEP_RELU = Run(depth=5, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=64)
EARLY = 200
"""Both meters are read over the first so many steps, where most is learned."""

MOVED = 0.05
"""Inputs that move by less than this, in their own deviations per 20 steps, hardly move."""

TURNED = 0.05
"""Gradient shifts, relative to the gradient, count as alike within this."""

MANY = 0.05
"""Dead units count from one in twenty on."""


def distribution_meter(history: History) -> Finding:
    """Whose inputs moved more in the first 200 steps: the mean over layers and pictures of the distribution shift."""
    plain, bn = (over_time(history, arm, "distribution_shift", 20, EARLY) for arm in ("plain", "bn"))
    return Finding(
        by_sign(versus(plain, bn, MOVED), "less", "more", "same"),
        f"In the first {EARLY} steps a layer's inputs moved, per 20 steps, by {between(plain)} of their own deviations "
        f"in the plain network and by {between(bn)} with BN. A difference below {MOVED:g} does not count.",
        (row("plain, deviations per 20 steps", plain), row("BN, deviations per 20 steps", bn)),
    )


def both_meters(history: History) -> Finding:
    """Whether the network that learns better is also the one whose gradients shift less."""
    shifts = [over_time(history, arm, "gradient_shift", 0, EARLY) for arm in ("plain", "bn")]
    right = [value(history, arm, "test_accuracy", 600) for arm in ("plain", "bn")]
    more_shift, better = versus(shifts[1], shifts[0], TURNED), versus(right[1], right[0])
    both = None if more_shift is None or better is None else more_shift * better
    return Finding(
        "level" if 0 in (more_shift, better) else by_sign(both, "disagree", "agree", "level"),
        f"Gradient shift over the first {EARLY} steps: plain {between(shifts[0])}, BN {between(shifts[1])}. "
        f"Test accuracy at step 600: {spread('plain', right[0], True)}, {spread('bn', right[1], True)}.",
        (row("plain, gradient shift", shifts[0]), row("BN, gradient shift", shifts[1]),
         row("plain, accuracy", right[0], True), row("BN, accuracy", right[1], True)),
    )  # fmt: skip


def deaths_and_returns(history: History) -> Finding:
    """Whether units of the plain network's last layer die, and whether they come back."""
    died, back = ({layer: count(history, "plain", layer) for layer in (1, -1)} for count in (most_dead, came_back))
    outcomes = {(True, True): "back", (True, False): "stay", (False, False): "none"}
    return Finding(
        by_answers(outcomes, exceeds(died[-1], MANY, of=2), exceeds(back[-1], MANY, of=2)),
        f"Of the last layer's units {between(died[-1], True)} were dead at one time in the plain network, and "
        f"{between(back[-1], True)} at least came back; of the first layer's {between(died[1], True)} and "
        f"{between(back[1], True)}. With BN, of the last layer's {between(most_dead(history, 'bn', -1), True)} were "
        "dead at one time.",
        (row("plain, last layer, dead at one time", died[-1], True), row("plain, last layer, back", back[-1], True),
         row("plain, first layer, dead at one time", died[1], True), row("plain, first layer, back", back[1], True),
         row("BN, last layer, dead at one time", most_dead(history, "bn", -1), True),
         row("BN, last layer, back", came_back(history, "bn", -1), True)),
    )  # fmt: skip


def dead_units(history: History) -> Finding:
    """The share of units that no longer learn, over all layers, at step 400; of a network that diverged, all."""
    plain, bn = (
        np.nan_to_num(mean_over_layers(history, arm, "dead_units", 400), nan=1.0) for arm in ("plain", "bn")
    )
    sign = versus(plain, bn, MANY)
    many = which(exceeds(plain, MANY, of=2), exceeds(bn, MANY, of=2))
    alike = many if many in ("both", "neither") else UNDECIDED
    gone = {arm: diverged(history, arm) for arm in ("plain", "bn")}
    lost = ", ".join(f"{count} of {len(plain)} {arm_label(arm)}" for arm, count in gone.items() if count)
    return Finding(
        by_sign(sign, "plain", "bn", alike),
        sentences(
            f"Units that no longer learn at step 400: {spread('plain', plain, True)}, {spread('bn', bn, True)}.",
            f"Networks that diverged: {lost}; all of their units count." if lost else "",
        ),
        (row("plain", plain, True), row("BN", bn, True)),
    )


LESSON = Lesson(
    slug="covariate_shift",
    title="Covariate shift",
    question="What is internal covariate shift?",
    claim=(
        "While a network learns, the inputs of every layer keep moving, since the layers below learn too: *internal "
        "covariate shift*, says the 2015 paper, and it forces small learning rates and careful initial weights."
    ),
    scenes=(
        Text(
            "The word has been measured in two ways, and they are not the same thing.\n\n"
            "- **Distribution shift** (Ioffe & Szegedy 2015): how far the distribution of a layer's inputs moves while "
            "the network trains. Here: the distance between what a unit receives now and what it received 20 steps "
            "ago, divided by its own standard deviation.\n"
            "- **Gradient shift** (after Santurkar et al. 2018): how much a layer's gradient changes when only the "
            "layers *below* it take their step, here as a share of the gradient's own length. A layer whose gradient "
            "turns around was aiming at something that is gone.\n\n"
            "That a network learns faster from inputs of mean 0 and variance 1 is older than BN (LeCun et al. 1998): "
            "the 2015 paper wants it for every layer. Make a guess, then let real networks train."
        ),
        Trial(
            slug="two_meters",
            title="The first meter: do the inputs move?",
            words=(
                "Twins share seed, initial weights and mini-batches: five ReLU layers on handwritten digits, one with "
                "batch normalization (BN). *Shift of the inputs* measures how far they move."
            ),
            question="In the first 200 steps, whose layers see their inputs move more, in their own deviations?",
            predictions={
                "less": "BN's inputs move less", "more": "BN's inputs move more", "same": "No difference",
            },
            expected="less",
            experiment=twins(DEEP_RELU),
            steps=200,
            charts=("inputs_over_time", "distribution_shift", "gradient_shift", "histograms", "accuracy"),
            check=distribution_meter,
            open=("learning_rate", "activation", "depth"),
            why=(
                "A step changes every layer at once. In the plain network a small move below is amplified by every "
                "layer above: the meter grows with depth. BN subtracts the mean and divides by the deviation of every "
                "mini-batch, so that a layer's inputs keep their place and width, whatever happens below. Part of "
                "this is by construction: after BN the input is gamma times something of unit variance, plus beta."
            ),
            otherwise={
                "same": (
                    "Where steps are small or layers few, neither network's inputs move by much in 20 steps, and "
                    "BN has little to hold in place."
                ),
            },
        ),
        Trial(
            slug="disagree",
            title="The second meter: do the gradients turn?",
            words=(
                "Now the networks of the 2015 paper's first figure: three layers of sigmoid units. Watch *Shift of the "
                "gradients* and the accuracy together."
            ),
            question="If less shift is what makes BN learn better, its gradients should shift less here. Do they?",
            predictions={
                "agree": "Yes, the better network's shift less",
                "disagree": "No, the better network's shift more",
                "level": "There is nothing to tell them apart",
            },
            expected="disagree",
            experiment=PRESETS["figure_1"],
            steps=600,
            charts=("gradient_shift", "accuracy", "distribution_shift", "loss", "network"),
            check=both_meters,
            why=(
                "Early on, the plain sigmoid network sits on a plateau: hardly any gradient reaches its lower layers, "
                "so nothing below moves and no gradient turns. BN leaves the plateau at once, learns fast, and its "
                "gradients shift more *because* something happens. A small shift can mean a good network or one that "
                "stands still. Lesson 10 follows this up in three regimes."
            ),
        ),
        Trial(
            slug="small_steps",
            title="An old remedy: small steps",
            words=(
                "If moving targets are the problem, small steps should help. Fifteen sigmoid layers, plain with the "
                "learning rates 0.01 and 0.5, beside BN with 0.5."
            ),
            question="Which plain network learns anything in 500 steps?",
            predictions={
                "plain_slow": "The one with small steps", "plain": "The one with large steps", "both": "Both",
                "none": "Neither",
            },
            expected="none",
            experiment=Experiment(
                arms={
                    "plain": Run(depth=15, width=64, init="xavier", learning_rate=0.5, batch_size=64),
                    "bn": Run(
                        depth=15, width=64, init="xavier", learning_rate=0.5, batch_size=64, normalization="batch"
                    ),
                    "plain_slow": Run(depth=15, width=64, init="xavier", learning_rate=0.01, batch_size=64),
                },
                seeds=range(5),
            ),
            steps=500,
            charts=("accuracy", "gradients", "loss"),
            check=plain_or("plain_slow", "plain_slow", 500, "Chance is 10%."),
            why=(
                "The trouble of deep sigmoid networks is not that something moves too fast but that nothing arrives: "
                "look at the gradient by layer, which falls by orders of magnitude from the last layer to the first. "
                "A smaller step makes still less of what arrives. Small rates avoid divergence; they cannot cure "
                "vanishing."
            ),
        ),
        Trial(
            slug="careful_start",
            title="Another remedy: a careful start",
            words=(
                "Fifteen ReLU layers at a rate of 0.01, from three starts: He's (variance 2 / inputs, He et al. 2015), "
                "Xavier's (2 / (inputs + outputs), Glorot & Bengio 2010), and a Gaussian of deviation 0.05. The same "
                "three with BN, at a rate of 0.1."
            ),
            question="Who learns from every start within 500 steps?",
            predictions={
                "bn": "Only BN", "both": "Both, with and without BN", "plain": "Only plain", "neither": "Neither",
            },
            expected="bn",
            experiment=Experiment(
                arms={
                    f"{name}_{start}": Run(
                        depth=15, width=64, activation="relu", init=init, learning_rate=rate, batch_size=64,
                        normalization=normalization, init_scale=scale,
                    )
                    for name, normalization, rate in (("plain", "none", 0.01), ("bn", "batch", 0.1))
                    for start, init, scale in (
                        ("he", "he", None), ("xavier", "xavier", None), ("small", "gaussian", 0.05),
                    )
                },
                seeds=range(5),
            ),
            steps=500,
            charts=("accuracy", "gradients"),
            check=kinds_learn(500),
            why=(
                "He's start keeps the size of the signal from layer to layer, so a plain ReLU network of fifteen "
                "layers "
                "learns, in a narrow window of learning rates around this one. From the two other starts the signal "
                "shrinks on its way up and the gradient on its way down. BN sets the size anew in every layer, so the "
                "start hardly matters. It is given ten times the rate, which it can take and needs: at 0.01, from "
                "He's start, it is behind after 500 steps, with 85.9 against 92.5% right (ten seeds)."
            ),
        ),
        Trial(
            slug="larger_start",
            title="A start that is right for sigmoid units",
            words=(
                "Xavier's start is made for units whose slope is 1. A sigmoid's is a quarter at most, so every layer "
                "passes on a quarter of what it should. Eight sigmoid layers at rate 0.5: plain from Xavier's weights, "
                "plain from four times as large ones, and BN from Xavier's."
            ),
            question="Which plain network learns within 1,000 steps?",
            predictions={
                "larger": "The one with larger weights", "plain": "The one with Xavier's", "both": "Both",
                "none": "Neither",
            },
            expected="larger",
            experiment=Experiment(
                arms={
                    "plain": SIGMOID, "plain_larger": SIGMOID.replace(init_scale=4.0),
                    "bn": SIGMOID.replace(normalization="batch"),
                },
                seeds=range(5),
            ),
            steps=1000,
            charts=("accuracy", "gradients"),
            check=plain_or("plain_larger", "larger", 1000),
            open=("learning_rate", "depth"),
            why=(
                "Weights four times as large make up for a slope of a quarter: the signal gets through, up and down, "
                "and the plain network learns. For a deep sigmoid network this is the careful start, and BN is ahead "
                "of it in speed, no longer alone. It has to be known, and to fit the depth: fifteen layers take longer "
                "still, from six times Xavier's weights and with a smaller rate. BN finds the scale by itself."
            ),
        ),
        Text(
            "One of the source texts tells covariate shift as a *fire brigade*: rows of people pass buckets, and after "
            "each round a large part of them stop working for good. Units that stop exist. Where, and for good?",
            title="The fire brigade",
        ),
        Trial(
            slug="fire_brigade",
            title="ReLU at a high rate",
            words=(
                "Five ReLU layers at learning rate 1. A ReLU unit whose input is negative for every example passes no "
                "gradient, so it does not learn: it is dead. Watch the diamonds in *Saturated and dead*."
            ),
            question="Whose units stop learning?",
            predictions={
                "plain": "The plain network's", "bn": "BN's", "both": "Many, in both alike",
                "neither": "Hardly any, in both",
            },
            expected="plain",
            experiment=twins(DEEP_RELU.replace(learning_rate=1.0), range(10)),
            steps=400,
            charts=("saturation", "accuracy", "histograms"),
            check=dead_units,
            open=("learning_rate",),
            why=(
                "One step that is too long throws the inputs of many units below zero for every example, and a unit "
                "that passes no gradient does not learn its way back. BN brings the inputs back around beta with every "
                "mini-batch, so a unit is negative for some examples, not for all."
            ),
        ),
        Trial(
            slug="returns",
            title="Is dead for good?",
            words=(
                "The same networks at rate 0.5, where all stay finite. Follow the grey bars in *Unit by unit* (click "
                "one to look inside), or the diamonds of single layers. When their share falls, units have come back; "
                "the verdict counts the deepest fall of each layer."
            ),
            question="Do dead units of the plain network's last layer come back?",
            predictions={"back": "Yes", "stay": "No, dead is dead", "none": "None is ever dead"},
            expected="back",
            experiment=twins(DEEP_RELU.replace(learning_rate=0.5), range(10)),
            steps=400,
            charts=("units", "saturation", "accuracy"),
            check=deaths_and_returns,
            open=("learning_rate",),
            why=(
                "A dead unit does not move, but the layers below it do, and carry its inputs above zero again. In the "
                "first layer the inputs are the pictures: there a unit that is negative for every *training* picture "
                "stays so for good. The few that return there were dead for the pictures of the probe, and alive for "
                "one that it does not hold."
            ),
        ),
        Trial(
            slug="ordinary_sigmoid",
            title="Sigmoid at an ordinary rate",
            words=(
                "The story is told of sigmoid units. Three sigmoid layers at the learning rate 0.5 of the first "
                "figure. A sigmoid unit counts as stuck when more than 95% of the probe's examples saturate it."
            ),
            question="Whose units stop learning now?",
            predictions={
                "plain": "The plain network's", "bn": "BN's", "both": "Many, in both alike",
                "neither": "Hardly any, in both",
            },
            expected="neither",
            experiment=PRESETS["figure_1"],
            steps=600,
            charts=("saturation", "gradients", "accuracy"),
            check=dead_units,
            why=(
                "At everyday rates single activations saturate, but no unit stays flat for nearly every example. What "
                "hurts the plain sigmoid network is that gradients vanish on their way down, not that units die. The "
                "fire brigade fits ReLU and tanh at high rates, but for its last word: *for good*."
            ),
        ),
    ),
    verdict=(
        "Layers' inputs do move, the more the deeper, and BN holds them. Whether that is *why* BN helps is another "
        "question: the second meter can go the other way in the network that learns better. A low rate avoids "
        "divergence and does not cure a deep sigmoid network. A start that is right for its nonlinearity does, for "
        "ReLU and for eight layers of sigmoid units; with BN no start has to be right."
    ),
    sources=(SOURCES["ioffe"], SOURCES["santurkar"], SOURCES["lecun"], SOURCES["he"], SOURCES["glorot"]),
    quiz=(
        Question(
            "What does the gradient shift of a layer measure?",
            ("How far its inputs moved in 20 steps", "How much its gradient changes when the layers below it step",
             "How large its gradient is"),
            1,
            "Only the layers below move; the layer itself and those above stay. Santurkar et al. 2018 define it so; "
            "that the change is divided by the gradient's length is ours.",
            "disagree",
        ),
        Question(
            "A network has almost no gradient shift. What do you know?",
            ("It learns well", "It does not learn", "Neither: it may be fine, or stand still on a plateau"),
            2,
            "The plain sigmoid network of the second trial has the smaller gradient shift because nothing moves.",
            "disagree",
        ),
        Question(
            "Fifteen plain sigmoid layers do not learn at rate 0.5. What happens at 0.01?",
            ("It learns, more slowly", "It does not learn either", "It diverges"),
            1,
            "The gradient vanishes on its way down; a smaller step cannot bring it back.",
            "small_steps",
        ),
        Question(
            "Eight plain sigmoid layers stay at chance from Xavier's weights. What helps?",
            ("Smaller steps", "Weights four times as large", "Nothing but BN"),
            1,
            "A sigmoid's slope is a quarter at most; weights four times as large make up for that.",
            "larger_start",
        ),
        Question(
            "Predict: five plain ReLU layers at learning rate 1. What becomes of the units?",
            ("Most of them are dead after some hundred steps, or the loss is infinite", "They saturate and recover",
             "Nothing, ReLU cannot saturate"),
            0,
            "A ReLU unit that is negative for every example passes no gradient, so it comes back only where the layers "
            "below move its inputs.",
            "fire_brigade",
        ),
        Question(
            "A ReLU unit of the last layer is dead. What can bring it back?",
            ("Nothing", "The layers below it, when they move what it receives", "A larger gamma"),
            1,
            "It passes no gradient, so it does not move itself. Only in the first layer, whose inputs are the "
            "pictures, is there nothing below that could.",
            "returns",
        ),
    ),
    minutes=15,
    picture="inputs_over_time",
)  # fmt: skip
