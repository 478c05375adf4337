"""What can be chosen: ``Run``, one network's frozen choices, and ``Experiment``, named arms x seeds.

The annotations of ``Run`` are the one table of fields. Validation, error
sentences, widgets and links (through ``FIELDS``) are all made from it. Nothing
here knows torch, a chart or a page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from annotated_types import Ge, Le
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from bnviz.datasets import DATASETS

if TYPE_CHECKING:
    DatasetWord = str
else:
    DatasetWord = Literal[tuple(DATASETS)]
"""One of the words of ``bnviz.datasets``: a row there is a choice here."""
OVER_THE_BATCH = ("batch", "noisy", "l1", "linf", "detached")
EVERYWHERE = ("none", "batch", "layer")
"""The normalizations that every kind of network has."""
MOST = {"cnn": {"depth": 10, "width": 128}, "rnn": {"depth": 4}}
"""Networks that are allowed less than the fields say."""
LAYERS = {
    "mlp": "{0.depth} x {0.width} {0.activation}",
    "cnn": "{0.depth} convolution{1} of {0.width} maps, {0.activation}",
    "rnn": "{0.depth} recurrent layer{1} of {0.width} units, {0.activation}",
}
"""A network's hidden layers in words, of a run and a plural."""


class InvalidChoice(ValueError):
    """A choice that no network can be made from; the message says what was given and what is allowed."""


_MARKUP = re.compile(r"""[^\w (){}[\],.;='"%+-]|\](?=\()|(?<!\d)\.|\.(?!\d)""")


def quoted(given: object) -> str:
    """What was given, as a sentence on a page may hold it: short, and without the signs that make markup or a link."""
    return _MARKUP.sub("?", repr(given)[:60])


NOW, RESTARTS = "applies now", "restarts"


def _choice(
    default: Any, label: str, meaning: str, *, unit: str = "", applies: str = RESTARTS, **limits: Any
) -> Any:
    """One row of the field table: default, the words a reader sees, and the limits pydantic checks."""
    extra: dict[str, JsonValue] = {"unit": unit, "applies": applies}
    return Field(default, title=label, description=meaning, json_schema_extra=extra, **limits)


class _Frozen(BaseModel):
    """Keyword-only, immutable, and refusing with one sentence instead of pydantic's report."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, **choices: Any) -> None:
        try:
            super().__init__(**choices)
        except ValidationError as error:
            raise InvalidChoice(_sentence(error, type(self))) from None


class Run(_Frozen):
    """One network's frozen choices: data, layers, normalization, initial weights and optimizer.

    Every field has a default, so ``Run()`` is the network of the 2015 paper's
    first figure, on handwritten digits. ``run.replace(normalization="batch")``
    is the same run with one choice changed.

    Raises:
        InvalidChoice: a value outside the field's range, an unknown word, or a
            pair of choices that cannot train together.
    """

    dataset: DatasetWord = _choice("digits", "Dataset", "What the network learns to tell apart.")
    samples: int | None = _choice(
        None, "Examples", "How many examples there are, of pictures for training alone; empty means all of them.",
        ge=50, le=70_000,
    )
    noise: float | None = _choice(
        None, "Noise", "Standard deviation of the noise on the inputs; empty means the dataset's own.",
        ge=0.0, le=2.0,
    )
    label_noise: float = _choice(
        0.0, "Wrong labels", "The share of training examples whose label is drawn at random.", ge=0.0, le=1.0
    )
    shuffle: bool = _choice(
        True, "Shuffle", "Whether every epoch mixes the examples into new mini-batches, or repeats the first one."
    )
    network: Literal["mlp", "cnn", "rnn"] = _choice(
        "mlp", "Network",
        "Fully connected layers, convolutions over a picture, or one recurrent layer after another over its rows.",
    )
    depth: int = _choice(3, "Hidden layers", "How many hidden layers the network has.", ge=1, le=50)
    width: int = _choice(100, "Width", "How many units each hidden layer has.", unit="units", ge=2, le=256)
    activation: Literal[
        "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "identity"
    ] = _choice("sigmoid", "Activation", "The nonlinearity of every hidden unit.")
    normalization: Literal["none", "batch", "layer", "group", "noisy", "l1", "linf", "detached"] = _choice(
        "none", "Normalization",
        "What is normalized: nothing, each unit over the mini-batch (batch; noisy, l1, linf and detached are its "
        "variants), each example (layer), or groups of each example's units (group).",
    )
    placement: Literal["before", "after"] = _choice(
        "before", "Placement", "Whether the normalization stands before or after the nonlinearity."
    )
    affine: bool = _choice(
        True, "Gamma and beta", "Whether a learned scale gamma and shift beta follow the normalization."
    )
    eps: float = _choice(
        1e-5, "Epsilon", "What is added to the variance before its square root is taken.", ge=0.0, le=1.0
    )
    bn_momentum: float = _choice(
        0.1, "Statistics momentum", "The weight of the newest mini-batch in the running statistics.",
        ge=0.0, le=1.0,
    )
    ghost_size: int | None = _choice(
        None, "Ghost batch", "How many examples share batch statistics in training; empty means the whole mini-batch.",
        unit="examples", ge=2, le=512,
    )
    groups: int = _choice(
        4, "Groups", "Into how many groups of units group normalization divides a layer.", ge=1, le=256
    )
    per_step: bool = _choice(
        False, "Statistics per time step", "Whether a recurrent layer keeps running statistics for every time step."
    )
    init: Literal["he", "xavier", "lecun", "orthogonal", "gaussian"] = _choice(
        "gaussian", "Initial weights", "How the weights are drawn before the first step."
    )
    init_scale: float | None = _choice(
        None, "Initial scale",
        "The standard deviation for gaussian, a factor for the others; empty means 0.1 and 1.",
        ge=1e-4, le=100.0,
    )
    optimizer: Literal["sgd", "adam"] = _choice("sgd", "Optimizer", "How a gradient becomes an update.")
    learning_rate: float = _choice(
        0.5, "Learning rate", "The length of each step against the gradient.", applies=NOW, ge=1e-5, le=100.0
    )
    sgd_momentum: float = _choice(
        0.0, "Momentum", "How much of the last update SGD keeps.", ge=0.0, le=0.999
    )
    weight_decay: float = _choice(
        0.0, "Weight decay", "How strongly every weight is pulled towards zero.", ge=0.0, le=1.0
    )
    dropout: float = _choice(
        0.0, "Dropout", "The share of hidden outputs set to zero while training.", ge=0.0, le=0.95
    )
    batch_size: int = _choice(
        60, "Batch size", "How many examples each step sees.", unit="examples", ge=1, le=512
    )

    @field_validator(
        "samples", "depth", "width", "batch_size", "ghost_size", "groups", "init_scale", "learning_rate", mode="before"
    )
    @classmethod
    def _no_truth_values(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError("a number is needed here")
        return value

    @model_validator(mode="after")
    def _can_train(self) -> Self:
        refusal = self._refusal()
        if refusal:
            raise ValueError(refusal)
        return self

    def _refusal(self) -> str:
        """Why these choices cannot train together, in one sentence: given, allowed, what to try; empty if they can."""
        if self.uses_batch and self.batch_size == 1:
            return (
                "batch_size was 1; allowed with batch normalization is 2 to 512, because one example "
                "minus its own mean is always 0: try 2 or more, or normalization='layer'."
            )
        if self.uses_batch and self.ghost_size and self.batch_size % self.ghost_size:
            return (
                f"ghost_size was {self.ghost_size}; allowed is a divisor of the batch size {self.batch_size}, "
                "so that every ghost batch is full: try one, or leave it empty."
            )
        if self.normalization == "group" and self.width % self.groups:
            return f"groups was {self.groups}; allowed is a divisor of the width {self.width}: try 1 or {self.width}."
        if self.network != "mlp" and DATASETS[self.dataset].plane:
            return f"network was {self.network!r}; allowed with {self.dataset} is mlp: try dataset='digits', a picture."
        for name, most in MOST.get(self.network, {}).items():
            if getattr(self, name) > most:
                return (
                    f"{name} was {getattr(self, name)}; allowed with network={self.network!r} is "
                    f"{FIELDS[name].low:g} to {most}: its layers take longer than fully connected ones."
                )
        if self.network != "mlp" and (self.ghost_size or self.normalization not in EVERYWHERE):
            return (
                f"normalization was {self.normalization!r}; allowed with network={self.network!r} is "
                f"{', '.join(EVERYWHERE)}, without ghost batches."
            )
        return ""

    def replace(self, **changes: Any) -> Run:
        """The same run with some choices changed, validated again."""
        return Run(**{**self.model_dump(), **changes})

    @property
    def uses_batch(self) -> bool:
        """Whether the normalization takes its statistics over the mini-batch, and keeps running ones for eval mode."""
        return self.normalization in OVER_THE_BATCH

    @property
    def has_bias(self) -> bool:
        """Whether hidden linear layers have a bias: batch normalization right behind one subtracts it.

        ``detached`` keeps it: that its gradient does not know the subtraction is what it shows.
        """
        return not (self.uses_batch and self.normalization != "detached" and self.placement == "before")

    @property
    def initial_scale(self) -> float:
        """``init_scale``, or what an empty one means: 0.1 for gaussian weights, 1 for the other inits."""
        return self.init_scale if self.init_scale is not None else 0.1 if self.init == "gaussian" else 1.0

    def describe(self) -> str:
        """The run in a few words: ``digits, 3 x 100 sigmoid, batch normalization, rate 0.5``."""
        words = [self.dataset, LAYERS[self.network].format(self, "s" if self.depth > 1 else "")]
        if self.normalization != "none":
            gamma_beta = "" if self.affine else " without gamma and beta"
            own = " with statistics of each time step" if self.per_step and self.network == "rnn" else ""
            words.append(f"{self.normalization} normalization {self.placement}{gamma_beta}{own}")
        return ", ".join([*words, f"rate {self.learning_rate:g}"])


@dataclass(frozen=True)
class Knob:
    """A field of ``Run`` as a widget or an error sentence needs it."""

    name: str
    label: str
    meaning: str
    default: Any
    choices: tuple[str, ...]
    low: float | None
    high: float | None
    whole: bool
    optional: bool
    unit: str
    applies: str

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.low is None:
            return "true or false"
        return f"{self.low:g} to {self.high:g}{' (whole numbers)' if self.whole else ''}"


def _knob(name: str, info: FieldInfo) -> Knob:
    kinds = get_args(info.annotation)
    words = tuple(word for word in kinds if isinstance(word, str))
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    low = next((m.ge for m in info.metadata if isinstance(m, Ge)), None)
    high = next((m.le for m in info.metadata if isinstance(m, Le)), None)
    return Knob(
        name, info.title or name, info.description or "", info.default, words, low, high,  # type: ignore[arg-type]
        whole=info.annotation is int or int in kinds, optional=type(None) in kinds,
        unit=str(extra["unit"]), applies=str(extra["applies"]),
    )


FIELDS: dict[str, Knob] = {name: _knob(name, info) for name, info in Run.model_fields.items()}


def _seed_tuple(seeds: object) -> object:
    return tuple(seeds) if isinstance(seeds, Iterable) and not isinstance(seeds, str) else seeds


def _words_tuple(words: object) -> object:
    return tuple(sorted(set(words))) if isinstance(words, Iterable) and not isinstance(words, str) else words


Seeds = Annotated[tuple[Annotated[int, Ge(0), Le(2**31 - 1)], ...], BeforeValidator(_seed_tuple)]
Instrument = Literal["landscape", "modes", "geometry", "memory"]
Instruments = Annotated[tuple[Instrument, ...], BeforeValidator(_words_tuple)]
MOST_ARMS, MOST_SEEDS = 8, 32


def arm_label(arm: str) -> str:
    """An arm's name as a reader sees it: ``bn`` is BN, ``layer_norm`` is layer norm."""
    return " ".join("BN" if word == "bn" else word for word in arm.split("_"))


class Experiment(_Frozen):
    """Named arms x seeds, trained in lockstep: one seed gives every arm the same weights and mini-batches.

    ``arms`` maps a short lower-case name to a ``Run``; ``seeds`` is any iterable
    of different whole numbers; ``instruments`` are readings that cost too much
    to be taken of every run: ``landscape`` (the loss along the gradient),
    ``modes`` (which statistics eval mode uses), ``geometry`` (how samples and
    Jacobians stretch), ``memory`` (accuracy on the training examples). Two experiments with the same choices are equal,
    have the same hash and the same ``key``.

    Raises:
        InvalidChoice: no arm or more than 8, no seed or more than 32, a seed
            twice, or an arm name that a link could not carry.
    """

    arms: dict[str, Run]
    seeds: Seeds = tuple(range(5))
    instruments: Instruments = ()

    @field_validator("arms")
    @classmethod
    def _named_arms(cls, arms: dict[str, Run]) -> dict[str, Run]:
        if not 1 <= len(arms) <= MOST_ARMS:
            raise ValueError(f"there were {len(arms)} arms; allowed are 1 to {MOST_ARMS}.")
        for name in arms:
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,23}", name):
                raise ValueError(
                    f"an arm was named {quoted(name)}; allowed are up to 24 lower-case letters, digits and _, "
                    "a letter first."
                )
        return arms

    @field_validator("seeds")
    @classmethod
    def _different_seeds(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if not 1 <= len(seeds) <= MOST_SEEDS or len(set(seeds)) < len(seeds):
            raise ValueError(f"seeds were {quoted(seeds)}; allowed are 1 to {MOST_SEEDS} different whole numbers.")
        return seeds

    def __hash__(self) -> int:
        return hash((tuple(self.arms.items()), self.seeds, self.instruments))

    @property
    def key(self) -> str:
        """A name made from the content: equal experiments, and only they, share it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:32]

    def replace(self, **changes: Any) -> Experiment:
        """The same experiment with some fields of *every* arm changed (or ``seeds``, or ``instruments``)."""
        own = {name: changes.pop(name, getattr(self, name)) for name in ("seeds", "instruments")}
        return Experiment(arms={name: run.replace(**changes) for name, run in self.arms.items()}, **own)

    def to_json(self) -> str:
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Experiment:
        """The experiment of ``to_json``. Raises InvalidChoice for anything else."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InvalidChoice(_sentence(error, cls)) from None


def _sentence(error: ValidationError, model: type[BaseModel]) -> str:
    """Pydantic's first finding as one sentence for a student: given, allowed, what to try."""
    finding = error.errors()[0]
    names = [str(part) for part in finding["loc"] if str(part) in FIELDS]
    given = quoted(finding["input"])
    if finding["type"] == "extra_forbidden":
        known = FIELDS if model is Run else Experiment.model_fields
        return f"{quoted(finding['loc'][-1])} is no choice of a {model.__name__}; the choices are {', '.join(known)}."
    if names:
        knob = FIELDS[names[0]]
        return f"{knob.name} was {given}; allowed is {knob.allowed}. {knob.meaning}"
    if finding["type"] == "value_error":
        return str(finding["ctx"]["error"])
    ours = (*FIELDS, *model.model_fields)
    words = [str(part) if isinstance(part, int) or part in ours else quoted(part) for part in finding["loc"]]
    place = " ".join(words) or model.__name__
    return f"{place} was {given}, which does not fit: {finding['msg'].lower()}."


