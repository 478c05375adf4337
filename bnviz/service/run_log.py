"""The log of runs: one line for every run, study and sweep at its end, on the logger ``bnviz.runs``.

Its facts are numbers and words of ours. Who ran it, from where, and what a
reader called an arm are not among them.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

import orjson

_log = logging.getLogger("bnviz.runs")

SETTING, FORMS = "BNVIZ_LOG", ("json", "text", "off")


def form_from_environment(environment: Mapping[str, str] = os.environ) -> str:
    """How the log is written: json (the default), text or off. Raises ValueError, with one sentence, for others."""
    form = environment.get(SETTING, "").strip() or FORMS[0]
    if form not in FORMS:
        raise ValueError(
            f"{SETTING} was {form[:40]!r}; allowed are {', '.join(FORMS)}. How the line for each ended run is written."
        )
    return form


def configure(form: str) -> None:
    """Write the log to standard error in this form, and nowhere else. Called once, by the server that starts."""
    _log.handlers.clear()
    _log.propagate = False
    _log.disabled = form == "off"
    _log.setLevel(logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if form == "json" else logging.Formatter("%(message)s"))
    _log.addHandler(handler)


def write(facts: Mapping[str, Any]) -> None:
    """One line: as text ``name=value``, or as JSON where ``JsonLine`` formats it."""
    _log.info(" ".join(f"{name}={value}" for name, value in facts.items() if value != ""), extra={"facts": facts})


class JsonLine(logging.Formatter):
    """The facts of a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        return orjson.dumps(getattr(record, "facts", {"message": record.getMessage()})).decode()
