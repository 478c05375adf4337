"""What is compared: ``Experiment``, named arms x seeds, trained in lockstep. Knows no torch, no chart, no page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le
from pydantic import BeforeValidator, ValidationError, field_validator

from bnviz.fields import Frozen, InvalidChoice, Keyed, is_truth_value, quoted
from bnviz.run import FIELDS, Run


def _seed_tuple(seeds: object) -> object:
    if not isinstance(seeds, Iterable) or isinstance(seeds, str):
        return seeds
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


def arm_label(arm: str) -> str:
    """An arm's name as a reader sees it: ``bn`` is BN, ``layer_norm`` is layer norm."""
    return " ".join("BN" if word == "bn" else word for word in arm.split("_"))


class Experiment(Frozen, Keyed):
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

    rows: ClassVar = FIELDS
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
            raise _refused(seeds)
        return seeds

    def __hash__(self) -> int:
        return hash((tuple(self.arms.items()), self.seeds, self.instruments))

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
            raise InvalidChoice(cls.sentence(error)) from None


def five_arms(run: Run) -> dict[str, Run]:
    """Arms that belong together: the run plain, and with BN before and after the nonlinearity, without and with gamma
    and beta."""
    return {"plain": run} | {
        f"bn_{place}{'_affine' if affine else ''}": run.replace(normalization="batch", placement=place, affine=affine)
        for place in ("before", "after")
        for affine in (False, True)
    }
