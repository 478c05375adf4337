"""The words that can be chosen, field by field: how each is written on a page, and a sentence about what it is.

The words themselves are those of ``Run``; a dataset says its own in ``datasets``.
"""

from __future__ import annotations

from typing import NamedTuple

from bnviz.datasets import DATASETS, data_name
from bnviz.own_functions import called


class Word(NamedTuple):
    """A word as a reader sees it, and what it means."""

    label: str
    meaning: str


CHOICES: dict[str, dict[str, Word]] = {
    "dataset": {word: Word(row.label, row.meaning) for word, row in DATASETS.items()},
    "network": {
        "mlp": Word("fully connected", "Every unit receives all units of the layer below."),
        "cnn": Word("convolutions", "Each unit looks at 3 x 3 places of the layer below, with weights that all places "
                                    "of a map share."),
        "rnn": Word("recurrent", "Reads a picture row by row; each layer also receives its own output of the row "
                                 "before."),
    },
    "activation": {
        "sigmoid": Word("sigmoid", "1 / (1 + exp(-x)), between 0 and 1; flat far from 0, where hardly any gradient "
                                   "passes."),
        "tanh": Word("tanh", "A sigmoid between -1 and 1, centred at 0; flat far from 0."),
        "relu": Word("ReLU", "max(0, x): what is negative becomes 0 and passes no gradient."),
        "leaky_relu": Word("leaky ReLU", "A ReLU that lets a hundredth of what is negative through."),
        "elu": Word("ELU", "x above 0, exp(x) - 1 below: negative values are bent to -1."),
        "gelu": Word("GELU", "A smooth ReLU: x times the share of a standard Gaussian below x."),
        "silu": Word("SiLU", "A smooth ReLU: x times its sigmoid."),
        "identity": Word("identity", "No nonlinearity: the network is one linear map, whatever its depth."),
    },
    "normalization": {
        "none": Word("none", "No normalization: the plain network."),
        "batch": Word("batch norm", "Each unit, over the examples of the mini-batch: mean 0, deviation 1."),
        "layer": Word("layer norm", "Each example, over the units of the layer: no example knows of another."),
        "group": Word("group norm", "As layer norm, over each group of units by itself."),
        "noisy": Word("noisy batch norm", "Batch norm, then random shifts and scales anew in every step: what BN is "
                                          "said to remove is put back."),
        "l1": Word("L1 batch norm", "Batch norm that divides by the mean distance from the mean."),
        "linf": Word("max batch norm", "Batch norm that divides by the largest distance from the mean."),
        "detached": Word("detached batch norm", "Batch norm whose gradient takes mean and deviation for constants."),
    },
    "placement": {
        "before": Word("before", "Between the weights and the nonlinearity, as in the 2015 paper."),
        "after": Word("after", "Behind the nonlinearity: what the next layer receives is normalized."),
        "around": Word("around", "Mean and deviation are set before the nonlinearity, gamma and beta act behind it."),
    },
    "init": {
        "he": Word("He", "Gaussian with variance 2 / inputs: made for ReLU, which cuts half of the signal away."),
        "xavier": Word("Xavier", "Gaussian with variance 2 / (inputs + outputs): made for tanh."),
        "lecun": Word("LeCun", "Gaussian with variance 1 / inputs: keeps the variance of a linear layer."),
        "orthogonal": Word("orthogonal", "A random rotation: no direction is stretched more than another."),
        "gaussian": Word("Gaussian", "The same small Gaussian for all layers, whatever their size."),
    },
    "optimizer": {
        "sgd": Word("SGD", "A step against the gradient of the mini-batch, as long as the learning rate says."),
        "adam": Word("Adam", "Each weight has a step of its own, from running means of its gradient and its square."),
    },
    "schedule": {
        "constant": Word("constant", "The rate stays as it is (or falls by its half-life)."),
        "step": Word("step", "To a tenth each time so many steps are over."),
        "cosine": Word("cosine", "Along half a wave down to 0, where it stays."),
        "warmup": Word("warm-up", "From nearly 0 straight up to the whole rate, where it stays."),
    },
}  # fmt: skip
"""Field to word to what is said of it."""

ARMS = {"plain": "none", "bn": "batch", "layer_norm": "layer", "group_norm": "group", "noisy_bn": "noisy"}
"""The arms a reader can tick, and the normalization that makes each what it is."""

ARM_MEANINGS = {arm: CHOICES["normalization"][kind].meaning for arm, kind in ARMS.items()}
"""What the networks are that a reader can tick."""


ARM_WORDS = {
    "bn": "BN", "after": "after", "affine": "affine", "around": "around", "before": "before", "decay": "decay",
    "detached": "detached", "double": "double", "drop": "drop", "dropout": "dropout", "faster": "faster",
    "fifth": "fifth", "fixed": "fixed", "ghost": "ghost", "group": "group", "half": "half", "huge": "huge",
    "large": "large", "larger": "larger", "layer": "layer", "layers": "layers", "low": "low", "mini": "mini",
    "noisy": "noisy", "norm": "norm", "normalized": "normalized", "of": "of", "one": "one", "per": "per",
    "plain": "plain", "rate": "rate", "raw": "raw", "slow": "slow", "slowest": "slowest", "small": "small",
    "step": "step", "tiny": "tiny", "whitened": "whitened", "whole": "whole",
}  # fmt: skip
"""The words of which names of arms are made, as a page writes them; others stand as they are: ``x10``, ``relu``."""


def kind_of(arm: str) -> str | None:
    """The normalization that an arm's name says, by what it begins with; None where it says none."""
    names = {**ARMS, **{kind: kind for kind in CHOICES["normalization"]}}
    return next((kind for name, kind in names.items() if f"{arm}_".startswith(f"{name}_")), None)


def label(field: str, word: str) -> str:
    """The word as a page writes it: ``relu`` is ReLU."""
    row = CHOICES.get(field, {}).get(word)
    return row.label if row else data_name(word) if field == "dataset" else called(word)
