"""Lesson 2: inside the transform, number by number: what it changes, what it cannot change, and the way back."""

from __future__ import annotations

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import all_hold, at_chance, by_sign, learns, versus
from bnviz.lessons.lesson import Bench, Finding, Lesson, Part, Question, StudyScene, Text, Trial
from bnviz.lessons.presets import twins
from bnviz.lessons.reading import accuracies, compare, number, rows, told
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study

PAIRS = Run(depth=3, width=64, activation="relu", init="he", learning_rate=0.05, batch_size=2)
TINY = Run(init_scale=0.01)


def who_reads_pairs(history: History) -> Finding:
    """Who names more test examples right after 600 steps."""
    outcomes = ("plain", "bn", "same")
    finding = compare(history, "plain", "bn", "test_accuracy", step=600, outcomes=outcomes)
    size = history.experiment.arms["bn"].batch_size
    return Finding(finding.outcome, f"{finding.sentence} Mini-batches of {size}, 600 steps.", finding.rows)


def large_epsilon(history: History) -> Finding:
    """Whether BN with a large epsilon still does what BN does."""
    accuracy = accuracies(history, 500)
    plain, bn, large = (accuracy[arm] for arm in ("plain", "bn", "bn_eps"))
    against_bn, against_plain = versus(large, bn), versus(large, plain)
    helpless = all_hold([learns(bn, of=3), at_chance(plain, of=3), at_chance(large, of=3)])
    worse = "chance" if helpless else by_sign(against_plain, "between", "worse", "worse")
    run = history.experiment.arms["bn_eps"]
    return Finding(
        by_sign(against_bn, "better", worse, "same"),
        f"Test accuracy after 500 steps: {told(accuracy)}. {arm_label('bn_eps')} has epsilon {run.eps:g}; the initial "
        f"weights are N(0, {number(run.initial_scale)}²).",
        rows(history, "test_accuracy", 500),
    )


LESSON = Lesson(
    slug="transform",
    title="Inside the transform",
    question="What does batch normalization do to a mini-batch?",
    claim=(
        "For every unit, BN subtracts the mini-batch's mean, divides by its standard deviation, and then scales by a "
        "learned gamma and shifts by a learned beta, which can undo the rest if that is best."
    ),
    scenes=(
        Part(
            "What becomes of the numbers",
            "A mini-batch on its way through the transform.",
        ),
        Text(
            "One unit, one mini-batch: a short list of numbers. Everything that BN does to it fits into four lines. "
            "Change the numbers and follow them."
        ),
        Bench(
            "transform",
            "Number by number",
            "Guess before you try: what becomes of x̂ if you add 10 to all numbers, if you multiply all by 10, and if "
            "only one of them moves far away?",
        ),
        Bench(
            "recovery",
            "Can gamma and beta undo it?",
            "With gamma = √(var + eps) and beta = mean, y is x again: nothing is lost, the paper says. But gamma and "
            "beta are learned numbers and stay the same for every mini-batch. What do you expect on the next one?",
        ),
        Text(
            "So BN *can* represent the identity, on average and in eval mode. In training each mini-batch still brings "
            "its own mean and deviation, and these depend on who happens to be in it."
        ),
        Bench(
            "size",
            "How sure is a mean of m examples?",
            "Statistics of a mini-batch are estimates. Guess: with four times as many examples, how much less does the "
            "mean vary from one mini-batch to the next?",
        ),
        Trial(
            slug="pairs",
            title="Two examples at a time",
            words=(
                "Of two numbers, BN keeps only which one is larger: x̂ is −1 and 1, whatever they were. Here three ReLU "
                "layers learn digits from mini-batches of two."
            ),
            question="Who has learned more after 600 steps?",
            predictions={"plain": "The plain network", "bn": "BN", "same": "No difference of a point"},
            expected="plain",
            experiment=twins(PAIRS, range(10)),
            steps=600,
            charts=("accuracy", "loss"),
            check=who_reads_pairs,
            open=("batch_size",),
            why=(
                "Every unit of every layer passes on one sign an example, and how far apart the two pictures were is "
                "gone. Try 4, 8 and 60 examples. With 1, BN would give beta for every picture, so it is refused."
            ),
            otherwise={
                "bn": (
                    "With more examples x̂ keeps how far apart the pictures are, and mean and variance are "
                    "surer. Then what BN gives the network counts for more than the noise it adds."
                ),
                "same": (
                    "With more examples x̂ keeps how far apart the pictures are, and mean and variance are "
                    "surer: the noise that BN adds no longer holds it back."
                ),
            },
        ),
        Bench(
            "shapes",
            "What stays: the shape",
            "A shift and a scale move and stretch a distribution. Guess: do the two humps become one, does the skew go "
            "away, does the correlation of two units?",
        ),
        Text(
            "None of it. Each unit is standardized by itself; what is lopsided stays lopsided, and units that say the "
            "same go on saying the same. Making them uncorrelated would need the whole covariance matrix, which the "
            "paper considers and gives up as too expensive."
        ),
        Bench(
            "moments",
            "Same mean, same variance",
            "Four distributions of mean 0 and variance 1: to BN they are all in order. The next layer receives what "
            "the nonlinearity passes on of them. Guess: behind a ReLU, do the four still have the same mean? And "
            "behind a sigmoid?",
        ),
        Text(
            "Mean and variance are two numbers, and a distribution is more. A ReLU passes on a mean of 1/√(2π) of the "
            "Gaussian, 1/2 of the two points, √3/4 of the uniform and 1/e of the exponential distribution. Behind a "
            "sigmoid the three symmetric ones keep the same mean, 1/2, but not the same variance. Holding two numbers "
            "in one layer does not hold them in the next: for that it needs a BN of its own."
        ),
        Bench(
            "one_unit",
            "A unit at work",
            "The same view of a real one: a network with BN is trained, stops, and one of its units shows what it does "
            "to the next mini-batch.",
        ),
        Part(
            "What it cancels, and the way back",
            "The gradient goes back through mean and deviation, and what a layer in front of BN adds or multiplies "
            "leaves no trace. Where does that end?",
        ),
        StudyScene(
            "The way back",
            "The gradient has to go through the mean and the variance too, since every example moved them. Here the "
            "loss grows with the first output alone. Which x do you expect to get a gradient, and what do all of these "
            "gradients add up to?",
            Study("backward_terms"),
        ),
        Bench(
            "bias",
            "The bias in front of BN",
            "A linear layer adds the same bias b to all examples. Guess how far x̂ moves when b goes from 5 to 20.",
        ),
        Text(
            "Not at all: b is added to the mean too, and subtracted with it. And b gets no gradient, since those of "
            "the examples add up to 0. So the networks here have no bias in front of BN; beta does its work."
        ),
        Bench(
            "scale",
            "Make the weights longer",
            "Multiply all weights of a unit by a. Its pre-activations become a times as large, and so does their "
            "deviation. What becomes of the output, and of the gradient in the weights?",
        ),
        Text(
            "Longer weights give the same output and a gradient 1/a times as long (van Laarhoven 2017). The gradient "
            "is at right angles to the weights, so a step of plain gradient descent makes them longer, never shorter. "
            "What a unit's length means is left to gamma, so that length and direction are learned apart: Kohler et "
            "al. 2019 rest a proof of fast convergence on it. All of this ends where "
            "the variance is no longer large beside epsilon: there x̂ shrinks towards 0 and the gradient stops growing."
        ),
        StudyScene(
            "The same for a whole layer",
            "BN((aW)u) against BN(Wu), output and gradients by autograd in double precision, with the usual epsilon "
            "and without.",
            Study("scale_invariance"),
        ),
        Trial(
            slug="epsilon",
            title="An epsilon that is too large",
            words=(
                "Three sigmoid layers with very small initial weights, N(0, 0.01²), where the plain network does not "
                "get away from chance. BN comes twice: with the usual epsilon 0.00001, and with 1."
            ),
            question="What does BN do with epsilon 1?",
            predictions={
                "same": "As well as with the usual epsilon",
                "better": "Better than that",
                "between": "Worse than that, better than plain",
                "worse": "Worse than that, and no better than plain",
                "chance": "It stays at chance, as plain does",
            },
            expected="chance",
            experiment=Experiment(
                arms={
                    "plain": TINY,
                    "bn": TINY.replace(normalization="batch"),
                    "bn_eps": TINY.replace(normalization="batch", eps=1.0),
                },
                seeds=range(10),
            ),
            steps=500,
            charts=("accuracy", "histograms", "gradients"),
            check=large_epsilon,
            open=("init_scale",),
            why=(
                "The variance of x̂ is var / (var + eps). With such small weights var is far below 1, so x̂ is hardly "
                "more than 0 for every picture: BN subtracts the mean and leaves the scale as small as it was. Try "
                "larger initial weights: then the same epsilon does less harm."
            ),
            otherwise={
                "same": (
                    "The larger the initial weights, the larger the variance beside epsilon, and the nearer x̂ "
                    "comes to variance 1."
                ),
                "between": (
                    "The larger the initial weights, the larger the variance beside epsilon, and the nearer x̂ "
                    "comes to variance 1. Here epsilon still takes a part of it."
                ),
            },
        ),
        Bench(
            "pictures",
            "Feature maps: one mean for a channel",
            "A convolution treats every place alike, so BN behind it takes one mean and one variance for each channel, "
            "over all examples *and* places. Guess what goes wrong if every place has statistics of its own.",
        ),
    ),
    verdict=(
        "BN gives x̂ mean 0 over a mini-batch, and variance 1 as long as the variance was large beside epsilon. A bias "
        "and the length of the weights in front of it no longer matter to the output. It changes neither the shape of "
        "a distribution nor the correlation between units, and gamma and beta undo it only on average."
    ),
    sources=(SOURCES["ioffe"], SOURCES["laarhoven"], SOURCES["kohler"]),
    quiz=(
        Question(
            "A mini-batch is 0, 2, 4, 6. What is x̂ of the 6?",
            ("3 / 5", "3 / √5", "6 / √5"),
            1,
            "The mean is 3, the biased variance (9 + 1 + 1 + 9) / 4 = 5: x̂ is the distance from the mean over the "
            "deviation, not over the variance.",
        ),
        Question(
            "Predict: BN learns from mini-batches of two. How does it do beside the plain network?",
            ("Better, as always", "About the same", "Worse"),
            2,
            "Of two examples only the order is left in every unit.",
            "pairs",
        ),
        Question(
            "The pre-activations of a unit have two humps. What does x̂ have?",
            ("One hump, as a normal curve", "Two humps", "A flat distribution"),
            1,
            "Subtracting and dividing move and stretch a distribution; its shape stays.",
        ),
        Question(
            "Predict: the variance of a unit is 0.0005, and epsilon is 1. How large is the variance of x̂?",
            ("1", "About 0.0005", "About 2,000"),
            1,
            "var / (var + eps) is about 0.0005 here: with so large an epsilon the scale stays as small as it was.",
            "epsilon",
        ),
        Question(
            "All weights in front of BN are made ten times as long. What happens to the gradient in them?",
            ("Ten times as long", "The same", "A tenth as long"),
            2,
            "The output does not change, so the same turn of the weights needs a step ten times as long, and each unit "
            "of it changes the loss a tenth as much.",
        ),
    ),
    minutes=20,
)  # fmt: skip
