"""A study as seen from outside its process: its state and the newest table. Several readers may share one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from bnviz.messages import BadMessage, Message, encode
from bnviz.service.job import Job, Scheduling
from bnviz.service.owner import owned
from bnviz.service.subject import State
from bnviz.settings import Settings
from bnviz.study import Study
from bnviz.table import Table

MOST_KEPT = 64
"""So many measurements are remembered; the ones asked for longest ago are forgotten."""


class StudyJob(Job[Table]):
    """One study that is being measured, or was. Made by ``Service.measure``; any thread may call its methods."""

    kind = "study"

    def __init__(self, study: Study, user: str, settings: Settings, scheduler: Scheduling) -> None:
        super().__init__(user, State("starting"), scheduler)
        self.study, self._settings = study, settings
        self._table: Table | None = None
        self._readers, self._moved = 1, False

    def latest(self) -> Table | None:
        """The newest table, or None before the first. Once the state is ``finished``, nothing follows it."""
        return self._table

    @owned
    def share(self) -> bool:
        """Let one more reader have it; False if it ended without a result."""
        usable = not self._state.ended or self._state.name == "finished"
        self._readers += usable
        return usable

    @owned
    def cancel(self, grace: float = 0.5) -> None:
        """One reader no longer wants it. When nobody does, it ends as ``end`` says."""
        self._readers -= 1
        if self._readers < 1:
            self.end(grace)

    def _opening(self) -> bytes:
        memory, seconds = self._settings.memory_mib, self._settings.study_seconds
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
            self._table = table
            self._tell(table)


class Studies:
    """What was measured or is being measured, by the study's key, so that nobody measures it again."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, StudyJob] = OrderedDict()

    def find(self, study: Study) -> StudyJob | None:
        """The job of an equal study, shared by one more reader, unless it ended without a result."""
        found = self._kept.get(study.key)
        if found is None or not found.share():
            return None
        self._kept.move_to_end(study.key)
        return found

    def keep(self, job: StudyJob) -> None:
        """Remember it for those who ask next."""
        self._kept[job.study.key] = job
        self._kept.move_to_end(job.study.key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
