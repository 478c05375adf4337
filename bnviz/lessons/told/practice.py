"""Lesson 15: practice: what BN costs in time, when to use it and when not, and how it is written down."""

from __future__ import annotations

import numpy as np

from bnviz.code import to_keras, to_pytorch
from bnviz.lessons.judging import by_answers, exceeds, logs
from bnviz.lessons.lesson import Finding, Lesson, Question, StudyScene, Text, Trial
from bnviz.lessons.reading import between, first_step_at, number, row
from bnviz.lessons.sources import SOURCES
from bnviz.lessons.told.learning_rates import HALF, SIX_RATES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.study import Study
from bnviz.wording import sentences

LEVEL = 0.9
"""Steps are counted to this test accuracy."""

FIRST_FIGURE = Run(normalization="batch")
PYTORCH, KERAS = to_pytorch(FIRST_FIGURE), to_keras(FIRST_FIGURE)


def half_the_steps(history: History) -> Finding:
    """Which networks with BN need less than half of the plain network's steps to nine of ten right.

    Who never got there is counted as if it had in the last step: then it is sooner than it was.
    """
    end = float(history.steps[-1])
    needed = {arm: np.fmin(first_step_at(history, arm, LEVEL), end) for arm in ("plain", "bn", "bn_x30")}
    share = {arm: needed[arm] / np.maximum(needed["plain"], 1) for arm in ("bn", "bn_x30")}
    more = [exceeds(logs(share[arm]), float(np.log(HALF)), of=2) for arm in ("bn", "bn_x30")]
    return Finding(
        by_answers(
            {(False, False): "both", (True, False): "fast", (False, True): "same", (True, True): "neither"}, *more
        ),
        sentences(
            f"To {number(LEVEL, True)} right, as a share of the plain network's steps: BN at the same rate "
            f"{between(share['bn'])}, at thirty times the rate {between(share['bn_x30'])}.",
            "Who is not there at the end is counted with its last step.",
        ),
        (
            row("plain, steps", needed["plain"]), row("BN, steps", needed["bn"]),
            row("BN x30, steps", needed["bn_x30"]),
        ),
    )  # fmt: skip


LESSON = Lesson(
    slug="practice",
    title="In practice",
    question="What does batch normalization cost, and when should one use it?",
    claim=(
        "Batch normalization reaches the same accuracy in 14 times fewer steps, says the 2015 paper of its largest "
        "network, so one should put it into every network."
    ),
    scenes=(
        Trial(
            slug="pays",
            title="Are the steps so few that they pay?",
            words=(
                "Six ReLU layers, recorded: plain at the rate 0.02, with BN at that rate and up to thirty times it. A "
                "step with BN takes longer, by less than a factor of two (the study below measures it): less than "
                "half the steps saves time."
            ),
            question="Who needs less than half of the plain network's steps to 90%?",
            predictions={
                "both": "BN at either rate", "fast": "BN at thirty times the rate only",
                "same": "BN at the same rate only", "neither": "BN at neither",
            },
            expected="fast",
            experiment=SIX_RATES,
            steps=1000,
            charts=("accuracy", "loss"),
            check=half_the_steps,
            recorded=True,
            why=(
                "At the plain network's own rate BN needs about as many steps, and each of them takes longer: here it "
                "costs time. It pays through the larger rate that it lets you use: at thirty times the rate an eighth "
                "of the steps is enough, whatever a step costs within a factor of two."
            ),
        ),
        Text(
            "*Fewer steps* is not *less time*: a step with BN does more, forward and backward. And 14 is the ratio of "
            "31.0 to 2.1 million steps, for a network that also had a five times larger rate, less regularization and "
            "a faster decay of the rate; BN alone took 13.3 million (lesson 4).",
            title="Steps are not seconds",
        ),
        StudyScene(
            "What a step costs here and now",
            "The same ReLU network with and without BN takes turns at a few steps, with no charts to draw, on the "
            "machine that serves this page. The table says too how long 10,000 steps take. Guess: how many times as "
            "long is a step with BN?",
            Study("cost"),
        ),
        Text(
            "A factor of time is a property of a network, a library and a machine. Where most of a step is the product "
            "with wide matrices or a convolution, BN is a small part of it; in networks as small as these it is a "
            "large one. Change the width in the study and see.",
        ),
        Text(
            "- **Deep networks that do not train otherwise**, or only at small rates (lessons 4 and 5).\n"
            "- **Convolutions** with mini-batches of some dozens: every position counts as an example (lesson 13). "
            "Residual networks have BN behind every convolution and before the nonlinearity, and no dropout (He et "
            "al. 2016).\n"
            "- **Before or after the nonlinearity**: try both; neither wins everywhere (lesson 6). Right behind a "
            "linear layer leave its **bias** out: BN subtracts it, and beta takes its place (lesson 2).",
            title="When to use it",
        ),
        Text(
            "- **Small mini-batches**: statistics of two or four examples are noise; group norm was made for that (Wu "
            "& He 2018; lesson 8).\n"
            "- **Recurrence**: statistics differ from time step to time step; layer norm needs none (Ba, Kiros & "
            "Hinton 2016; lesson 13).\n"
            "- **Inputs that change after training**: eval mode goes on normalizing with the old statistics (lesson "
            "7).\n"
            "- **Where examples must not know of each other**: in training each output depends on the whole "
            "mini-batch.\n"
            "- **Shallow networks that train anyway**: there is a cost and not always a gain (lesson 4).",
            title="When not, or not without thought",
        ),
        Text(
            "- **Fine-tuning** on few examples: set the BN layers to eval mode, so that they keep the statistics of "
            "the large training set and the new mini-batches do not overwrite them. Gamma and beta may train on.\n"
            "- **Weight decay**: on weights in front of BN it does not bound what the network computes, but raises the "
            "effective rate (van Laarhoven 2017; lesson 9). On gamma and beta it does act on the function; many leave "
            "them out of it, which takes a parameter group of their own.\n"
            "- **Several machines**: BN ties the examples of a mini-batch together, so a mini-batch that is spread "
            "over workers has either statistics of each worker's part, as ghost batches have (lesson 8; Goyal et al. "
            "2017 keep them at 32 examples a worker), or workers that exchange means and variances in every layer, "
            "forward and backward.",
            title="Three settings that are forgotten",
        ),
        Text(
            "The network of the first figure in PyTorch, and one step of its training (at the foot of the Lab, *Code* "
            "writes any run as a script, with the weights and mini-batches of its seed):\n\n"
            f"```python\n{PYTORCH}```\n\nand in Keras:\n\n```python\n{KERAS}```\n\n"
            "PyTorch's momentum weighs the *new* mini-batch, Keras's the *old* average: 0.1 there is 0.9 here. "
            "`network.train()` and `network.eval()` choose the statistics in PyTorch, the argument `training` in "
            "Keras.",
            title="The code",
        ),
        Text(
            "- An **ensemble** of six BN networks had 4.9% top-5 error on ImageNet's validation set and 4.8% on its "
            "test set, which the authors put above the accuracy of **human raters** (Ioffe & Szegedy 2015, section "
            "4.2.3). Mind that it is one data set and five guesses a picture; and the vote helped, not BN alone.",
            title="What became of it",
        ),
    ),
    verdict=(
        "A step with BN takes longer than one without, so fewer steps are less time only beyond that factor, which the "
        "study measures on this machine. It is worth it where a network trains only with it, and a matter of trying "
        "where it trains anyway; with small mini-batches, recurrence or inputs that change, think first."
    ),
    sources=(
        SOURCES["ioffe"], SOURCES["resnet"], SOURCES["wu"], SOURCES["ba"], SOURCES["laarhoven"], SOURCES["goyal"],
    ),
    quiz=(
        Question(
            "BN needs half the steps and a step takes 1.6 times as long. The training takes",
            ("half the time", "0.8 of the time", "1.6 times as long"),
            1,
            "0.5 times 1.6 is 0.8.",
        ),
        Question(
            "PyTorch's momentum is 0.1. What does Keras call the same?",
            ("0.1", "0.9", "0.99"),
            1,
            "Keras weighs the old average: 1 - 0.1 = 0.9. (Its default is 0.99.)",
        ),
        Question(
            "A mini-batch of 256 is spread over 8 workers that exchange gradients only. BN's statistics are over",
            ("256 examples", "32 examples", "8 examples"),
            1,
            "Each worker normalizes its own 32, like a ghost batch.",
        ),
    ),
    minutes=8,
)  # fmt: skip
