"""A sweep as seen from outside its processes: its state, its rows so far, and what each process is at.

``SweepJob`` shares the work out; ``SweepPart`` is one process that does
some of it, and waits for its turn like every other job.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bnviz.messages import BadMessage, Message, encode
from bnviz.service.job import Job, Scheduling
from bnviz.service.owner import owned
from bnviz.service.refinement import plan_for
from bnviz.service.subject import State, Subject
from bnviz.settings import Settings
from bnviz.sweeps import Grid, Map, did_train
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
        super().__init__(scheduler.owner, user, State("starting"))
        self.grid, self._settings, self._processes, self._scheduler = grid, settings, processes, scheduler
        self._plan = plan_for(grid, processes)
        self._columns: dict[str, list[Value]] = {name: [] for name in grid.columns}
        self._done: set[int] = set()
        self._row_of: dict[int, int] = {}
        """The row of every different network that is done, by its first number."""
        self._parts: list[SweepPart] = []
        """Every process that has not left yet."""
        self._given: dict[SweepPart, set[int]] = {}
        self._idle: list[SweepPart] = []
        self._lost_once: set[int] = set()
        self._paused, self._resting = False, set[SweepPart]()
        self._worked, self._since = 0.0, math.nan

    @owned
    def table(self) -> Table:
        """All rows so far, as a copy that does not change while it is read."""
        return Table({name: list(column) for name, column in self._columns.items()}, self._share())

    @property
    @owned
    def progress(self) -> SweepProgress:
        """How far it is."""
        done, left = len(self._done), self.grid.total - len(self._done)
        return SweepProgress(done, self.grid.total, round(left * self.worked / done, 1) if done else None)

    @property
    @owned
    def worked(self) -> float:
        """For how many seconds it has trained so far."""
        return self._worked + (0.0 if math.isnan(self._since) else self.owner.now() - self._since)

    @owned
    def pause(self) -> None:
        """Rest until ``resume``, and give the processes back. What they had under way is trained again."""
        if self._state.ended:
            return
        self._paused = True
        self._clock(running=False)
        self._change(name="paused", position=0, estimate_seconds=None)
        self._resting |= set(self._parts)
        for part in list(self._parts):
            part.end()

    @owned
    def resume(self) -> None:
        """Go on where it rested."""
        resumes, self._paused = self._paused, False
        if resumes and not self._state.ended:
            self._change(name="starting")
            self.begin()

    def cancel(self, grace: float = 0.5) -> None:
        """End it: what was found stays. Processes that do not stop within ``grace`` seconds are killed."""
        self.end("cancelled", grace=grace)

    @owned
    def end(self, name: str, message: str = "", grace: float = 0.5) -> None:
        """Say how it ended, unless it has ended already, and end its processes."""
        self._clock(running=False)
        self._change(name=name, message=message, position=0, estimate_seconds=None)
        for part in list(self._parts):
            part.end(grace)

    @owned
    def begin(self) -> None:
        """Let its processes wait for their turn, as many as may be held. One is enough to go on."""
        while len(self._parts) < self._processes and not self._paused and not self._state.ended:
            part = SweepPart(self, self._settings, self._scheduler)
            self._parts.append(part)
            part.subscribe(partial(self._heard, part))
            self._scheduler.accept(part)
            if part.ended and part in self._parts:  # refused, or cancelled before it had its turn
                self.left(part)
                return

    def left(self, part: SweepPart) -> None:
        """A process is gone for good. What it had not done is given to another: always after a pause, else once."""
        if part not in self._parts:
            return
        self._parts.remove(part)
        undone = self._given.pop(part, set())
        self._idle = [other for other in self._idle if other is not part]
        rested = part in self._resting
        self._resting.discard(part)
        again = part.died and bool(undone) and not undone & self._lost_once
        if again:
            self._lost_once |= undone
        if again or rested:
            self._plan.back(undone)
        if self._state.ended or self._paused:
            return
        if rested or again:
            self.begin()
            self._serve()
        elif undone or not self._parts:
            self.end(part.state.name, part.state.message)

    def took(self, part: SweepPart, numbers: Iterable[int], table: Table) -> None:
        """Rows came. Those of a process that was given up are trained by another."""
        if self._state.ended or part.ended:
            return
        self._given.get(part, set()).difference_update(numbers)
        self._add(numbers, table)
        self._serve()

    def _add(self, numbers: Iterable[int], table: Table) -> None:
        """Take in rows."""
        for row, number in enumerate(numbers, start=len(self._columns["arm"])):
            self._row_of.setdefault(self.grid.twin(number), row)
        for name, column in self._columns.items():
            column += table.columns[name]
        self._done |= set(numbers)
        self._plan.learn(dict(zip(numbers, did_train(self.grid, table), strict=True)))
        self._tell(replace(table, share=self._share()))
        if len(self._done) == self.grid.total:
            self.end("finished")

    def wants(self, part: SweepPart) -> None:
        """A process has nothing to do."""
        self._idle.append(part)
        self._serve()

    def _heard(self, part: SweepPart, state: Table | State) -> None:
        """One of its processes changed its state."""
        if not isinstance(state, State) or part not in self._parts or part in self._resting:
            return
        if state.name in ("finished", "cancelled"):
            self.end(state.name, state.message)
        self._retell()

    def _serve(self) -> None:
        """Give batches to whoever is idle."""
        while self._idle and not self._paused and not self._state.ended:
            batch = self._batch()
            if not batch or self._state.ended:
                return
            part = self._idle.pop(0)
            self._given.setdefault(part, set()).update(batch)
            self._clock(running=True)
            part.send("cells", numbers=batch)

    def _batch(self) -> list[int]:
        """Smaller batches in the end, so that all processes end together."""
        left = self.grid.total - len(self._done) - sum(map(len, self._given.values()))
        while numbers := self._plan.next(max(LEAST, min(BATCH, -(-left // (2 * self._processes))))):
            known = [number for number in numbers if self.grid.twin(number) in self._row_of]
            if known:
                self._add(known, self._copied(known))
            if len(known) < len(numbers):
                return [number for number in numbers if number not in self._done]
        return []

    def _copied(self, numbers: Iterable[int]) -> Table:
        """The rows of networks that others of the same choices have answered, in their own places."""
        grid = self.grid
        rows = [self._row_of[grid.twin(number)] for number in numbers]
        columns = {name: [column[row] for row in rows] for name, column in self._columns.items()}
        if isinstance(grid, Map):
            places = zip(*(grid.place(number) for number in numbers), strict=True)
            columns |= dict(zip(("column", "row", "level"), map(list, places), strict=True))
        return Table(columns)

    def _retell(self) -> None:
        """Its own state, from those of its processes."""
        states = [part.state for part in self._parts if not part.state.ended]
        names = [state.name for state in states]
        told: dict[str, Any] = {"name": "starting", "position": 0, "estimate_seconds": None, "message": ""}
        if "running" in names:
            told["name"] = "running"
        elif states and set(names) == {"queued"}:
            first = min(states, key=lambda state: state.position)
            told |= {"name": "queued", "position": first.position, "estimate_seconds": first.estimate_seconds}
        elif states:
            told["message"] = next((state.message for state in states if state.message), "")
        if states:
            self._change(**told)

    def _clock(self, running: bool) -> None:
        """Count the seconds of work."""
        now = self.owner.now()
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

    def _leave(self) -> None:
        super()._leave()
        self._sweep.left(self)

    @property
    def datasets(self) -> Iterable[str]:
        return self._sweep.grid.datasets

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
