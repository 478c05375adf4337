"""What becomes of every run, study and sweep: counted as it goes, and written into the log when it ends.

Listens like any other reader, so that who trains and who measures know nothing of it. The log, one line a run on the
logger ``bnviz.runs``, holds numbers and words of ours: not who ran it, from where, or what a reader called an arm.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment
from bnviz.service import metrics
from bnviz.service.subject import State, Subject
from bnviz.study import Study
from bnviz.sweeps import Grid

_log = logging.getLogger("bnviz.runs")


class Account:
    """Hears every change of one run, study or sweep. ``clock`` counts seconds."""

    def __init__(self, kind: str, facts: Mapping[str, Any], clock: Callable[[], float] = time.monotonic) -> None:
        self._kind, self._facts, self._clock = kind, facts, clock
        self._submitted = clock()
        self._begun: float | None = None
        self._seen = False
        self.open = False
        metrics.WAITING.labels(kind).inc()

    def hear(self, change: object) -> None:
        """A new state, or something that was seen."""
        if not self.open:
            return
        if not isinstance(change, State):
            self._count()
        elif change.ended:
            self._close(change)
        elif change.name != "queued" and self._begun is None:
            self._begin()

    def _begin(self) -> None:
        self._begun = self._clock()
        metrics.WAITING.labels(self._kind).dec()
        metrics.RUNNING.labels(self._kind).inc()
        metrics.QUEUED.observe(self._begun - self._submitted)

    def _count(self) -> None:
        metrics.SEEN.labels(self._kind).inc()
        if not self._seen:
            self._seen = True
            metrics.FIRST_SEEN.labels(self._kind).observe(self._clock() - self._submitted)

    def _close(self, state: State) -> None:
        now, begun = self._clock(), self._begun
        (metrics.WAITING if begun is None else metrics.RUNNING).labels(self._kind).dec()
        outcome = "refused" if state.name == "failed" and begun is None else state.name
        metrics.ENDED.labels(self._kind, outcome).inc()
        _write({
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": secrets.token_hex(8),
            "kind": self._kind,
            **self._facts,
            "steps": state.step,
            "queued_seconds": round((now if begun is None else begun) - self._submitted, 3),
            "running_seconds": 0.0 if begun is None else round(now - begun, 3),
            "outcome": outcome,
            "message": state.message[:300] if state.name == "failed" else "",
        })  # fmt: skip


def follow(followed: Subject[Any], subject: Experiment | Study | Grid, kind: str = "") -> None:
    """Keep account of this from now on; call before it waits for its turn. What it has seen already is not counted."""
    kind = kind or ("run" if isinstance(subject, Experiment) else "study" if isinstance(subject, Study) else "sweep")
    account = Account(kind, facts_of(subject))
    followed.subscribe(account.hear)
    account.open = True


def facts_of(subject: Experiment | Study | Grid) -> dict[str, Any]:
    """What was asked for, in words and numbers of ours: data, sizes, counts. Names that a reader gave are left out."""
    if isinstance(subject, Study):
        return {"study": subject.name}
    if not isinstance(subject, Experiment):
        return {"networks": subject.total, **facts_of(subject.experiment)}
    runs = list(subject.arms.values())
    return {
        "datasets": sorted({run.dataset if run.dataset in DATASETS else "own" for run in runs}),
        "layers": sorted({f"{run.depth}x{run.width}" for run in runs}),
        "arms": len(runs),
        "seeds": len(subject.seeds),
    }


def write_log(form: str) -> None:
    """Write the log of runs to standard error in this form, and nowhere else. Called once, when a server starts."""
    _log.handlers.clear()
    _log.propagate = False
    _log.disabled = form == "off"
    _log.setLevel(logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if form == "json" else logging.Formatter("%(message)s"))
    _log.addHandler(handler)


def _write(facts: Mapping[str, Any]) -> None:
    """One line: as text ``name=value``, or as JSON where ``JsonLine`` formats it."""
    _log.info(" ".join(f"{name}={value}" for name, value in facts.items() if value != ""), extra={"facts": facts})


class JsonLine(logging.Formatter):
    """The facts of a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        return orjson.dumps(getattr(record, "facts", {"message": record.getMessage()})).decode()
