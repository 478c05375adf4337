"""Settings of the host: whole numbers in tables, each row with its name, range and meaning, checked when read.

Knows no single setting: the tables are where what they limit is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self


def number(default: int, setting: str, low: int, high: int, meaning: str) -> Any:
    """One row of a table: its default, the environment variable that sets it, what is allowed, what it means."""
    return field(default=default, metadata={"setting": setting, "low": low, "high": high, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """A table of settings: a frozen dataclass whose fields are ``number`` rows.

    Raises:
        ValueError: a value outside its row's range, in one sentence: given, allowed, what it means.
    """

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
                given[row.name] = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else text
        return cls(**given)
