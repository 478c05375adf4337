"""What can be chosen of one network: ``Run``, its frozen choices.

The annotations of ``Run`` are the one table of fields. Validation, error
sentences, widgets and links (through ``FIELDS``) are all made from it. Nothing
here knows torch, a chart or a page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import ValidationInfo, field_validator, model_validator

from bnviz.choices import CHOICES, label
from bnviz.datasets import DATASETS, data_name
from bnviz.fields import NOW, Field, Frozen, InvalidChoice, Menu, choice, fields_of, is_truth_value
from bnviz.own_functions import called, field_of, is_function, is_of_the_batch
from bnviz.own_words import TRAIN_SHARE, own_set
from bnviz.schedules import SCHEDULES
from bnviz.wording import either, plural, word, written


def _or_own(field: str) -> Menu:
    """The words of a field, and those of functions of one's own."""

    def check(word: str) -> None:
        if field_of(word) != field:
            raise KeyError(word)

    return Menu(tuple(CHOICES[field]), check)


if TYPE_CHECKING:
    DatasetWord = str
    ActivationWord = str
    NormalizationWord = str
    ScheduleWord = str
else:
    DatasetWord = Menu(tuple(DATASETS), DATASETS.__getitem__).annotation
    ActivationWord, NormalizationWord, ScheduleWord = (
        _or_own(field).annotation for field in ("activation", "normalization", "schedule")
    )
"""One of the words of ``bnviz.datasets`` and ``bnviz.choices``, where a row is a choice here, or that of one's own data
or function."""
OVER_THE_BATCH = ("batch", "noisy", "l1", "linf", "detached")
EVERYWHERE = ("none", "batch", "layer")
"""The normalizations that every kind of network has."""
MOST = {"cnn": {"depth": 10, "width": 128}, "rnn": {"depth": 4}}
"""Networks that are allowed less than the fields say."""
OF_NORMALIZATION = ("placement", "affine", "eps", "bn_momentum", "ghost_size", "groups", "per_step")
"""Fields that make no difference where nothing is normalized."""
DESCRIBED = ("dataset", "network", "depth", "width", "activation", "normalization", "placement", "learning_rate")
"""What a run's description says whatever it is."""
LAYERS: dict[str, Callable[..., str]] = {
    "mlp": lambda depth, **of: "{depth} x {width} {activation}".format(depth=depth, **of),
    "cnn": lambda depth, **of: plural(depth, "{count} convolution of {width} maps, {activation}",
                                      "{count} convolutions of {width} maps, {activation}", **of),
    "rnn": lambda depth, **of: plural(depth, "{count} recurrent layer of {width} units, {activation}",
                                      "{count} recurrent layers of {width} units, {activation}", **of),
}  # fmt: skip
"""A network's hidden layers in words, of their number, their width and an activation."""


class Run(Frozen):
    """One network's frozen choices: data, layers, normalization, initial weights and optimizer.

    Every field has a default, so ``Run()`` is the network of the 2015 paper's
    first figure, on handwritten digits. ``run.replace(normalization="batch")``
    is the same run with one choice changed. Beside the words below, dataset, activation, normalization and schedule
    take those of ``bnviz.dataset_from``, ``activation_from``, ``normalization_from`` and ``schedule_from``.

    Raises:
        InvalidChoice: a value outside the field's range, an unknown word, or a
            pair of choices that cannot train together.
    """

    dataset: DatasetWord = choice("digits", "Dataset", "What the network learns to tell apart.")
    samples: int | None = choice(
        None, "Examples",
        "How many examples, 80% of them to train on, of MNIST and Fashion-MNIST all; empty means all of them.",
        empty="all", ge=50, le=70_000,
    )
    noise: float | None = choice(
        None, "Noise", "Standard deviation of the noise on the inputs; empty means the dataset's own.",
        ge=0.0, le=2.0,
    )
    label_noise: float = choice(
        0.0, "Wrong labels", "The share of training examples whose label is drawn at random.", ge=0.0, le=1.0
    )
    shuffle: bool = choice(
        True, "Shuffle", "Whether every epoch mixes the examples into new mini-batches, or repeats the first one."
    )
    network: Literal["mlp", "cnn", "rnn"] = choice(
        "mlp", "Network",
        "Fully connected layers, convolutions over a picture, or one recurrent layer after another over its rows.",
    )
    depth: int = choice(3, "Hidden layers", "How many hidden layers the network has.", ge=1, le=50)
    width: int = choice(100, "Width", "How many units each hidden layer has.", unit="units", ge=2, le=256)
    activation: ActivationWord = choice("sigmoid", "Activation", "The nonlinearity of every hidden unit.")
    normalization: NormalizationWord = choice(
        "none", "Normalization",
        "What is normalized: nothing, each unit over the mini-batch (batch; noisy, l1, linf and detached are its "
        "variants), each example (layer), or groups of each example's units (group).",
    )
    placement: Literal["before", "after", "around"] = choice(
        "before", "Placement", "On which side of the nonlinearity the normalization stands, or on both."
    )
    affine: bool = choice(
        True, "Gamma and beta", "Whether each unit learns a scale gamma and a shift beta behind the normalization."
    )
    eps: float = choice(
        1e-5, "Epsilon", "What is added to the variance before its square root is taken.", ge=0.0, le=1.0
    )
    bn_momentum: float = choice(
        0.1, "Statistics momentum", "The weight of the newest mini-batch in the running statistics.",
        ge=0.0, le=1.0,
    )
    ghost_size: int | None = choice(
        None, "Ghost batch", "How many examples share batch statistics in training; empty means the whole mini-batch.",
        unit="examples", empty="none", ge=2, le=512,
    )
    groups: int = choice(
        4, "Groups", "Into how many groups of units group normalization divides a layer.", ge=1, le=256
    )
    per_step: bool = choice(
        False, "Statistics per time step", "Whether a recurrent layer keeps running statistics for every time step."
    )
    init: Literal["he", "xavier", "lecun", "orthogonal", "gaussian"] = choice(
        "gaussian", "Initial weights", "How the weights are drawn before the first step."
    )
    init_scale: float | None = choice(
        None, "Initial scale",
        "How large the initial weights are: the standard deviation of Gaussian ones, a factor on the others; empty "
        "means 0.1 and 1.",
        ge=1e-4, le=100.0,
    )
    optimizer: Literal["sgd", "adam"] = choice("sgd", "Optimizer", "How a gradient becomes an update.")
    learning_rate: float = choice(
        0.5, "Learning rate", "The factor on the gradient in each step.", applies=NOW, ge=1e-5, le=100.0
    )
    half_life: int | None = choice(
        None, "Half-life of the rate",
        "In how many steps the learning rate falls to half, each time by the same factor; empty means that it stays.",
        unit="steps", empty="none", ge=1, le=100_000,
    )
    schedule: ScheduleWord = choice(
        "constant", "Rate schedule", "How the learning rate changes by itself, in so many steps as the schedule has."
    )
    schedule_steps: int = choice(
        500, "Schedule steps", "In how many steps a rate schedule falls to a tenth, to 0, or rises from there.",
        unit="steps", ge=1, le=100_000,
    )
    sgd_momentum: float = choice(
        0.0, "Momentum", "How much of the last update SGD keeps.", ge=0.0, le=0.999
    )
    weight_decay: float = choice(
        0.0, "Weight decay", "How strongly every weight is pulled towards zero.", ge=0.0, le=1.0
    )
    dropout: float = choice(
        0.0, "Dropout", "The share of hidden outputs set to zero while training.", ge=0.0, le=0.95
    )
    batch_size: int = choice(
        60, "Batch size", "How many examples each step sees.", unit="examples", ge=1, le=512
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_values(cls, value: Any, info: ValidationInfo) -> Any:
        if is_truth_value(value) and cls.model_fields[str(info.field_name)].annotation is not bool:
            raise ValueError("a number or a word is needed here")
        return value

    @model_validator(mode="after")
    def _can_train(self) -> Self:
        refusal = self._refusal()
        if refusal:
            raise ValueError(refusal)
        return self

    def _refusal(self) -> str:
        """Why these choices cannot train together, in one sentence: given, allowed, what to try; empty if they can."""
        if self.network != "mlp" and not DATASETS[self.dataset].picture:
            return f"network was {self.network!r}; allowed with {self.data} is mlp: try dataset='digits', a picture."
        for name, most in MOST.get(self.network, {}).items():
            if getattr(self, name) > most:
                return (
                    f"{name} was {getattr(self, name)}; allowed with network={self.network!r} is "
                    f"{FIELDS[name].low:g} to {most}: its layers take longer than fully connected ones."
                )
        if self.network != "mlp" and self.normalization not in EVERYWHERE:
            return (
                f"normalization was {self.normalization!r}; allowed with network={self.network!r} is "
                f"{', '.join(EVERYWHERE)}: try network='mlp' for the others."
            )
        if self.network != "mlp" and self.ghost_size:
            return (
                f"ghost_size was {self.ghost_size}; allowed with network={self.network!r} is an empty one: "
                "ghost batches are for network='mlp'."
            )
        if self.normalization != "none" and self.placement == "around" and not self.affine:
            return (
                "affine was False; allowed with placement='around' is True, because what stands behind the "
                "nonlinearity there is gamma and beta: try placement='before'."
            )
        if self.half_life and self.schedule != "constant":
            return (
                f"half_life was {self.half_life}; allowed with schedule={self.schedule!r} is an empty one: a rate has "
                "one way to change by itself."
            )
        return self._nothing_to_normalize() or self._more_than_there_is()

    def _more_than_there_is(self) -> str:
        """Why a mini-batch cannot be filled from one's own data; empty if it can. Of others the engine knows."""
        if self.dataset in DATASETS:
            return ""
        own = own_set(self.dataset)
        there = int(TRAIN_SHARE * min(own.examples, self.samples or own.examples))
        if self.batch_size <= there:
            return ""
        return (
            f"batch_size was {self.batch_size}; allowed with {own.name} is 1 to {there}, the {TRAIN_SHARE:.0%} of its "
            f"examples that are trained on: try {max(2, there // 4)}."
        )

    def _nothing_to_normalize(self) -> str:
        """Why a mini-batch, a ghost batch or a group cannot be normalized by itself; empty if all can."""
        if self.uses_batch and self.batch_size == 1 and self.network != "cnn":  # a map has many values in one picture
            return (
                f"batch_size was 1; allowed with batch normalization is 2 to 512 in network={self.network!r}, because "
                "one example minus its own mean is always 0: try 2 or more, or normalization='layer'."
            )
        if self.uses_batch and self.ghost_size and self.batch_size % self.ghost_size:
            return (
                f"ghost_size was {self.ghost_size}; allowed is a divisor of the batch size {self.batch_size}, "
                "so that every ghost batch is full: try one, or leave it empty."
            )
        if self.normalization == "group" and (self.width % self.groups or self.width == self.groups):
            whole = [groups for groups in range(1, self.width // 2 + 1) if self.width % groups == 0]
            nearest = sorted(sorted(whole, key=lambda groups: abs(groups - self.groups))[:2])
            return (
                f"groups was {self.groups}; allowed is a divisor of the width {self.width} that leaves a group two "
                "units or more, because one unit minus its own mean is always 0: "
                f"try {either(map(str, nearest))}."
            )
        return ""

    def replace(self, **changes: Any) -> Run:
        """The same run with some choices changed, validated again."""
        return Run(**{**self.model_dump(), **changes}) if changes else self

    def fitting(self, examples: int) -> Self:
        """The same run, if one mini-batch fits into so many training examples. Raises InvalidChoice where not."""
        if self.batch_size > examples:
            raise InvalidChoice(
                f"batch_size was {self.batch_size}, but {self.data} has only {examples} training examples here; "
                f"allowed is 1 to {examples}: try a smaller batch or more examples."
            )
        return self

    @property
    def uses_batch(self) -> bool:
        """Whether the normalization takes its statistics over the mini-batch, and keeps running ones for eval mode."""
        return self.normalization in OVER_THE_BATCH or is_of_the_batch(self.normalization)

    def normalizes(self, site: str) -> bool:
        """Whether mean and variance are set at this site, ``before`` or ``after`` the nonlinearity."""
        return self.normalization != "none" and (site == "after") == (self.placement == "after")

    def scales(self, site: str) -> bool:
        """Whether gamma and beta act at this site, ``before`` or ``after`` the nonlinearity."""
        return self.normalization != "none" and self.affine and (site == "before") == (self.placement == "before")

    @property
    def has_bias(self) -> bool:
        """Whether hidden linear layers have a bias: batch normalization right behind one subtracts it.

        ``detached`` keeps it: that its gradient does not know the subtraction is what it shows. So does a function of
        one's own, of which nobody knows what it subtracts.
        """
        subtracts = self.normalization in OVER_THE_BATCH and self.normalization != "detached"
        return not (subtracts and self.normalizes("before"))

    @property
    def initial_scale(self) -> float:
        """``init_scale``, or what an empty one means: 0.1 for gaussian weights, 1 for the other inits."""
        return self.init_scale if self.init_scale is not None else 0.1 if self.init == "gaussian" else 1.0

    @property
    def data(self) -> str:
        """The dataset in a word: one's own are called by their name."""
        return data_name(self.dataset)

    @property
    def layers(self) -> str:
        """The hidden layers in a few words: ``3 x 100 sigmoid``."""
        said = LAYERS[self.network]
        return said(self.depth, width=self.width, activation=label("activation", self.activation))

    def describe(self) -> str:
        """The run in a few words, with every choice that is not the default: ``digits, 3 x 100 sigmoid, rate 0.5``."""
        words = [self.data, self.layers]
        if self.normalization != "none":
            words.append(f"{called(self.normalization)} normalization {self.placement}")
        words.append(f"rate {self.learning_rate:g}")
        own = {name: getattr(self, name) for name in FIELDS if name not in DESCRIBED and self.heeds(name)}
        words += [said(name, value) for name, value in own.items() if value != FIELDS[name].default]
        return ", ".join(words)

    @property
    def functions(self) -> tuple[str, ...]:
        """The words of all functions of one's own."""
        return tuple(filter(is_function, (self.activation, self.normalization, self.schedule)))

    def told_in(self, place: str) -> Self:
        """The run, if ``place`` (a link, a program) can tell it. Raises InvalidChoice for functions of one's own."""
        if not self.functions:
            return self
        own, *_ = self.functions
        field = FIELDS[field_of(own)]
        raise InvalidChoice(
            f"{field.name} was {called(own)}, a function of one's own, which {place} cannot hold; allowed there is "
            f"{field.allowed}: try {field.name}={field.default!r}."
        )

    @property
    def rate_moves(self) -> bool:
        """Whether the learning rate changes by itself."""
        return bool(self.half_life) or self.schedule != "constant"

    def rate_factor(self, step: int) -> float:
        """What the learning rate is multiplied by in the step after ``step`` others.

        Source: torch.optim.lr_scheduler, ExponentialLR for the half-life; ``bnviz.schedules`` for the words.

        Raises:
            InvalidChoice: a schedule of one's own is not in this process, or gave no number of 0 or more.
        """
        if self.half_life:
            return float(0.5 ** (step / self.half_life))
        return SCHEDULES[self.schedule].factor(step, self.schedule_steps)

    def heeds(self, name: str) -> bool:
        """Whether a field makes a difference to this run: most of normalization's do not without one."""
        if name == "schedule_steps":
            return self.schedule != "constant"
        return self.normalization != "none" or name not in OF_NORMALIZATION


FIELDS: dict[str, Field] = fields_of(Run)
Run.rows = FIELDS


def said(name: str, value: Any) -> str:
    """A choice in words: ``momentum 0.9``, ``optimizer Adam``, ``shuffle off``."""
    return f"{FIELDS[name].label.lower()} {worded(name, value)}"


def worded(name: str, value: Any) -> str:
    """A value as a sentence has it: a word by its label, an empty one as ``default``."""
    if is_truth_value(value):
        return word("on") if value else word("off")
    if isinstance(value, str):
        return label(name, value)
    return word("default") if value is None else written(value, "," if isinstance(value, int) else "g")
