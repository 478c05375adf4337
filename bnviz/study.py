"""What can be measured without training an experiment: ``Study``, a name and its numbers; it gives a ``Table``.

The rows of ``STUDIES`` say what each study asks, takes and returns. Nothing
here knows torch, a chart or a page; the measurements themselves are
``bnviz.engine.studies``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from bnviz.fields import InvalidChoice, Keyed, is_truth_value, quoted, span

Number = float | tuple[float, ...]
"""One number, or several where an argument takes a list."""


@dataclass(frozen=True)
class Argument:
    """One number of a study, or a list of up to ``most``: its words, its default and what is allowed."""

    label: str
    meaning: str
    default: Number
    low: float
    high: float
    whole: bool = False
    most: int = 0
    least: int = 1

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        one = span(self.low, self.high, self.whole)
        return f"a list of {self.least} to {self.most} numbers from {one}" if self.most else one

    def checked(self, value: Any) -> Number | None:
        """``value`` as this argument keeps it, or None where it is not allowed."""
        if not self.most:
            return self._one(value)
        values = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else ()
        kept = [one for each in values if (one := self._one(each)) is not None]
        return tuple(kept) if len(kept) == len(values) and self.least <= len(kept) <= self.most else None

    def _one(self, value: Any) -> float | None:
        if is_truth_value(value) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            return None
        if self.whole:
            return int(value) if value == int(value) else None
        return float(value)


def _needs_one_gradient_an_example(numbers: Mapping[str, Any]) -> str:
    batch, upstream = len(numbers["batch"]), len(numbers["upstream"])
    return "" if batch == upstream else f"upstream had {upstream} numbers; allowed are {batch}, one for each example."


def _needs_layers_that_are_there(numbers: Mapping[str, Any]) -> str:
    deepest, depth = max(numbers["layers"]), numbers["depth"]
    return "" if deepest <= depth else f"layers named layer {deepest}; allowed are those of a depth of {depth}."


@dataclass(frozen=True)
class Words:
    """A row of the table of studies: what it asks, what it takes, and what the columns of its result mean."""

    title: str
    meaning: str
    arguments: Mapping[str, Argument]
    columns: Mapping[str, str]
    refusal: Callable[[Mapping[str, Any]], str] = lambda numbers: ""


_SEEDS = Argument("Seeds", "How many times it is measured, each time with other random numbers.", 5, 1, 20, True)
_EPS = Argument("Epsilon", "What is added to the variance before its square root is taken.", 1e-5, 0.0, 1.0)

STUDIES: dict[str, Words] = {
    "deep_linear": Words(
        "A deep linear network",
        "Learn a random linear map with a stack of linear layers, with and without batch normalization, by gradient "
        "descent on all examples at once, and see how far each step of the layers below turns a layer’s gradient "
        "(Santurkar et al. 2018).",
        {
            "rates": Argument("Learning rates", "One run for each.", (1e-5, 1e-4), 1e-7, 1e-2, most=4),
            "steps": Argument("Steps", "How many steps each run takes.", 600, 20, 5000, True),
            "seeds": Argument("Seeds", "How many maps, data and initial weights.", 3, 1, 10, True),
            "depth": Argument("Layers", "How many linear layers.", 25, 2, 40, True),
            "width": Argument("Width", "How many units each layer has.", 10, 2, 32, True),
            "examples": Argument("Examples", "How many there are; every step sees all.", 1000, 50, 5000, True),
            "layers": Argument("Watched layers", "Whose gradient is followed.", (6, 13, 21, 25), 1, 40, True, most=8),
        },
        {
            "arm": "plain or bn", "rate": "learning rate", "seed": "seed", "step": "updates so far",
            "layer": "counted from 1",
            "loss": "mean squared distance between output and target, of the whole network",
            "shift": "change of the layer’s gradient when the layers below take their step, over its length",
            "cosine": "cosine between the gradient before and after that; 1 is no change",
        },
        _needs_layers_that_are_there,
    ),
    "whitening": Words(
        "What whitening costs",
        "Whiten a mini-batch completely, by a root of its covariance, and time it against batch "
        "normalization; and see whether the covariance can be inverted at all.",
        {
            "widths": Argument("Features", "How many features.", (16, 32, 64, 128, 256, 512), 2, 1024, True, most=8),
            "shares": Argument(
                "Examples a feature", "How large the mini-batch is, in numbers of features.",
                (0.5, 1.0, 1.1, 2.0, 4.0), 0.1, 20.0, most=8,
            ),
            "repeats": Argument("Repeats", "The least of so many timings counts.", 7, 1, 50, True),
        },
        {
            "d": "features", "m": "examples in the mini-batch",
            "ratio": "time of whitening over time of batch normalization, forward and backward",
            "whitening_ms": "milliseconds of whitening", "bn_ms": "milliseconds of batch normalization",
            "rank": "rank of the covariance matrix",
            "condition": "largest over smallest eigenvalue of the covariance; empty where the smallest is none",
        },
    ),
    "backward_terms": Words(
        "The gradient, line by line",
        "Follow the gradient back through batch normalization: the lines of the paper, this app’s own function and "
        "PyTorch’s autograd, on one mini-batch in double precision.",
        {
            "batch": Argument("Mini-batch", "One feature’s values.", (0.0, 2.0, 4.0, 6.0), -1e6, 1e6, most=64, least=2),
            "upstream": Argument(
                "Upstream gradient", "How the loss changes with each output.", (1.0, 0.0, 0.0, 0.0), -1e6, 1e6,
                most=64, least=2,
            ),
            "gamma": Argument("Gamma", "The learned scale.", 1.0, -1e3, 1e3),
            "beta": Argument("Beta", "The learned shift.", 0.0, -1e3, 1e3),
            "eps": _EPS,
        },
        {
            "term": "what the loss is differentiated by", "example": "which example, counted from 1; empty for all",
            "paper": "by the paper’s lines", "engine": "by the app’s function; empty where it keeps none",
            "autograd": "by PyTorch’s autograd", "difference": "the largest difference between the three",
        },
        _needs_one_gradient_an_example,
    ),
    "residual_variance": Words(
        "The signal’s variance with depth",
        "Send random data through untrained ReLU networks, plain and residual, with and without batch normalization, "
        "and see how the variance of the signal grows with depth (De & Smith 2020).",
        {
            "depth": Argument("Layers", "How many layers or residual blocks.", 50, 1, 100, True),
            "width": Argument("Width", "How many units each layer has.", 100, 8, 256, True),
            "examples": Argument("Examples", "How many random inputs.", 256, 16, 1024, True),
            "seeds": _SEEDS,
        },
        {
            "arm": "plain, bn, residual or residual_bn", "seed": "seed", "depth": "layers so far; 0 is the input",
            "variance": "variance over all units and examples",
        },
    ),
    "ensemble": Words(
        "Several networks vote",
        "Train a few batch-normalized networks on the same data from different initial weights, and see whether the "
        "mean of their probabilities is right more often than each of them.",
        {
            "members": Argument("Members", "How many networks vote.", 6, 2, 12, True),
            "groups": Argument("Groups", "How many ensembles, each on a split of its own.", 5, 1, 10, True),
            "steps": Argument("Steps", "How many steps each network takes.", 400, 10, 3000, True),
            "samples": Argument("Examples", "How many digits there are, a fifth for testing.", 1797, 200, 1797, True),
            "rate": Argument("Base learning rate", "The plain network’s; batch normalization takes five times as much.",
                             0.1, 1e-3, 1.0),
        },
        {
            "group": "which split, counted from 0",
            "member": "which network, counted from 1; empty for all together",
            "accuracy": "share of test examples named right",
        },
    ),
    "placement": Words(
        "Every placement on every task",
        "Train a plain network and the four ways to place batch normalization with three activations on three tasks, "
        "and compare the test accuracies over the seeds.",
        {
            "steps": Argument("Steps", "How many steps each network takes.", 800, 10, 3000, True),
            "seeds": _SEEDS,
        },
        {
            "task": "what is learned", "activation": "the nonlinearity",
            "arm": "plain, or bn before or after the nonlinearity, with gamma and beta (affine) or without",
            "seed": "seed", "accuracy": "share of test examples named right",
        },
    ),
    "scale_invariance": Words(
        "The length of the weights",
        "Make a layer’s weights a times as long in front of batch normalization, and see what becomes of its output "
        "and its gradients.",
        {
            "scales": Argument(
                "Scales", "What the weights are multiplied by.",
                (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3), 1e-6, 1e6, most=25,
            ),
            "epsilons": Argument("Epsilons", "What is added to the variance.", (1e-5, 0.0), 0.0, 1.0, most=4),
            "examples": Argument("Examples", "How many stand in the mini-batch.", 64, 2, 1024, True),
            "width": Argument("Width", "How many inputs and units the layer has.", 32, 1, 256, True),
        },
        {
            "eps": "epsilon", "scale": "a, the factor of the weights",
            "output_change": "largest difference between BN((aW)u) and BN(Wu)",
            "input_gradient": "length of the gradient in u, over that at a = 1",
            "weight_gradient": "length of the gradient in the weights, over that at a = 1; 1/a without epsilon",
        },
    ),
    "one_unit": Words(
        "One unit at work",
        "Train the batch-normalized network of the 2015 paper’s first figure on handwritten digits (3 x 100 sigmoid "
        "units, seed 0), stop, and follow one unit’s real mini-batch through the transform.",
        {
            "step": Argument("Step", "How many updates the network has had.", 500, 0, 3000, True),
            "layer": Argument("Layer", "Which hidden layer, counted from 1.", 3, 1, 3, True),
            "unit": Argument("Unit", "Which of its units, counted from 1.", 1, 1, 100, True),
        },
        {
            "example": "place in the mini-batch, counted from 1", "digit": "what the picture shows",
            "x": "pre-activation", "centred": "x minus the mean of the mini-batch",
            "normalized": "that over the deviation, x-hat", "output": "gamma x-hat + beta, what the sigmoid receives",
            "mean": "of the mini-batch", "var": "of the mini-batch, biased",
            "gamma": "the unit’s learned scale", "beta": "the unit’s learned shift",
        },
    ),
    "cost": Words(
        "What a step costs",
        "Train the same network with and without batch normalization for a moment, here and now, and time one step of "
        "each: a result that needs fewer steps is not yet one that needs less time.",
        {
            "depths": Argument("Layers", "How many hidden layers.", (2, 4, 8, 16), 1, 30, True, most=8),
            "width": Argument("Width", "How many units each layer has.", 64, 2, 256, True),
            "batch": Argument("Batch size", "How many examples each step sees.", 64, 2, 512, True),
            "steps": Argument("Steps", "How many steps are timed together.", 20, 1, 200, True),
            "repeats": Argument("Repeats", "The least of so many timings counts.", 7, 1, 50, True),
        },
        {
            "arm": "plain or bn", "depth": "hidden layers", "step_ms": "milliseconds of one step",
            "ratio": "that over the plain network’s", "training_s": "seconds that 10,000 such steps take",
        },
    ),
    "gaussianity": Words(
        "More Gaussian than u?",
        "Train plain networks with each activation, and compare single units over all training examples with a "
        "Gaussian of the same mean and variance: of what a layer receives (u), and of what its linear map makes of it "
        "(Wu + b).",
        {
            "steps": Argument("Steps", "How many steps each network takes.", 800, 1, 3000, True),
            "seeds": Argument("Seeds", "How many networks of each activation.", 10, 1, 20, True),
        },
        {
            "activation": "the nonlinearity", "step": "updates so far", "seed": "seed",
            "signal": "u, what layers above the first receive, or Wu + b, what their linear map makes of it",
            "distance": "largest gap between the share of values up to a number and a Gaussian’s; the units’ median",
            "skew": "how lopsided, whichever way: 0 is symmetric; the units’ median",
        },
    ),
    "channels": Words(
        "What the units of an untrained network say",
        "Send digits through deep ReLU networks before their first step, plain (with He’s weights and with larger "
        "ones) and with batch normalization, and see how much of what their units say depends on the digit (Bjorck et "
        "al. 2018).",
        {
            "depth": Argument("Layers", "How many hidden layers.", 30, 1, 50, True),
            "width": Argument("Width", "How many units each layer has.", 64, 8, 256, True),
            "examples": Argument("Examples", "How many digits the mini-batch has.", 256, 16, 512, True),
            "seeds": Argument("Seeds", "How many initial weights, each with other digits.", 10, 1, 20, True),
            "scale": Argument("Larger weights", "So many times He’s weights are the larger ones.", 1.2, 1.01, 2.0),
        },
        {
            "arm": "plain, plain_larger or bn", "seed": "seed", "layer": "last hidden or output",
            "unit": "counted from 1; empty for the whole layer",
            "offset": "distance of its mean from 0, in its deviations over the examples, of what its linear map gives",
            "named": "share of examples that get this class; empty for hidden units",
            "kept": "of the examples’ gradients in the layer’s weights, what their sum leaves: 1 if all want the same",
        },
    ),
}  # fmt: skip
"""Every study: its name to its words. ``bnviz.engine.studies`` has the function of the same name."""


@dataclass(frozen=True, init=False)
class Study(Keyed):
    """One measurement to make: ``Study("deep_linear", steps=600)``; what is not given has its default.

    Two studies with the same numbers are equal, have the same hash and the same ``key``.

    Raises:
        InvalidChoice: a name or an argument that does not exist, or a number that is not allowed.
    """

    name: str
    numbers: tuple[tuple[str, Number], ...]

    def __init__(self, name: str, /, **numbers: Any) -> None:
        if name not in STUDIES:
            raise InvalidChoice(f"the study was {quoted(name)}; allowed are {', '.join(STUDIES)}.")
        words = STUDIES[name]
        unknown = next((given for given in numbers if given not in words.arguments), None)
        if unknown is not None:
            known = ", ".join(words.arguments)
            raise InvalidChoice(f"{quoted(unknown)} is no number of {name}; its numbers are {known}.")
        kept = {}
        for argument, row in words.arguments.items():
            given = numbers.get(argument, row.default)
            value = kept[argument] = row.checked(given)
            if value is None:
                raise InvalidChoice(f"{argument} was {quoted(given)}; allowed is {row.allowed}. {row.meaning}")
        refusal = words.refusal(kept)
        if refusal:
            raise InvalidChoice(refusal)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "numbers", tuple(kept.items()))

    @property
    def words(self) -> Words:
        """Its row of ``STUDIES``."""
        return STUDIES[self.name]

    @property
    def arguments(self) -> dict[str, Any]:
        """Every argument and its number."""
        return dict(self.numbers)

    def replace(self, **changes: Any) -> Study:
        """The same study with some numbers changed, validated again."""
        return Study(self.name, **{**self.arguments, **changes})

    def to_json(self) -> str:
        return json.dumps({"name": self.name, "numbers": self.arguments})

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The study of ``to_json``. Raises InvalidChoice for anything else."""
        try:
            parts = json.loads(text)
            name, numbers = str(parts["name"]), dict(parts["numbers"])
        except (ValueError, TypeError, KeyError):
            raise InvalidChoice(f"{quoted(text)} is no study; a study has a name and numbers.") from None
        return cls(name, **numbers)
