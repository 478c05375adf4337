"""A study as seen from outside its process: its state and the newest table. Several readers may share one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from bnviz.service.followed import State
from bnviz.service.job import Counter, Job
from bnviz.service.limits import Limits
from bnviz.service.messages import BadMessage, Message, encode
from bnviz.study import Study
from bnviz.table import Table

MOST_KEPT = 64
"""So many measurements are remembered; the ones asked for longest ago are forgotten."""


class Measurement(Job[Table]):
    """One study that is being measured, or was. Made by ``Service.measure``; methods may be called from any thread."""

    kind = "study"

    def __init__(self, study: Study, user: str, limits: Limits, desk: Counter) -> None:
        super().__init__(user, State("starting"), desk)
        self.study, self._limits = study, limits
        self._table: Table | None = None
        self._readers, self._moved = 1, False

    def latest(self) -> Table | None:
        """The newest table, or None before the first. Once the state is ``finished``, nothing follows it."""
        return self._table

    def share(self) -> bool:
        """Let one more reader have it; False if it ended without a result."""
        with self._changing:
            usable = not self._state.ended or self._state.name == "finished"
            self._readers += usable
            return usable

    def cancel(self, grace: float = 0.5) -> None:
        """One reader no longer wants it. When nobody does, it ends as ``end`` says."""
        with self._changing:
            self._readers -= 1
            if self._readers > 0:
                return
        self.end(grace)

    def _opening(self) -> bytes:
        memory, seconds = self._limits.memory_mib, self._limits.study_seconds
        return encode("measure", study=self.study.to_json(), memory_mib=memory, seconds=seconds)

    def _goes_on(self) -> bool:
        first, self._moved = not self._moved, True
        return first

    def _so_far(self) -> Iterable[Table]:
        return () if self._table is None else (self._table,)

    def _lost(self) -> str:
        return "The process that measured this ended unexpectedly; nothing else is touched. Measure starts it again."

    def _take(self, message: Message) -> None:
        if message.kind == "table":
            try:
                table = Table.from_words(message.words)
            except ValueError as error:
                raise BadMessage(str(error)) from None
            with self._changing:
                self._table = table
                self._tell(table)


class Shelf:
    """What was measured or is being measured, by the study's key, so that nobody measures it again."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Measurement] = OrderedDict()

    def find(self, study: Study) -> Measurement | None:
        """The measurement of an equal study, shared by one more reader, unless it ended without a result."""
        with self._lock:
            found = self._kept.get(study.key)
            if found is None or not found.share():
                return None
            self._kept.move_to_end(study.key)
            return found

    def keep(self, measurement: Measurement) -> None:
        """Remember it for those who ask next."""
        with self._lock:
            self._kept[measurement.study.key] = measurement
            self._kept.move_to_end(measurement.study.key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
