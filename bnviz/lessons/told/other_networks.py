"""Lesson 13: convolution, where every position is an example, and recurrence, where BN loses."""

from __future__ import annotations

from bnviz.experiment import Experiment, arm_label
from bnviz.lessons.judging import TWO_POINTS, ahead, by_answers, by_sign, versus
from bnviz.lessons.lesson import UNDECIDED, Finding, Lesson, Question, Text, Trial
from bnviz.lessons.reading import accuracies, rows, told
from bnviz.lessons.sources import SOURCES
from bnviz.run import Run
from bnviz.snapshot import History
from bnviz.wording import word

CONVOLUTIONS = Run(
    network="cnn", depth=3, width=8, activation="relu", init="he", learning_rate=1.0, batch_size=64
)
RECURRENT = Run(
    network="rnn", depth=1, width=64, activation="tanh", init="xavier", learning_rate=0.1, batch_size=64
)

FOUR_RECURRENT = Experiment(
    arms={
        "plain": RECURRENT,
        "bn": RECURRENT.replace(normalization="batch"),
        "bn_per_step": RECURRENT.replace(normalization="batch", per_step=True),
        "layer_norm": RECURRENT.replace(normalization="layer"),
    },
    seeds=range(20),
)


def who_trains(history: History) -> Finding:
    """Whether BN reaches more than the plain network."""
    accuracy = accuracies(history, 200)
    outcome = by_sign(versus(accuracy["bn"], accuracy["plain"]), "bn", "plain", "same")
    return Finding(
        outcome, f"Test accuracy after 200 steps: {told(accuracy)}.", rows(history, "test_accuracy", 200)
    )


def recurrent_order(history: History) -> Finding:
    """Where BN with shared statistics stands among the others."""
    accuracy = accuracies(history, 300)
    against = {arm: versus(accuracy["bn"], values, of=3) for arm, values in accuracy.items() if arm != "bn"}
    behind = [arm for arm, sign in against.items() if sign == -1]
    loses = "loses" if len(behind) == len(against) else "some" if None not in against.values() else UNDECIDED
    return Finding(
        by_sign(against["plain"], "wins", loses, "same"),
        f"Test accuracy after 300 steps: {told(accuracy)}. Ahead of BN with shared statistics: "
        f"{', '.join(map(arm_label, behind)) or word('none')}.",
        rows(history, "test_accuracy", 300),
    )


def repaired(history: History) -> Finding:
    """Whether BN with statistics per step, or layer norm, is ahead of the plain recurrent network."""
    accuracy = accuracies(history, 300)
    better = (ahead(accuracy[arm], accuracy["plain"], TWO_POINTS, of=2) for arm in ("bn_per_step", "layer_norm"))
    outcomes = {(False, False): "neither", (True, False): "bn_per_step", (False, True): "layer_norm",
                (True, True): "both"}  # fmt: skip
    return Finding(
        by_answers(outcomes, *better),
        f"Test accuracy after 300 steps: {told(accuracy)}. Ahead by no more than two points counts as not ahead.",
        rows(history, "test_accuracy", 300),
    )


LESSON = Lesson(
    slug="other_networks",
    title="Convolution and recurrence",
    question="Does batch normalization work in convolutional and recurrent networks?",
    claim=(
        "In a convolution BN counts every position of a feature map as an example; recurrent networks the 2015 paper "
        "leaves as future work."
    ),
    scenes=(
        Text(
            "A feature map comes from one filter moved over the picture, so all its positions should be normalized the "
            "same way. With m examples and maps of p x q positions, mean and variance of a map are taken over all\n\n"
            "$$m' = m \\cdot p \\cdot q$$\n\n"
            "values: 8 examples of 5 x 6 positions make an effective batch of 240. Three maps then have 3 gammas and 3 "
            "betas, not 90 of each.\n\n"
            "In this app that is how convolution is computed: the patches of all positions stand side by side as "
            "examples, one matrix product serves them all, and normalizing over the examples *is* normalizing a map.",
            title="One statistic a feature map",
        ),
        Trial(
            slug="convolution",
            title="A small convolutional network at a high rate",
            words=(
                "Three convolutions of eight 3 x 3 filters on digits, ReLU, learning rate 1. The picture shows the "
                "filters of the first one, and what each answers on one digit, at every step."
            ),
            question="Who is ahead after 200 steps?",
            predictions={"bn": "BN", "plain": "Plain", "same": "They are level, within a point"},
            expected="bn",
            experiment=Experiment(
                arms={"plain": CONVOLUTIONS, "bn": CONVOLUTIONS.replace(normalization="batch")}, seeds=range(10)
            ),
            steps=200,
            charts=("accuracy", "filters", "loss", "saturation"),
            check=who_trains,
            open=("learning_rate", "activation"),
            why=(
                "As in fully connected networks: at this rate many plain filters are dead, half of them on average at "
                "the end, and their feature maps are blank. BN keeps their inputs around beta. With so many values in "
                "each statistic there is also less noise than the batch size suggests. Try 0.1, where the difference "
                "nearly vanishes."
            ),
        ),
        Trial(
            slug="convolution_sigmoid",
            title="The same with sigmoid units",
            words="The same network with sigmoid units and Xavier's weights, at learning rate 0.2.",
            question="Who is ahead after 200 steps?",
            predictions={"bn": "BN", "plain": "Plain", "same": "They are level, within a point"},
            expected="bn",
            experiment=Experiment(
                arms={
                    name: CONVOLUTIONS.replace(
                        activation="sigmoid", init="xavier", learning_rate=0.2, normalization=normalization
                    )
                    for name, normalization in (("plain", "none"), ("bn", "batch"))
                },
                seeds=range(5),
            ),
            steps=200,
            charts=("accuracy", "filters", "loss", "gradients"),
            check=who_trains,
            open=("learning_rate",),
            why=(
                "The plain network is still on its plateau when BN has finished: three sigmoid layers and a small "
                "gradient are enough for that. The paper's Inception with sigmoid units is the large version of this."
            ),
        ),
        Text(
            "A recurrent layer is applied again and again: $h_t = f(\\mathrm{BN}(W x_t + U h_{t-1}))$. Its inputs "
            "differ from time step to time step: at first there is no history. Whose statistics should eval mode use: "
            "one set shared by all steps, or one for every step?",
            title="Recurrence",
        ),
        Trial(
            slug="recurrent",
            title="A digit read row by row",
            words=(
                "One recurrent layer of 64 tanh units reads the eight rows of a digit. Four arms: plain, BN with "
                "statistics shared by all steps, BN with statistics of every step (Cooijmans et al. 2017), and layer "
                "norm (Ba, Kiros & Hinton 2016)."
            ),
            question="Where does BN with shared statistics end up?",
            predictions={
                "wins": "Ahead of the plain network", "same": "Level with it", "loses": "Behind all three others",
                "some": "Behind it, but not behind all",
            },
            expected="loses",
            experiment=FOUR_RECURRENT,
            steps=300,
            charts=("accuracy", "loss"),
            check=recurrent_order,
            why=(
                "In training each time step is normalized by its own mini-batch, so the loss falls as it should. In "
                "eval mode one average stands in for eight different distributions. Statistics for every time step "
                "repair that; for sequences longer than those of the training, the last step's have to do."
            ),
        ),
        Trial(
            slug="repaired",
            title="Is it worth it?",
            words="The same four arms. Now look at those that work.",
            question="Which is ahead of the plain recurrent network? (Within two points they are level.)",
            predictions={
                "bn_per_step": "BN per step", "layer_norm": "Layer norm", "both": "Both", "neither": "Neither",
            },
            expected="neither",
            experiment=FOUR_RECURRENT,
            steps=300,
            charts=("accuracy", "gradients"),
            check=repaired,
            why=(
                "Over eight steps a plain tanh layer has no trouble that normalization could cure. Layer norm, which "
                "looks at one example at a time, is the usual choice in recurrent networks since it has no statistics "
                "to keep. Cooijmans et al. 2017 do gain from BN in recurrent networks with memory cells, on longer "
                "sequences: with statistics of every step, and with gamma at 0.1 to begin with. With gamma at 1, as "
                "here, tanh units saturate and the gradients vanish over many steps."
            ),
        ),
    ),
    verdict=(
        "Convolution suits BN: every position counts as an example, and the same large rates and sigmoid units become "
        "possible. In the recurrent network BN with shared statistics loses to everything else; with statistics for "
        "every step it is as good as the plain one, no more."
    ),
    picture="filters",
    sources=(SOURCES["ioffe"], SOURCES["ba"], SOURCES["cooijmans"]),
    quiz=(
        Question(
            "32 examples, feature maps of 7 x 7. Over how many values is a map's mean taken?",
            ("32", "49", "1,568"),
            2,
            "32 examples times 49 positions: the effective batch is m times p times q.",
        ),
        Question(
            "A convolution has 16 maps of 10 x 10. How many gammas does its BN have?",
            ("16", "100", "1,600"),
            0,
            "One gamma and one beta for every feature map.",
        ),
        Question(
            "Predict: BN with shared running statistics in a recurrent network, in eval mode.",
            ("Better than plain", "Worse than plain", "The same as plain"),
            1,
            "One average stands in for the different distributions of all time steps.",
            "recurrent",
        ),
        Question(
            "Why is layer norm usual in recurrent networks?",
            ("It has more parameters", "It needs no statistics of other examples or time steps", "It is older"),
            1,
            "It normalizes each example by itself, the same way in training and afterwards.",
        ),
    ),
)
