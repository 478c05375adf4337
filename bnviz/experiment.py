"""What is compared: ``Experiment``, named arms x seeds, trained in lockstep. Knows no torch, no chart, no page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le
from pydantic import BeforeValidator, ValidationError, ValidationInfo, field_validator

import bnviz
from bnviz.choices import ARM_WORDS
from bnviz.fields import Frozen, InvalidChoice, Keyed, is_truth_value, quoted
from bnviz.named import Named
from bnviz.rate_changes import RateChange, rate_changes, turned
from bnviz.run import FIELDS, Run


def _seed_tuple(seeds: object) -> object:
    if not isinstance(seeds, Iterable) or isinstance(seeds, str):
        raise ValueError(
            f"seeds was {quoted(seeds)}; allowed are several whole numbers: try seeds=[0] or seeds=range(5)."
        )
    given = tuple(seeds)
    if any(map(is_truth_value, given)):
        raise _refused(given)
    return given


def _refused(seeds: tuple[object, ...]) -> ValueError:
    return ValueError(f"seeds were {quoted(seeds)}; allowed are 1 to {MOST_SEEDS} different whole numbers.")


def _words_tuple(words: object) -> object:
    return tuple(sorted(set(words))) if isinstance(words, Iterable) and not isinstance(words, str) else words


Seeds = Annotated[tuple[Annotated[int, Ge(0), Le(2**31 - 1)], ...], BeforeValidator(_seed_tuple)]
Instrument = Literal["landscape", "modes", "geometry", "memory"]
Instruments = Annotated[tuple[Instrument, ...], BeforeValidator(_words_tuple)]
MOST_ARMS, MOST_SEEDS = 8, 32


def experiment_of(given: object) -> Experiment:
    """What was given, if it is an experiment. Raises InvalidChoice for anything else, such as a single run."""
    if isinstance(given, Experiment):
        return given
    raise InvalidChoice(
        f"experiment was of the type {type(given).__name__}; allowed is an Experiment: try "
        "Experiment(arms={'plain': Run()})."
    )


def arm_label(arm: str) -> str:
    """An arm's name as a reader sees it: ``bn`` is BN, ``layer_norm`` is layer norm."""
    return " ".join(ARM_WORDS.get(part, part) for part in arm.split("_"))


class Experiment(Frozen, Keyed):
    """Named arms x seeds, trained in lockstep: one seed gives every arm the same weights and mini-batches.

    ``arms`` maps a short lower-case name to a ``Run``; ``seeds`` is any iterable
    of different whole numbers; ``instruments`` are readings that cost too much
    to be taken of every run: ``landscape`` (the loss along the gradient),
    ``modes`` (which statistics eval mode uses), ``geometry`` (how samples and
    Jacobians stretch), ``memory`` (accuracy on the training examples).
    ``changes`` are learning rates that come later: ``(150, 1.0)`` is rate 1
    from step 150 on, ``(150, 1.0, "bn")`` that of one arm alone. Two experiments
    with the same choices are equal, have the same hash and the same ``key``.

    Raises:
        InvalidChoice: no arm or more than 8, no seed or more than 32, a seed
            twice, an arm name that a link could not carry, or a change that cannot be made in this order.
    """

    rows: ClassVar = FIELDS
    arms: dict[str, Run]
    seeds: Seeds = tuple(range(5))
    instruments: Instruments = ()
    changes: tuple[RateChange, ...] = ()

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
        return Named("arm", arms)

    @field_validator("seeds")
    @classmethod
    def _different_seeds(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if not 1 <= len(seeds) <= MOST_SEEDS or len(set(seeds)) < len(seeds):
            raise _refused(seeds)
        return seeds

    @field_validator("changes", mode="before")
    @classmethod
    def _ordered_changes(cls, changes: object, info: ValidationInfo) -> tuple[RateChange, ...]:
        return rate_changes(changes, info.data.get("arms", ()))

    def __hash__(self) -> int:
        return hash((tuple(self.arms.items()), self.seeds, self.instruments, self.changes))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The words of all that its arms learn from."""
        return tuple(dict.fromkeys(run.dataset for run in self.arms.values()))

    @property
    def functions(self) -> tuple[str, ...]:
        """The words of all functions of one's own that its arms have."""
        return tuple(dict.fromkeys(word for run in self.arms.values() for word in run.functions))

    def replace(self, **changes: Any) -> Experiment:
        """The same experiment with some fields of *every* arm changed (or ``seeds``, ``instruments``, ``changes``)."""
        own = {name: changes.pop(name, getattr(self, name)) for name in ("seeds", "instruments", "changes")}
        return Experiment(arms={name: run.replace(**changes) for name, run in self.arms.items()}, **own)

    def rates_at(self, step: float) -> dict[str, float]:
        """Each arm's learning rate behind this step, with the changes that came until then."""
        rates = {arm: run.learning_rate for arm, run in self.arms.items()}
        for change in self.changes:
            if change.step <= step:
                rates.update(dict.fromkeys(self.arms if change.arm is None else (change.arm,), change.rate))
        return rates

    def settled(self) -> Experiment:
        """The same with the rates that it ends with, from the start."""
        if not self.changes:
            return self
        rates = self.rates_at(math.inf)
        arms = {arm: run.replace(learning_rate=rates[arm]) for arm, run in self.arms.items()}
        return Experiment(arms=arms, seeds=self.seeds, instruments=self.instruments)

    def turned(self, step: int, rate: float, arm: str | None = None) -> Experiment:
        """What trains as this did when somebody set the rate by hand at this step: what was still to come never did."""
        if step:
            return self.replace(changes=turned(self.changes, RateChange(step, rate, arm)))
        set_now = self.arms if arm is None else (arm,)
        arms = {name: run.replace(learning_rate=rate) if name in set_now else run for name, run in self.arms.items()}
        return Experiment(arms=arms, seeds=self.seeds, instruments=self.instruments)

    def to_json(self) -> str:
        """Without changes it is what it was before there were any, and so is the key."""
        return self.model_dump_json(exclude=None if self.changes else {"changes"})

    def _repr_html_(self) -> str | None:
        """How a notebook shows the experiment: what was recorded of it, else its networks before their first step."""
        shown: str | None = bnviz.export.first_look(self)
        return shown

    @classmethod
    def from_json(cls, text: str | bytes) -> Experiment:
        """The experiment of ``to_json``. Raises InvalidChoice for anything else."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InvalidChoice(cls.sentence(error)) from None


def five_arms(run: Run) -> dict[str, Run]:
    """Arms that belong together: the run plain, and with BN before and after the nonlinearity, without and with gamma
    and beta."""
    return {"plain": run} | {
        f"bn_{place}{'_affine' if affine else ''}": run.replace(normalization="batch", placement=place, affine=affine)
        for place in ("before", "after")
        for affine in (False, True)
    }
