"""The Lab's state: what all arms share, and what each has alone. Plain values; widgets are in ``controls``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bnviz.choices import ARMS
from bnviz.experiment import Experiment
from bnviz.run import FIELDS, Run


@dataclass(frozen=True)
class Setup:
    """An experiment taken apart for editing: one value a field for all arms, and each arm's own exceptions.

    ``own`` always holds an arm's normalization, since that is what an arm is. Of an experiment whose learning rates
    change on the way these are the ones it ends with, and it is the ``course``, until another choice is made: then
    that is a new run, with these rates from its start. Other seeds are no other choice.
    """

    shared: dict[str, Any]
    own: dict[str, dict[str, Any]]
    seeds: tuple[int, ...]
    course: Experiment | None = None

    @classmethod
    def of(cls, experiment: Experiment) -> Setup:
        """Take an experiment apart; ``experiment`` puts it together again."""
        runs = experiment.settled().arms
        first = next(iter(runs.values()))
        different = {name for name in FIELDS if len({getattr(run, name) for run in runs.values()}) > 1}
        different.add("normalization")
        shared = {name: getattr(first, name) for name in FIELDS if name != "normalization"}
        own = {arm: {name: getattr(run, name) for name in FIELDS if name in different} for arm, run in runs.items()}
        return cls(shared, own, experiment.seeds, experiment if experiment.changes else None)

    def experiment(self) -> Experiment:
        """The experiment these choices make. Raises InvalidChoice where they cannot train together."""
        if self.course:
            return self.course.replace(seeds=self.seeds)
        arms = {arm: Run(**{**self.shared, **own}) for arm, own in self.own.items()}
        return Experiment(arms=arms, seeds=self.seeds)

    def with_field(self, name: str, value: Any) -> Setup:
        """The same with one shared field changed."""
        if value == self.shared[name]:
            return self
        return replace(self, shared={**self.shared, name: value}, course=None)

    def for_all(self, **values: Any) -> Setup:
        """The same with these values of all arms."""
        own = {arm: {name: value for name, value in own.items() if name not in values} for arm, own in self.own.items()}
        return replace(self, shared={**self.shared, **values}, own=own, course=None)

    def with_arms(self, arms: list[str]) -> Setup:
        """The same with these arms, in the order of ``ARMS``; an arm from a link keeps its own choices."""
        order = [*ARMS, *(arm for arm in self.own if arm not in ARMS)]
        chosen = sorted(arms, key=order.index)
        if chosen == list(self.own):
            return self
        own = {arm: self.own.get(arm, {"normalization": ARMS.get(arm)}) for arm in chosen}
        return replace(self, own=own, course=None)

    def with_seed_count(self, count: int) -> Setup:
        """The same with so many seeds, counted up from the first; a list from a link stays if its length does."""
        if count == len(self.seeds):
            return self
        return replace(self, seeds=tuple(range(self.seeds[0], self.seeds[0] + count)))

    def with_new_seeds(self) -> Setup:
        """The same with as many seeds, none of which was used before."""
        first = max(self.seeds) + 1
        return replace(self, seeds=tuple(range(first, first + len(self.seeds))))

    def differs_by_arm(self, name: str) -> bool:
        """Whether a link gave the arms different values of this field, so that one widget cannot hold it."""
        return name != "normalization" and any(name in own for own in self.own.values())
