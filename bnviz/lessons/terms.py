"""The words of the field that lessons use, each in a sentence that a student understands: for the glossary, and for
whoever points at a word where it stands."""

from __future__ import annotations

import re

TERMS: dict[str, str] = {
    "activation function": "The nonlinearity that every unit applies to its pre-activation, such as ReLU or a sigmoid.",
    "Adam": "A way to make steps of gradients that gives each weight a step of its own (Kingma & Ba 2015).",
    "autograd": "PyTorch's way to get gradients: it records what was computed and goes back through it.",
    "batch statistics": "Mean and variance over the mini-batch at hand, which train mode normalizes with.",
    "beta": "A shift that each unit learns behind its normalization.",
    "bias": "A number that a layer adds to its weighted sum; in front of BN it does nothing, since BN subtracts it.",
    "chance": "The accuracy of guessing: with ten classes about 10%.",
    "condition number": "The largest over the smallest stretch of a map: large means that some directions are hardly "
                        "seen.",
    "convolution": "A layer whose units look at small patches of a picture, all with the same weights.",
    "correlation": "How far two values go up and down together, from -1 to 1.",
    "covariance": "The variances of several features, and how far each pair goes up and down together.",
    "dead": "A ReLU unit that is 0 for every example that it is shown: no gradient passes.",
    "deviation": "Standard deviation: how far values lie from their mean, the root of the variance.",
    "digits": "1,797 handwritten digits of 8 x 8 pixels, a small cousin of MNIST.",
    "diverged": "The loss is no longer a finite number: the steps were too large.",
    "dropout": "Sets a random share of a layer's outputs to 0 while training, so that no unit relies on another.",
    "effective learning rate": "The learning rate over the squared length of the weights: how far a step turns those "
                               "in front of a normalization.",
    "ensemble": "Several networks whose answers are averaged.",
    "epoch": "One pass over all training examples.",
    "epsilon": "A small number added to the variance, so that nothing is divided by 0.",
    "eval mode": "A network in use: BN normalizes with running statistics, so that an answer depends on its example "
                 "alone.",
    "feature map": "What one filter of a convolution answers at every place of a picture.",
    "filter": "The few weights of a convolution that are moved over a picture: they answer where it looks like them.",
    "fine-tuning": "Training a network further that was trained on something else.",
    "gamma": "A scale that each unit learns behind its normalization.",
    "ghost batch": "A part of the mini-batch that is normalized by itself (Hoffer, Hubara & Soudry 2017).",
    "gradient": "How much the loss changes with each weight: it points the steepest way up, and steps go against it.",
    "gradient shift": "How much a layer's gradient changes when the layers below it take their step.",
    "group norm": "Normalizes groups of units over one example (Wu & He 2018).",
    "hidden layer": "A layer between the inputs and the answer.",
    "internal covariate shift": "The distribution of a layer's inputs changes while the layers below learn (Ioffe "
                                "& Szegedy 2015).",
    "Jacobian": "The table of how much each output changes with each input: the linear map that a network is nearby.",
    "kurtosis": "How heavy the tails of a distribution are; 3 for a Gaussian.",
    "landscape": "The loss over all weights, pictured as hills and valleys.",
    "layer norm": "Normalizes each example over the units of its layer (Ba, Kiros & Hinton 2016).",
    "learning rate": "The factor on the gradient in each step.",
    "Lipschitz": "A function that changes by at most L times the distance is L-Lipschitz: L bounds its slope.",
    "logits": "The last layer's numbers, one a class, before they become probabilities.",
    "loss": "How wrong the network is, here the cross-entropy in nats: 0 would be certain and right.",
    "mini-batch": "The few examples that one step looks at.",
    "momentum": "Goes on in the direction of earlier steps; of running statistics, the newest mini-batch's weight.",
    "nats": "Units of the loss with natural logarithms: 1 nat is 1.44 bits, and guessing among ten costs 2.3.",
    "nonlinearity": "The function behind each layer's weighted sum; without one, layers would be a single linear map.",
    "paired": "Compared seed by seed: twins of one seed share weights and mini-batches.",
    "plain": "The network without normalization.",
    "population statistics": "Mean and variance over all training examples, instead of a mini-batch.",
    "pre-activation": "What a unit's nonlinearity receives.",
    "probe": "Examples set aside on which a network is looked at while it trains; nothing is learned from them.",
    "recurrent": "A network that reads a sequence step by step and feeds its own state back.",
    "regularization": "Whatever keeps a network from learning its training examples by heart.",
    "ReLU": "max(0, x): negative values become 0 and pass no gradient.",
    "residual": "A block that adds its result to its input, so that the signal has a way past it (He et al. 2016).",
    "running statistics": "Averages of the mini-batches' means and variances, kept for eval mode.",
    "saturated": "A unit in the flat end of its nonlinearity, where hardly any gradient passes.",
    "scale invariance": "Longer weights in front of a normalization change nothing of its output.",
    "seed": "A number from which all random numbers of a run follow: the same seed, the same run.",
    "sigmoid": "1 / (1 + exp(-x)): between 0 and 1, flat far from 0.",
    "singular value": "How much a linear map stretches one of its own directions.",
    "skew": "How lopsided a distribution is; 0 for a Gaussian.",
    "step": "One update of all weights, from one mini-batch.",
    "stretch": "How many times as long a small change is behind a layer as in front of it; 1 keeps lengths.",
    "tanh": "A sigmoid between -1 and 1, centred at 0.",
    "train mode": "A network that learns: BN normalizes with the mini-batch at hand.",
    "twins": "Networks that share seed, initial weights and mini-batches and differ in one thing.",
    "variance": "The mean squared distance from the mean.",
    "weight decay": "Pulls every weight a little towards 0 in each step.",
    "whitening": "Removes means and correlations and makes all variances 1.",
}  # fmt: skip
"""Word to sentence, in the order of the alphabet."""

_WORDS = sorted(TERMS, key=len, reverse=True)
_PATTERN = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, _WORDS))})(s|es)?(?![\w-])", re.IGNORECASE)
_KEYS = {word.lower(): word for word in TERMS}


def terms_in(words: str) -> list[tuple[str, int, int]]:
    """The terms of a text, each where it stands first: the term, and from where to where."""
    found: dict[str, tuple[str, int, int]] = {}
    for match in _PATTERN.finditer(words):
        term = _KEYS[match[1].lower()]
        found.setdefault(term, (term, *match.span()))
    return sorted(found.values(), key=lambda place: place[1])
