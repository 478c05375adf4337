"""A sweep as seen from outside its processes: its state, its rows so far, and what each process is at.

``SweepJob`` shares the work out; ``SweepPart`` is one process that does
some of it, and waits for its turn like every other job.
"""

from __future__ import annotations

import math
import time
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bnviz.service.backends.backend import Backend
from bnviz.service.job import Job, Scheduling
from bnviz.service.protocol import BadMessage, Message, encode
from bnviz.service.refinement import plan_for
from bnviz.service.subject import State, Subject
from bnviz.settings import Settings
from bnviz.sweeps import Grid, did_train
from bnviz.table import Table, Value

BATCH, LEAST = 128, 16
"""At most and at least so many networks a process is given at once: enough for full stacks, and few enough to change
its mind often."""

LOST = "The process that trained these networks ended unexpectedly, twice; nothing else is touched."


@dataclass(frozen=True)
class SweepProgress:
    """How many networks are done, of how many, and about how long the rest will take (None: nothing known yet)."""

    done: int
    total: int
    seconds_left: float | None = None


class SweepJob(Subject[Table]):
    """One map or sweep that is being trained, or was. Made by ``Service.sweep``; any thread may call its methods.

    Who subscribes hears of new rows as tables of their own.
    """

    def __init__(self, grid: Grid, user: str, settings: Settings, processes: int, scheduler: Scheduling) -> None:
        super().__init__(user, State("starting"))
        self.grid, self._settings, self._processes, self._scheduler = grid, settings, processes, scheduler
        self._plan = plan_for(grid, processes)
        self._columns: dict[str, list[Value]] = {name: [] for name in grid.columns}
        self._done: set[int] = set()
        self._jobs: list[SweepPart] = []
        self._given: dict[SweepPart, set[int]] = {}
        self._idle: list[SweepPart] = []
        self._lost_once: set[int] = set()
        self._paused = False
        self._worked, self._since = 0.0, math.nan

    def table(self) -> Table:
        """All rows so far, as a copy that does not change while it is read."""
        with self._changing:
            return Table({name: list(column) for name, column in self._columns.items()}, self._share())

    @property
    def progress(self) -> SweepProgress:
        """How far it is."""
        with self._changing:
            done, left = len(self._done), self.grid.total - len(self._done)
        return SweepProgress(done, self.grid.total, round(left * self.worked / done, 1) if done else None)

    @property
    def worked(self) -> float:
        """For how many seconds it has trained so far."""
        with self._changing:
            return self._worked + (0.0 if math.isnan(self._since) else time.monotonic() - self._since)

    def pause(self) -> None:
        """Rest until ``resume``, and give the processes back. What they had under way is trained again."""
        with self._changing:
            self._paused = True
            self._clock(running=False)
            self._change(name="paused", position=0, estimate_seconds=None)
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.end()

    def resume(self) -> None:
        """Go on where it rested."""
        with self._changing:
            resumes, self._paused = self._paused, False
        if resumes and not self._state.ended:
            self._change(name="starting")
            self.begin()

    def cancel(self, grace: float = 0.5) -> None:
        """End it: what was found stays. Processes that do not stop within ``grace`` seconds are killed."""
        self.end("cancelled", grace=grace)

    def end(self, name: str, message: str = "", grace: float = 0.5) -> None:
        """Say how it ended, unless it has ended already, and end its processes."""
        with self._changing:
            self._clock(running=False)
            self._change(name=name, message=message, position=0, estimate_seconds=None)
            jobs = list(self._jobs)
        for job in jobs:
            job.end(grace)

    def begin(self) -> None:
        """Let its processes wait for their turn. One is enough to go on."""
        for _ in range(self._processes):
            if not self._state.ended:
                self._hire()

    def heard(self, job: SweepPart, state: State) -> None:
        """One of its processes changed its state."""
        with self._changing:
            if job not in self._jobs:
                return
            if state.name == "finished" or (state.name == "cancelled" and all(job.state.ended for job in self._jobs)):
                self._change(name=state.name, message=state.message)
            self._retell()

    def left(self, job: SweepPart) -> None:
        """A process is gone for good. What it had not done is given to another: always after a pause, else once."""
        with self._changing:
            undone = self._given.pop(job, set())
            self._idle = [other for other in self._idle if other is not job]
            rested = job not in self._jobs
            again = job.died and bool(undone) and not undone & self._lost_once
            if again:
                self._lost_once |= undone
            if again or rested:
                self._plan.back(undone)
            ended, alone = self._state.ended, all(other.state.ended for other in self._jobs)
        if ended:
            self.end(self._state.name)
        elif rested:
            self._serve()
        elif again:
            self._hire()
        elif undone or alone:
            self.end(job.state.name, job.state.message)

    def took(self, job: SweepPart, numbers: Iterable[int], table: Table) -> None:
        """Rows came."""
        with self._changing:
            if self._state.ended:
                return
            for name, column in self._columns.items():
                column += table.columns[name]
            self._done |= set(numbers)
            self._given.get(job, set()).difference_update(numbers)
            self._plan.learn(dict(zip(numbers, did_train(self.grid, table), strict=True)))
            self._tell(replace(table, share=self._share()))
            finished = len(self._done) == self.grid.total
        if finished:
            self.end("finished")
        else:
            self._serve()

    def wants(self, job: SweepPart) -> None:
        """A process has nothing to do."""
        with self._changing:
            self._idle.append(job)
        self._serve()

    def _serve(self) -> None:
        """Give batches to whoever is idle."""
        while True:
            with self._changing:
                batch = self._batch() if self._idle and not self._paused and not self._state.ended else []
                if not batch:
                    return
                job = self._idle.pop(0)
                self._given.setdefault(job, set()).update(batch)
                self._clock(running=True)
            job.send("cells", numbers=batch)

    def _batch(self) -> list[int]:
        """Smaller batches in the end, so that all processes end together."""
        left = self.grid.total - len(self._done) - sum(map(len, self._given.values()))
        return self._plan.next(max(LEAST, min(BATCH, -(-left // (2 * self._processes)))))

    def _hire(self) -> None:
        job = SweepPart(self, self._settings, self._scheduler)
        with self._changing:
            self._jobs.append(job)
        job.subscribe(lambda seen: self.heard(job, seen) if isinstance(seen, State) else None)
        self._scheduler.accept(job)
        with self._changing:
            alone, ended = all(each.state.ended for each in self._jobs), self._state.ended
        if ended:
            job.end()
        elif alone:
            self.end("failed", job.state.message)

    def _retell(self) -> None:
        """With ``_changing`` held: its own state, from those of its processes."""
        states = [job.state for job in self._jobs if not job.state.ended]
        names = [state.name for state in states]
        told: dict[str, Any] = {"name": "starting", "position": 0, "estimate_seconds": None, "message": ""}
        if self._paused:
            told["name"] = "paused"
        elif "running" in names:
            told["name"] = "running"
        elif states and set(names) == {"queued"}:
            first = min(states, key=lambda state: state.position)
            told |= {"name": "queued", "position": first.position, "estimate_seconds": first.estimate_seconds}
        elif states:
            told["message"] = next((state.message for state in states if state.message), "")
        if states and any(getattr(self._state, name) != value for name, value in told.items()):
            self._change(**told)

    def _clock(self, running: bool) -> None:
        """With ``_changing`` held: count the seconds of work."""
        now = time.monotonic()
        if not math.isnan(self._since):
            self._worked += now - self._since
        self._since = now if running and (self._given or self._done) else math.nan

    def _share(self) -> float:
        return len(self._done) / self.grid.total

    def _so_far(self) -> Iterable[Table]:
        return (self.table(),) if self._done else ()


class SweepPart(Job[Table]):
    """One process of a sweep: trains the cells that it is given and asks for more."""

    kind = "sweep"

    def __init__(self, sweep: SweepJob, settings: Settings, scheduler: Scheduling) -> None:
        super().__init__(sweep.user, State("starting"), scheduler)
        self._sweep, self._settings = sweep, settings

    @property
    def work(self) -> Hashable:
        return self._sweep

    @property
    def died(self) -> bool:
        """Whether its process ended without a word."""
        return self._state.name == "failed" and self._state.message == LOST

    def run(self, backend: Backend) -> None:
        super().run(backend)
        self._sweep.left(self)

    def _opening(self) -> bytes:
        seconds = max(1.0, self._settings.sweep_seconds - self._sweep.worked)
        return encode("sweep", grid=self._sweep.grid.to_json(), memory_mib=self._settings.memory_mib, seconds=seconds)

    def _so_far(self) -> Iterable[Table]:
        return ()

    def _lost(self) -> str:
        return LOST

    def _take(self, message: Message) -> None:
        if message.kind == "rows":
            numbers, table = _rows(message.words, self._sweep.grid)
            self._sweep.took(self, numbers, table)
        elif message.kind == "ready":
            self._sweep.wants(self)


def _rows(words: Mapping[str, Any], grid: Grid) -> tuple[list[int], Table]:
    try:
        table, numbers = Table.from_words(words), words.get("numbers")
    except ValueError as error:
        raise BadMessage(str(error)) from None
    if not isinstance(numbers, list) or len(numbers) != len(table) or tuple(table.columns) != grid.columns:
        raise BadMessage("rows came that this sweep does not have.")
    return numbers, table
