"""Lesson 5: initial weights and depth. What BN makes irrelevant, what it does not, and what it makes worse."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import LEARNS, all_hold, by_sign, exceeds, farther, learns, logs, versus, which
from bnviz.lessons.learning import farthest
from bnviz.lessons.lesson import Bench, Finding, Lesson, Question, StudyScene, Text, Trial
from bnviz.lessons.presets import twins
from bnviz.lessons.reading import between, by_kind, kind_of, number, row, rows, spread, value
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study
from bnviz.wording import plural, sentences, word, written

FIVE = Run(depth=5, width=64, activation="relu", init="he", learning_rate=0.1, batch_size=64)
DEEP = Run(depth=30, width=64, init="he", learning_rate=0.01, batch_size=64)
LOST, GROWING, ALIKE, HELD = 1e-3, 1.1, 0.1, 1.25
"""A gradient of which less than a thousandth is left is lost, and one grows by more than a tenth a layer; cosines count
as alike within 0.1, and scales as held whose largest is no more than a quarter above the smallest."""

GONE = 1e6
"""So many times the largest scale is the smallest where a network diverged: it has none left."""

SCALES = {"tiny": 0.01, "small": 0.3, "": 1.0, "large": 3.0, "huge": 10.0}


def scale_arms(run: Run) -> dict[str, Run]:
    """Plain at three scales around the right one, BN at five from a hundredth to ten times it."""
    arms = {}
    for name, normalization, scales in (("plain", "none", ("small", "", "large")), ("bn", "batch", tuple(SCALES))):
        for size in scales:
            scaled = run.replace(normalization=normalization, init_scale=SCALES[size])
            arms[f"{name}_{size}" if size else name] = scaled
    return arms


def scales_that_train(history: History) -> Finding:
    """From how many of its initial scales each kind learns."""
    arms = history.experiment.arms
    learned: dict[str, dict[str, bool | None]] = {"plain": {}, "bn": {}}
    for arm, run in arms.items():
        found = learns(value(history, arm, "test_accuracy", 600), of=len(arms))
        learned[kind_of(arm)][f"x{written(run.initial_scale, 'g')}"] = found
    words = {kind: ", ".join(scale for scale, holds in found.items() if holds) or word("none")
             for kind, found in learned.items()}  # fmt: skip
    return Finding(
        which(*(all_hold(learned[kind].values()) for kind in ("plain", "bn"))),
        f"Scales from which a network learns, with more than {number(LEARNS, True)} right after 600 steps: plain "
        f"{words['plain']} of {len(learned['plain'])} tried, BN {words['bn']} of {len(learned['bn'])}.",
        rows(history, "test_accuracy", 600),
    )


def vanishing(history: History) -> Finding:
    """How much of the gradient is left in the second layer of an untouched network, compared with the last."""
    second = min(2, *(run.depth for run in history.experiment.arms.values()))  # one layer is its own last one
    share = {arm: value(history, arm, "gradient_norm", 0, second) / value(history, arm, "gradient_norm", 0, -1)
             for arm in ("plain", "bn")}  # fmt: skip
    kept = {arm: exceeds(logs(values), np.log(LOST), of=2) for arm, values in share.items()}
    lost = (None if kept[arm] is None else not kept[arm] for arm in ("plain", "bn"))
    return Finding(
        which(*lost),
        f"Before the first step, the gradient of layer {second} over that of the last hidden layer: plain "
        f"{between(share['plain'])}, BN {between(share['bn'])}.",
        (row(f"plain, layer {second} / last", share["plain"]), row(f"BN, layer {second} / last", share["bn"])),
    )


def growth(history: History) -> Finding:
    """By what factor gradients grow from a layer to the one below, before the first step."""
    plain, bn = (value(history, arm, "gradient_growth", 0) for arm in ("plain", "bn"))
    deep = history.experiment.arms["bn"].depth - 2
    return Finding(
        which(exceeds(plain, GROWING, of=2), exceeds(bn, GROWING, of=2)),
        f"Growth of the gradient per layer towards the input: plain {between(plain)}, BN {between(bn)}. Over "
        f"{deep} layers that is a factor of {number(float(np.mean(plain)) ** deep)} and "
        f"{number(float(np.mean(bn)) ** deep)}. Of very wide layers theory says the square root of "
        "pi/(pi - 1), about 1.211, for BN in front of ReLU (Yang et al. 2019).",
        (row("plain, per layer", plain), row("BN, per layer", bn)),
    )


def collapse(history: History) -> Finding:
    """How alike different examples look to the last hidden layer, before the first step."""
    plain, bn = (value(history, arm, "sample_cosine", 0, -1) for arm in ("plain", "bn"))
    return Finding(
        by_sign(versus(plain, bn, ALIKE), "plain", "bn", "same"),
        f"Mean cosine between two different examples in the last hidden layer: {spread('plain', plain)}, "
        f"{spread('bn', bn)}. At 1 nothing tells them apart.",
        (row("plain", plain), row("BN", bn)),
    )


def stretch(history: History) -> Finding:
    """Whether the scale of a trained layer's Jacobian still depends on the initial weights, at step 100.

    Before the first step it cannot behind BN, whatever is measured: there the weights' length cancels.
    """
    scale = {
        arm: np.asarray(history.at(100)[arm]["jacobian_scale"], dtype=float)[:, 1:].mean(1)
        for arm in history.experiment.arms
    }
    ranges = {kind: np.nan_to_num(np.max(values, 0) / np.min(values, 0), nan=GONE)
              for kind, values in by_kind(scale).items()}  # fmt: skip
    apart = {kind: exceeds(logs(values), np.log(HELD), of=2) for kind, values in ranges.items()}
    held = (None if apart[kind] is None else not apart[kind] for kind in ("plain", "bn"))
    words = ", ".join(spread(arm, values) for arm, values in scale.items())
    gone = any(np.isnan(values).any() for values in scale.values())
    lost = "Where a network diverged there is no scale left; that counts as a range of a million." if gone else ""
    return Finding(
        which(*held),
        sentences(
            f"How far a layer stretches small changes of its input at step 100, mean over the layers above the first: "
            f"{words}. Largest over smallest: plain {between(ranges['plain'])}, BN {between(ranges['bn'])}.", lost,
        ),
        tuple(row(arm_label(arm), values) for arm, values in scale.items()),
    )


def depth_reached(history: History) -> Finding:
    """The deepest sigmoid network of each kind that learns."""
    reached = farthest(history, "depth", 600)
    told = ", ".join(_deepest(arm_label(kind), certain) for kind, (certain, _) in reached.items())
    return Finding(
        farther(reached["plain"], reached["bn"]),
        f"Deepest sigmoid network that learns, with more than {number(LEARNS, True)} right after 600 steps: {told}.",
        rows(history, "test_accuracy", 600),
    )


def _deepest(kind: str, depth: float) -> str:
    if not depth:
        return f"{kind} none of these"
    return plural(int(depth), "{kind} {count} layer", "{kind} {count} layers", kind=kind)


SIGMOID = Run(width=64, init="xavier", learning_rate=0.5, batch_size=64)

LESSON = Lesson(
    slug="depth",
    title="Initialization and depth",
    question="Does batch normalization make initial weights and depth harmless?",
    claim="With BN one can be less careful about initial weights, and deep networks no longer vanish or explode.",
    scenes=(
        Trial(
            slug="scales",
            title="Initial weights, too small and too large",
            words=(
                "Five ReLU layers. The initial weights are He's, times 0.3, 1 and 3 for the plain network and times "
                "0.01 "
                "to 10 with BN."
            ),
            question="Who trains from every scale tried?",
            predictions={"bn": "Only BN", "both": "Both", "plain": "Only plain", "neither": "Neither"},
            expected="bn",
            experiment=Experiment(arms=scale_arms(FIVE), seeds=range(5)),
            steps=600,
            charts=("accuracy", "loss", "gradients"),
            check=scales_that_train,
            open=("learning_rate",),
            why=(
                "Behind BN the size of a layer's weights cancels out. What is left of it is speed: the gradient in "
                "weights a times as large is 1/a times as large, and they have a times as far to go. So very large "
                "weights learn slowly, and the accuracy declines towards the large end. Init still matters, for speed."
            ),
        ),
        Bench(
            "loop",
            "What a layer stretches",
            "Take a circle of inputs around one digit, and send all of them through thirty ReLU layers. Guess what "
            "becomes of it from half of He's weights, from He's, from twice He's, and with BN: a point, a line, or "
            "does it fly apart?",
        ),
        Text(
            "A layer that halves every distance makes a point of the circle: behind it all inputs look the same, and a "
            "small change of the input is lost. One that doubles them lets it explode. Thirty layers multiply thirty "
            "such factors, so each has to be near 1, which He's weights see to. Behind BN the weights' size no longer "
            "counts: the units keep their deviation, so the loop stays in its frame. But it grows longer in every "
            "layer and crumples, so that neighbours on it are torn apart. What is stretched on the way up is stretched "
            "on the way back, too: the gradient is multiplied by the same layers."
        ),
        Trial(
            slug="vanishing",
            title="Thirty sigmoid layers, before the first step",
            words="An untouched network of thirty sigmoid layers, and its gradient in every layer on one mini-batch.",
            question="Whose lower layers get less than a thousandth of the last layer's gradient?",
            predictions={
                "plain": "The plain network's", "bn": "BN's", "both": "Both networks'", "neither": "Neither's",
            },
            expected="plain",
            experiment=twins(DEEP),
            steps=20,
            charts=("gradients", "histograms", "saturation"),
            check=vanishing,
            open=("depth", "activation", "init", "eps"),
            why=(
                "A sigmoid's slope is a quarter at most, so every plain layer lets through a small part of what comes "
                "from above. BN spreads each unit's inputs to unit variance and divides the gradient by the deviation "
                "it found, which undoes the loss. That needs a variance that is large beside epsilon: set epsilon to 1."
            ),
            otherwise={
                "both": (
                    "BN undoes the loss only where the variance it finds is large beside epsilon. Where it is "
                    "not, x̂ stays small, and the gradient vanishes as it does without BN."
                ),
                "neither": (
                    "Through so few layers, or with this nonlinearity and start, enough of the gradient arrives "
                    "without BN too."
                ),
            },
        ),
        Trial(
            slug="growth",
            title="Thirty ReLU layers: BN's own explosion",
            words="The same with ReLU and He's weights, which were made for it (He et al. 2015).",
            question="Whose gradients grow on the way down, by more than a tenth per layer?",
            predictions={
                "bn": "BN's", "plain": "The plain network's", "both": "Both networks'", "neither": "Neither's",
            },
            expected="bn",
            experiment=Experiment(
                arms=twins(DEEP.replace(activation="relu")).arms, seeds=range(5), instruments=("geometry",)
            ),
            steps=20,
            charts=("gradients", "gradient_growth", "sample_cosine"),
            check=growth,
            open=("activation",),
            why=(
                "Half of what goes into a ReLU is cut away. He's weights make up for that, and the gradient keeps its "
                "size. BN divides by the deviation, after the mean has been removed: of a standard Gaussian behind a "
                "ReLU the mean square is 1/2 and the variance only 1/2 - 1/(2 pi). So every layer makes the gradient "
                "longer, by the root of their ratio, 1.211: mild per layer and large over fifty. The sentence that BN "
                "stops exploding gradients is not true as it stands."
            ),
            otherwise={
                "neither": (
                    "How much BN enlarges depends on what the nonlinearity takes away with its mean: most for "
                    "ReLU, less than a tenth a layer for sigmoid, tanh and a straight line."
                ),
            },
        ),
        Trial(
            slug="collapse",
            title="What deep layers see",
            words="The same networks. How alike do two different digits look to the last hidden layer?",
            question="In which network do different examples look nearly the same?",
            predictions={"plain": "In the plain one", "bn": "With BN", "same": "No difference"},
            expected="plain",
            experiment=Experiment(
                arms=twins(DEEP.replace(activation="relu")).arms, seeds=range(5), instruments=("geometry",)
            ),
            steps=20,
            charts=("sample_cosine", "histograms"),
            check=collapse,
            open=("activation",),
            why=(
                "Every plain ReLU layer pulls examples closer together: they share the mean. BN subtracts the mean of "
                "each unit in every layer, so that what differs between examples is what is passed on. On the way "
                "back there can be too much of that: without shortcuts around the layers the gradients of examples "
                "that lie side by side have ever less in common, down to white noise (Balduzzi et al. 2017)."
            ),
        ),
        StudyScene(
            "One answer for all",
            "Where examples look alike to the last layer, the output is alike too. Bjorck et al. 2018 looked at a deep "
            "network before its first step: means are large beside what differs between pictures, nearly all of them "
            "are given the same class, and gradients do not cancel, since all examples have the same to say. Guess "
            "how many of 256 digits get the same class in a plain network of thirty ReLU layers, and with BN. And "
            "does the size of the weights count, where it cannot change the class?",
            Study("channels"),
        ),
        Trial(
            slug="stretch",
            title="A stretch near one?",
            words=(
                "The paper conjectures that behind BN a layer keeps small changes as long as they were. (In its words: "
                "the singular values of the layer's Jacobian are near one.) Five ReLU layers from He's weights, from "
                "half and from twice their size, a hundred steps later: before the first step there is nothing to find "
                "out, since the length of the weights cancels behind BN."
            ),
            question="Whose stretch then hardly depends on the initial weights, within a quarter?",
            predictions={
                "bn": "BN's", "plain": "The plain networks'", "both": "Both networks'", "neither": "Neither's",
            },
            expected="bn",
            experiment=Experiment(
                arms={
                    f"{name}_{word}": FIVE.replace(normalization=normalization, init_scale=scale)
                    for name, normalization in (("plain", "none"), ("bn", "batch"))
                    for word, scale in (("half", 0.5), ("he", 1.0), ("double", 2.0))
                },
                seeds=range(5),
                instruments=("geometry",),
            ),
            steps=100,
            charts=("jacobian_scale", "gradients"),
            check=stretch,
            why=(
                "BN pins the stretch: before the first step it is the same whatever the weights, and it stays somewhat "
                "above one while they learn. Plain layers keep the one they started with, as long as they are finite. "
                "But this number is a mean over directions (the root mean square of the singular values), and a layer "
                "stretches some far more than others. At the hundredth step, from He's weights, the largest is 2.5 "
                "times as large, the median a sixth of it, and two in five lie between half and twice it (without BN: "
                "2.3 times, more than a third, and not quite half). A mean near one, yes; all directions near one, no."
            ),
        ),
        Text(
            "So far the networks were untouched. Now they learn.",
            title="How deep can a sigmoid network be?",
        ),
        Trial(
            slug="deep_sigmoid",
            title="Sigmoid networks of growing depth",
            words=(
                "Plain networks of 3, 8 and 20 sigmoid layers beside BN networks of the same depths, at learning rate "
                "0.5."
            ),
            question="Which kind learns in the deeper network?",
            predictions={"bn": "BN", "plain": "Plain", "same": "Equally deep"},
            expected="bn",
            experiment=Experiment(
                arms={f"plain_{depth}_layers": SIGMOID.replace(depth=depth) for depth in (3, 8, 20)}
                | {f"bn_{depth}_layers": SIGMOID.replace(depth=depth, normalization="batch") for depth in (3, 8, 20)},
                seeds=range(5),
            ),
            steps=600,
            charts=("accuracy", "loss"),
            check=depth_reached,
            open=("learning_rate",),
            why=(
                "From Xavier's weights the plain network stops at few layers: the lower ones of eight hear nothing. "
                "From four times as large ones eight layers do learn (lesson 1); so it takes a start that fits. BN's "
                "networks learn at all these depths from the usual one. This is the claim of the paper that stands "
                "most firmly."
            ),
        ),
        StudyScene(
            "Residual networks",
            "In a residual network each block adds something to what it receives. Without normalization the variance "
            "doubles with every block; with BN inside the branch every block adds about one, so deep blocks change "
            "little and the network starts near the identity (De & Smith 2020). This also tames BN's own explosion.",
            Study("residual_variance"),
        ),
    ),
    verdict=(
        "With BN a network learns from initial weights of nearly any scale, and deep sigmoid networks from the usual "
        "ones. Before the first step a deep plain ReLU network gives most pictures one class, whatever the size of its "
        "weights; with BN no class gets as many. BN does not stop exploding gradients in plain deep ReLU networks: "
        "there it adds a factor per layer of its own. It pins how far a layer stretches small changes on average, not "
        "in each direction."
    ),
    sources=(SOURCES["ioffe"], SOURCES["he"], SOURCES["yang"], SOURCES["balduzzi"], SOURCES["bjorck"], SOURCES["de"]),
    quiz=(
        Question(
            "Predict: ten times He's weights, five ReLU layers with BN.",
            ("It diverges at once", "It learns, more slowly than from He's", "It learns faster"),
            1,
            "The scale cancels in the output; the gradient becomes a tenth while the weights have ten times as far to "
            "go.",
            "scales",
        ),
        Question(
            "What does BN do to the gradients of an untouched deep ReLU network?",
            ("It keeps their size", "It makes them grow towards the input, by a factor per layer",
             "It makes them vanish"),
            1,
            "About 1.21 per layer for large batches: the square root of pi/(pi - 1) (Yang et al. 2019).",
            "growth",
        ),
        Question(
            "Thirty plain sigmoid layers do not learn. Would a larger learning rate help?",
            ("Yes", "No, the lower layers get almost no gradient", "Only with more data"),
            1,
            "The gradient of the lower layers is smaller by fourteen orders of magnitude: a rate that bridged that "
            "would throw the upper layers far out. Larger initial weights help, up to a depth (lesson 1).",
            "vanishing",
        ),
        Question(
            "BN sits in the branch of every residual block. What does the signal's variance do with depth?",
            ("It doubles with every block", "It grows about linearly", "It stays at one"),
            1,
            "Every branch adds about unit variance to what passes by.",
        ),
    ),
)  # fmt: skip
