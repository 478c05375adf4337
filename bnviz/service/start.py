"""How a run begins, or goes on: what the web process tells a worker first. Plain words that travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class Start:
    """What is granted (budget, seconds, memory), and what was asked for before there was a worker to hear it.

    ``rates`` names the learning rates that are not the experiment's own, by
    arm. Pictures begin behind the step ``shown``. Of its ``run_seconds`` it has
    used ``worked_seconds`` in other processes. Seconds of 0 mean never.
    """

    play: bool = False
    goal: int | None = None
    speed: int = 0
    every: int | None = None
    pictures: float = 12.5
    shown: int = -1
    rates: Mapping[str, float] = field(default_factory=dict)
    budget: int = 60_000
    run_seconds: float = 0.0
    worked_seconds: float = 0.0
    idle_seconds: float = 900.0
    rest_seconds: float = 0.0
    checkpoint_seconds: float = 0.0
    memory_mib: int = 1024

    def words(self) -> dict[str, Any]:
        """What goes into the message."""
        return asdict(self)

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Self:
        """The start in a message's words. Raises TypeError or KeyError for anything else."""
        return cls(**{row.name: words[row.name] for row in fields(cls)})
