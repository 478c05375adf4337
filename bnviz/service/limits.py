"""What one server grants: every limit is a setting with a default, read from the environment and checked at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self


def _limit(default: int, setting: str, low: int, high: int, meaning: str) -> Any:
    """One row of the table of limits."""
    return field(default=default, metadata={"setting": setting, "low": low, "high": high, "meaning": meaning})


@dataclass(frozen=True)
class Limits:
    """How much at once, how long, how large. ``Limits.from_environment()`` reads the settings of the host."""

    workers: int = _limit(
        max(4, 4 * (os.cpu_count() or 1)), "BNVIZ_WORKERS", 1, 256, "How many runs are held at once, one process each."
    )
    queue: int = _limit(64, "BNVIZ_QUEUE", 0, 10_000, "How many runs may wait for a process.")
    step_budget: int = _limit(60_000, "BNVIZ_STEP_BUDGET", 1, 10**9, "After how many steps a run ends.")
    memory_mib: int = _limit(1024, "BNVIZ_MEMORY_MIB", 64, 2**20, "How many MiB one run may take.")
    history_mib: int = _limit(32, "BNVIZ_HISTORY_MIB", 1, 4096, "How many MiB the server keeps of one run's readings.")
    idle_seconds: int = _limit(900, "BNVIZ_IDLE_SECONDS", 1, 86_400, "After how long a paused run ends.")
    study_seconds: int = _limit(300, "BNVIZ_STUDY_SECONDS", 1, 86_400, "How long one study may be measured.")
    sweep_seconds: int = _limit(
        1800, "BNVIZ_SWEEP_SECONDS", 1, 86_400, "How long the networks of one map or sweep may train."
    )
    grace_seconds: int = _limit(45, "BNVIZ_GRACE_SECONDS", 0, 3600, "How long a run outlives the last page showing it.")

    def __post_init__(self) -> None:
        for row in fields(self):
            value, words = getattr(self, row.name), row.metadata
            if type(value) is not int or not words["low"] <= value <= words["high"]:
                raise ValueError(
                    f"{words['setting']} was {str(value)[:40]!r}; allowed is a whole number from {words['low']} to "
                    f"{words['high']}. {words['meaning']}"
                )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The defaults, with what the ``BNVIZ_...`` variables say. Raises ValueError with one sentence."""
        given: dict[str, Any] = {}
        for row in fields(cls):
            text = environment.get(row.metadata["setting"], "").strip()
            if text:
                given[row.name] = int(text) if text.isdecimal() else text
        return cls(**given)
