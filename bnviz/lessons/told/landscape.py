"""Lesson 11: does a smoother landscape explain BN? The loss along the gradient, at equal step and at equal loss."""

from __future__ import annotations

import numpy as np

from bnviz.experiment import Experiment
from bnviz.lessons.judging import (
    TENTH,
    TWO_POINTS,
    ahead,
    by_answer,
    by_answers,
    by_factor,
    by_sign,
    exceeds,
    learns,
    logs,
    place,
    which,
)
from bnviz.lessons.lesson import UNDECIDED, Bench, Finding, Lesson, Question, Row, Text, Trial
from bnviz.lessons.matching import OFF_THE_PLATEAU, at_equal_loss, largest, typical
from bnviz.lessons.presets import twins
from bnviz.lessons.reading import accuracies, between, number, row, rows, spread, told, value
from bnviz.lessons.sources import SOURCES
from bnviz.lessons.told.covariate_shift import DEEP_RELU
from bnviz.run import Run
from bnviz.snapshot import History

READ = {
    "effective_smoothness": "change of the gradient per distance",
    "gradient_predictiveness": "change of the gradient",
    "loss_range": "loss range, nats",
    "fidelity": "decrease kept, of promised",
}
"""What the landscape's readings are called in a table."""

BOUNDED = {"loss_steepness": "loss", "effective_smoothness": "gradient"}
"""What changes per distance, and of what: the largest seen is a lower bound of its Lipschitz constant."""

MUCH = 10.0
HALF = 0.5
GROWN = 10.0
"""The signal grows with depth where the last layer's is so many times the first one's."""

ENDLESS = 1e6
"""A signal that is a million times the first one's is lost: what is larger, or infinite, counts as this."""


def _pair(label: str, plain: np.ndarray, bn: np.ndarray) -> tuple[Row, Row]:
    return row(f"plain, {label}", plain), row(f"BN, {label}", bn)


def _read(history: History, last: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return {quantity: (typical(history, "plain", quantity, last), typical(history, "bn", quantity, last))
            for quantity in READ}  # fmt: skip


def _rows(read: dict[str, tuple[np.ndarray, np.ndarray]]) -> tuple[Row, ...]:
    return tuple(each for quantity, pair in read.items() for each in _pair(READ[quantity], *pair))


def how_much_smoother(history: History) -> Finding:
    """By which factor BN's gradient changes less per distance, over the first 200 steps."""
    read = _read(history, 200)
    plain, bn = read["effective_smoothness"]
    factor = plain / bn
    found = place(logs(factor), -np.log1p(TENTH), np.log1p(TENTH), np.log(MUCH))
    ranges = read["loss_range"]
    outcome = UNDECIDED if found is None else ("plain", "same", "some", "much")[found]
    calmer = by_factor(ranges[0], ranges[1])
    lipschitz, met = bounds(history)
    if outcome in ("some", "much") and calmer != 1:
        outcome = UNDECIDED if calmer is None else "mixed"
    return Finding(
        outcome,
        f"Per distance the gradient changes {between(factor)} times as much in the plain network as with BN (medians "
        f"over 200 steps). Along the way the loss varies by {between(ranges[0])} nats, with BN by "
        f"{between(ranges[1])}. {lipschitz}",
        (*_rows(read), *met),
    )


def bounds(history: History) -> tuple[str, list[Row]]:
    """Lower bounds of the Lipschitz constants: the most that loss and gradient changed per distance on any walk."""
    read = {of: [largest(history, arm, quantity, 200) for arm in ("plain", "bn")] for quantity, of in BOUNDED.items()}
    met = (f"of the {of} {between(plain)}, with BN {between(bn)}" for of, (plain, bn) in read.items())
    return (
        f"The largest change per distance that was met anywhere is {'; '.join(met)}: so large at least are the "
        "Lipschitz constants.",
        [each for of, pair in read.items() for each in _pair(f"largest change of the {of} per distance", *pair)],
    )


def promise_kept(history: History) -> Finding:
    """Whether a step keeps more than half of what the gradient promised, over the first 200 steps."""
    read = _read(history, 200)
    plain, bn = read["fidelity"]
    factor = read["effective_smoothness"][0] / read["effective_smoothness"][1]
    return Finding(
        by_answer(exceeds(bn, HALF), "most", "little"),
        f"Of the promised decrease a step keeps {between(bn, True)} with BN and {between(plain, True)} without "
        f"(medians over 200 steps). Per distance the plain gradient changes {between(factor)} times as much as BN's.",
        _rows(read),
    )


def at_equal_step(history: History) -> Finding:
    """Whose gradient changes less per distance in the first 400 steps, step by step."""
    read = _read(history, 400)
    plain, bn = read["effective_smoothness"]
    losses = [typical(history, arm, "train_loss", 400) for arm in ("plain", "bn")]
    return Finding(
        by_sign(by_factor(plain, bn), "bn", "plain", "same"),
        f"Change of the gradient per distance, medians over 400 steps: {spread('plain', plain)}, {spread('bn', bn)}. "
        f"The training loss meanwhile: {spread('plain', losses[0])}, {spread('bn', losses[1])}.",
        _rows(read),
    )


def same_loss(history: History) -> Finding:
    """Whose gradient changes less per distance where both have the same loss."""
    read = {quantity: at_equal_loss(history, quantity) for quantity in ("train_loss", *READ)}
    (plain_loss, bn_loss), (plain, bn) = read.pop("train_loss"), read["effective_smoothness"]
    met = np.isfinite(plain)
    count = int(met.sum())
    return Finding(
        by_sign(by_factor(plain[met], bn[met]), "bn", "plain", "same"),
        f"On {count} of {len(plain)} seeds both networks pass the same training losses, below "
        f"{number(OFF_THE_PLATEAU)} nat (medians: {spread('plain', plain_loss)}, {spread('bn', bn_loss)}). There the "
        f"gradient changes per distance by {between(plain)} in the plain network, by {between(bn)} with BN.",
        (*_pair("training loss", plain_loss, bn_loss), *_rows(read)),
    )


def growth(history: History) -> Finding:
    """The last layer's signal over the first layer's, after two steps; what is no finite number any more has grown."""
    last, first = ([value(history, arm, "pre_std", 2, layer) for arm in ("plain", "bn")] for layer in (-1, 1))
    plain, bn = (above / below for above, below in zip(last, first, strict=True))
    counted = (np.nan_to_num(arm, nan=ENDLESS).clip(max=ENDLESS) for arm in (plain, bn))
    return Finding(
        which(*(exceeds(logs(arm), np.log(GROWN), of=2) for arm in counted)),
        f"After two steps at rate {history.experiment.arms['bn'].learning_rate:g} the last layer receives "
        f"{between(plain)} times as large a signal as the first one in the plain network, {between(bn)} times with BN.",
        _pair("last layer / first", plain, bn),
    )


def any_norm(history: History) -> Finding:
    """Which of the norms train as well as BN, where BN learns."""
    accuracy = accuracies(history, 400)
    behind = {arm: ahead(accuracy["bn"], accuracy[arm], TWO_POINTS, of=2) for arm in ("l1", "linf")}
    outcomes = {(False, False): "all", (False, True): "l1", (True, False): "linf", (True, True): "bn"}
    return Finding(
        by_answers(outcomes, *behind.values()) if learns(accuracy["bn"]) else UNDECIDED,
        f"Test accuracy after 400 steps: {told(accuracy)}. As well as BN is: no more than two points behind.",
        rows(history, "test_accuracy", 400),
    )


def watched(experiment: Experiment) -> Experiment:
    """The same, with its landscape read."""
    return experiment.replace(instruments=("landscape",))


def norms(run: Run) -> Experiment:
    """Plain, and normalized by the deviation, by the mean distance and by the largest distance from the mean."""
    kinds = {"plain": "none", "bn": "batch", "l1": "l1", "linf": "linf"}
    return Experiment(arms={arm: run.replace(normalization=kind) for arm, kind in kinds.items()}, seeds=range(10))


LESSON = Lesson(
    slug="landscape",
    title="A smoother landscape?",
    question="Or does it work by smoothing the landscape?",
    claim=(
        "BN makes the landscape smoother, say the critics of the first explanation: along the gradient the loss and "
        "the gradient itself change less, so that larger steps are safe."
    ),
    scenes=(
        Text(
            "From where a network stands we walk down the gradient of one mini-batch. The gradient promises a straight "
            "slope; the picture shows what comes instead, every few steps (*promise and outcome*). Four numbers say it "
            "for all seeds: how far the loss varies within four steps (*loss along the gradient*), how much the "
            "gradient itself changes (*gradient along the gradient*, its predictiveness), how much for each unit of "
            "the way (*change per distance*, the effective smoothness), and how much of the decrease that was "
            "promised for one step comes true (*what a step keeps*). The network is not moved by this.",
            title="How to look at a landscape",
        ),
        Text(
            "Santurkar et al. 2018 speak of *Lipschitz* constants. A function has the Lipschitz constant K if between "
            "any two places it changes by no more than K times their distance; BN is said to make it smaller for the "
            "loss, and for the gradient too. Nobody can look at all places, so nobody measures K. But whatever change "
            "per distance a walk meets, K is no smaller: the next verdict names the largest of both that were seen."
        ),
        Trial(
            slug="smoother",
            title="Five ReLU layers",
            words=(
                "The five ReLU layers of the last lesson at learning rate 0.1, with and without BN, looked at while "
                "they learn."
            ),
            question="Whose gradient changes less per distance, and by how much?",
            predictions={
                "much": "BN's, more than ten times less", "some": "BN's, by a smaller factor",
                "plain": "The plain network's", "same": "Both alike, within a tenth",
                "mixed": "BN's, but its loss varies as much along the way",
            },
            expected="some",
            experiment=watched(twins(DEEP_RELU)),
            steps=200,
            charts=("smoothness", "promise", "loss_range", "gradient_change", "fidelity"),
            check=how_much_smoother,
            open=("activation", "learning_rate"),
            why=(
                "The claim holds here, on every seed: the gradient turns less, the loss jumps less, and a step keeps "
                "more of its promise. The factor per distance is a small one, and it depends on the length of BN's "
                "weights, which does not change what they compute: from a third of He's weights it is about 1.3, from "
                "three times them 4.6. The range of the loss differs by more, because four steps of this rate throw "
                "the plain network far up the slope."
            ),
        ),
        Trial(
            slug="promise",
            title="Ten layers",
            words="The same network with ten layers instead of five. Look at how much of its promise a step keeps.",
            question="How much of the promised decrease does a step keep with BN?",
            predictions={"most": "More than half", "little": "Less than half"},
            expected="little",
            experiment=watched(twins(DEEP_RELU.replace(depth=10), range(10))),
            steps=200,
            charts=("promise", "fidelity", "smoothness", "loss", "loss_range"),
            check=promise_kept,
            open=("depth",),
            why=(
                "A gradient knows what each layer does when all others stand still. But all of them step at once, and "
                "the more layers there are, the more of the outcome lies in terms of higher order. BN helps at "
                "moderate depth; at ten plain layers the gradient changes per distance almost as much with it as "
                "without. Set the depth to 5 to compare."
            ),
            otherwise={
                "most": "The fewer layers step at once, the less of the outcome lies in terms of higher order.",
            },
        ),
        Bench(
            "product",
            "Why depth breaks the promise",
            "A network of one unit a layer, without nonlinearity, is a product of its weights: $y = w^l$. The "
            "gradient promises a decrease to first order. The step changes all weights at once, so there are terms of "
            "second order, third order, and so on: as many orders as layers. Start with 2 layers and go up; then set "
            "w to 1.1 and go to 50. In this toy BN would simply make the lower weights irrelevant (behind a "
            "normalization the size of a single weight does not count, only its sign), so it shows the problem and "
            "not how a real network with BN solves it (Goodfellow, Bengio & Courville 2016, section 8.7.1).",
        ),
        Trial(
            slug="plateau",
            title="A landscape that looks smooth",
            words="Three layers of 100 sigmoid units at rate 0.5, as in the first figure of the 2015 paper.",
            question="Whose gradient changes less per distance in the first 400 steps?",
            predictions={"bn": "BN's", "plain": "The plain network's", "same": "Both alike, within a tenth"},
            expected="plain",
            experiment=watched(twins(Run(), range(10))),
            steps=400,
            charts=("smoothness", "promise", "loss", "loss_range", "fidelity"),
            check=at_equal_step,
            why=(
                "The plain network stands on a plateau, and a plateau is very smooth. That is no virtue: its loss has "
                "hardly moved. BN is already where the loss is low and the valley narrow. At equal *steps* the two "
                "stand in different places, and we compare places, not networks."
            ),
        ),
        Trial(
            slug="equal_loss",
            title="The same at equal loss",
            words=(
                "The same run, longer. When the plain network has come down from its plateau it passes losses that BN "
                "passed long before. For each seed the verdict seeks the snapshots at which both have about the same "
                "training loss, and compares them there."
            ),
            question="Whose gradient changes less per distance where both have the same loss?",
            predictions={"bn": "BN's", "plain": "The plain network's", "same": "Both alike, within a tenth"},
            expected="bn",
            experiment=watched(twins(Run(), range(10))),
            steps=1500,
            charts=("smoothness", "promise", "loss", "loss_range", "fidelity"),
            check=same_loss,
            why=(
                "At the same height BN's surroundings are smoother on every seed, and on average its loss varies less "
                "along the gradient and its steps keep more of their promise. The order of the last verdict is "
                "reversed, with the same networks and the same readings: only the way of comparing has changed."
            ),
        ),
        Bench(
            "equal_loss",
            "Choose a loss",
            "From the recorded run of both trials above, first seed: each network where it has this loss, and the walk "
            "down its gradient from there, in nats. Dotted is the promise, the dot is where one step lands. Begin at a "
            "loss that only the start has, and go down: both stand at the same height, in different places.",
        ),
        Trial(
            slug="two_steps",
            title="Two steps that are too long",
            words=(
                "Eight ReLU layers at learning rate 3. The run stops after two steps; the chart shows how large the "
                "signal is that each layer receives. Afterwards *play* goes on, if there is anything left."
            ),
            question="In which network does the last layer now receive a signal more than ten times the first one's?",
            predictions={
                "plain": "In the plain one", "bn": "In the one with BN", "both": "In both", "neither": "In neither",
            },
            expected="plain",
            experiment=twins(DEEP_RELU.replace(depth=8, learning_rate=3.0), range(16)),
            steps=2,
            charts=("signal", "gradients"),
            check=growth,
            open=("learning_rate",),
            why=(
                "Every layer multiplies what is already too large below it, so the error grows with depth, and the "
                "next gradient is larger still: this is the product of the bench at work, and what Bjorck et al. 2018 "
                "saw in a large network as it diverged. BN brings each layer's "
                "signal back to a deviation of gamma, by construction, so nothing can pile up from layer to layer."
            ),
            otherwise={
                "neither": "Two steps of this rate are short enough for both networks.",
            },
        ),
        Trial(
            slug="norms",
            title="Is it the variance?",
            words=(
                "BN divides by the standard deviation. L1 divides by the mean distance from the mean, Linf by the "
                "largest one, each times a constant that makes it the deviation of a Gaussian. Neither holds the "
                "variance at 1. Five ReLU layers at rate 0.5, which is too much for the plain network."
            ),
            question="Which of them train about as well as BN?",
            predictions={"all": "Both L1 and Linf", "l1": "Only L1", "linf": "Only Linf", "bn": "Neither"},
            expected="all",
            experiment=norms(DEEP_RELU.replace(learning_rate=0.5)),
            steps=400,
            charts=("accuracy", "loss"),
            check=any_norm,
            open=("learning_rate",),
            why=(
                "What matters here is that *some* measure of each unit's size is divided out over the mini-batch, not "
                "that mean and variance in particular are held. Santurkar et al. 2018 found the same, and Hoffer et "
                "al. 2018 proposed the L1 and Linf norms used here because they are cheaper."
            ),
        ),
    ),
    verdict=(
        "In ReLU networks of moderate depth BN's landscape is smoother along the gradient, by a factor of a few per "
        "distance; with ten layers little of that factor is left, though the loss still varies less. On a plateau "
        "the plain network looks smoother, and only at equal loss the picture turns. Other norms train as well. "
        "Smoothness describes what BN changes; it does not say by itself where the smoothness comes from."
    ),
    picture="promise",
    sources=(SOURCES["ioffe"], SOURCES["santurkar"], SOURCES["bjorck"], SOURCES["hoffer"], SOURCES["goodfellow"]),
    quiz=(
        Question(
            "A network's gradient hardly changes along the way. What do you know?",
            ("It learns well", "It stands in a smooth place, which may be a plateau", "Its learning rate is too small"),
            1,
            "The plain sigmoid network looks smooth for hundreds of steps because it learns nothing.",
            "plateau",
        ),
        Question(
            "Why compare two networks at equal loss rather than at equal step?",
            ("Because the faster one has left the place where the slower one still is", "Because steps cost time",
             "Because the loss has less noise"),
            0,
            "At equal step one compares different places of the landscape. At equal loss the order can turn round.",
            "equal_loss",
        ),
        Question(
            "Predict: eight plain ReLU layers after two steps at learning rate 3. Where is the signal largest?",
            ("In the first layers", "In the last layers", "It is the same everywhere"),
            1,
            "Each layer multiplies what is too large below it.",
            "two_steps",
        ),
        Question(
            "Twenty factors of 1, each taking a step of 0.1 down the gradient. The gradient promises a decrease of 2. "
            "What comes?",
            ("A decrease of 2", "Less than 1, the product does not even reach 0", "An increase"),
            1,
            "0.9 to the power of 20 is 0.12: the product falls by 0.88, and the terms of higher order take the rest "
            "back.",
        ),
        Question(
            "Predict: BN divides by the largest distance from the mean instead of the deviation. What happens?",
            ("It trains about as well", "It does not train", "It trains only at small rates"),
            0,
            "Some measure of size has to be divided out; which one hardly matters here.",
            "norms",
        ),
    ),
)  # fmt: skip
